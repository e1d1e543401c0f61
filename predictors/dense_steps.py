"""Steps that layers on padded graphs share, written for many small graphs."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

__all__ = ["attention", "normalised", "taken", "taken_both"]


def taken(h: Tensor, adjacency: Tensor) -> Tensor:
    """``(m, n, v, i)`` → ``(m, n, w, i)``: for each node the sum ``Σ_{u → v} h_u`` along ``(n, v, w)`` edges
    ``[b, from, to]``, which may lead to some of the nodes only.

    All members of a graph go through one product, which is twice as fast as one product a member.

    >>> h, chain = torch.tensor([[[[1.0], [2.0]]]]), torch.tensor([[[0.0, 1], [0, 0]]])
    >>> taken(h, chain)[0, 0, :, 0].tolist()
    [0.0, 1.0]
    """
    m, n, v, i = h.shape
    wide = h.permute(1, 2, 0, 3).reshape(n, v, m * i)
    return (adjacency.transpose(1, 2) @ wide).reshape(n, -1, m, i).permute(2, 0, 1, 3)


def taken_both(h: Tensor, adjacency: Tensor) -> tuple[Tensor, Tensor]:
    """What `taken` gives along the edges and against them, each with the node's own state added.

    >>> h, chain = torch.tensor([[[[1.0], [2.0]]]]), torch.tensor([[[0.0, 1], [0, 0]]])
    >>> [sums[0, 0, :, 0].tolist() for sums in taken_both(h, chain)]
    [[1.0, 3.0], [3.0, 2.0]]
    """
    m, n, v, i = h.shape
    wide = h.permute(1, 2, 0, 3).reshape(n, v, m * i)
    looped = adjacency + torch.eye(v)
    ahead, back = (
        torch.bmm(edges, wide).reshape(n, v, m, i).permute(2, 0, 1, 3) for edges in (looped.transpose(1, 2), looped)
    )
    return ahead, back


def normalised(h: Tensor) -> Tensor:
    """Layer normalisation over the last dimension: what PyTorch's own gives, faster where that is short.

    >>> h = torch.rand(3, 8)
    >>> torch.allclose(normalised(h), torch.nn.functional.layer_norm(h, (8,)), atol=1e-6)
    True
    """
    normal: Tensor = _Normalise.apply(h)[0]  # type: ignore[no-untyped-call]
    return normal


class _Normalise(torch.autograd.Function):
    """`normalised` and the scale that it multiplies by, with their gradient in few passes over the states.

    As the scale is an output too, second derivatives are right.
    """

    @staticmethod
    def forward(ctx: Any, h: Tensor) -> tuple[Tensor, Tensor]:
        centred = h - h.mean(dim=-1, keepdim=True)
        scale = torch.linalg.vecdot(centred, centred).div_(h.shape[-1]).add_(1e-5).rsqrt_()[..., None]
        normal = centred.mul_(scale)
        ctx.save_for_backward(normal, scale)
        ctx.set_materialize_grads(False)
        return normal, scale

    @staticmethod
    def backward(ctx: Any, gradient: Tensor | None, of_scale: Tensor | None) -> Tensor:
        normal, scale = ctx.saved_tensors
        if gradient is None:
            gradient = torch.zeros_like(normal)
        along = -(gradient * normal).mean(dim=-1, keepdim=True)
        if of_scale is not None:  # in second derivatives alone
            along = along - of_scale * scale / normal.shape[-1]
        return torch.addcmul(gradient - gradient.mean(dim=-1, keepdim=True), normal, along).mul_(scale)


def attention(scores: Tensor) -> Tensor:
    """``(m, n, k, v, v)`` → the same: softmax over the last dimension.

    PyTorch is slow where that is as short as a graph, so the nodes that are summed over come before the others here.

    >>> scores = torch.rand(2, 3, 4, 5, 5)
    >>> torch.allclose(attention(scores), torch.softmax(scores, dim=-1), atol=1e-6)
    True
    """
    turned = scores.permute(0, 1, 4, 2, 3).contiguous()  # (m, n, from, k, to)
    return torch.softmax(turned, dim=2).permute(0, 1, 3, 4, 2)
