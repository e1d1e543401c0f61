"""A layer of `GraphNetwork` on equal nodes, with its gradient in few passes over the states."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from .equal_nodes import Round
from .equal_steps import narrow, wide

__all__ = ["isomorphism"]

aten = torch.ops.aten


def isomorphism(h: Tensor, kinds: Round, ahead: tuple[Tensor, ...], back: tuple[Tensor, ...]) -> Tensor:
    """``(m, r, c)`` → ``(m, b, c)``: ``LayerNorm(h + MLP(Σ ahead) + MLP'(Σ back))``, whose networks have two layers.

    The first layer's product comes before the sum, as there are fewer kinds of nodes before than after.

    Args:
        h: The states before.
        kinds: What each kind of nodes was, and whose states it takes.
        ahead: Weight, bias, weight and bias of the network for what leads to a node.
        back: Of that for what it leads to.
    """
    states: Tensor = _Isomorphism.apply(h, kinds, *ahead, *back)  # type: ignore[no-untyped-call]
    return states


class _Isomorphism(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, h: Tensor, kinds: Round, *weights: Tensor) -> Tensor:
        (m, r, c), b = h.shape, len(kinds.own)
        first = torch.cat([weights[0], weights[4]], dim=2)
        products = torch.bmm(h, first).view(m, r, 2, -1).permute(1, 2, 0, 3).reshape(2 * r, -1)
        inner = kinds.taken.sums(products).view(b, 2, m, -1)
        inner.add_(torch.stack([weights[1], weights[5]])[:, :, 0]).relu_()
        ahead, back = inner.transpose(0, 2).transpose(0, 1)  # (m, b, c) each
        sums = torch.baddbmm(weights[3] + weights[7], ahead, weights[2]).baddbmm_(back, weights[6])
        sums.add_(h.index_select(1, kinds.own.rows))
        mean = sums.mean(dim=-1, keepdim=True)
        new = sums - mean
        scale = torch.linalg.vecdot(new, new).div_(c).add_(1e-5).rsqrt_()[..., None]
        ctx.kinds = kinds
        ctx.save_for_backward(h, first, inner, sums, mean, scale, weights[2], weights[6])
        return new.mul_(scale)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        h, first, inner, sums, mean, scale, *seconds = ctx.saved_tensors
        kinds: Round = ctx.kinds
        b, _, m, width = inner.shape
        gradient = aten.native_layer_norm_backward(
            gradient.contiguous(), sums, sums.shape[-1:], mean, scale, None, None, (True, False, False)
        )[0]
        of_inner = torch.bmm(gradient, torch.cat(seconds, dim=1).transpose(1, 2)).view(m, b, 2, width)
        of_inner = aten.threshold_backward(of_inner.permute(1, 2, 0, 3).contiguous(), inner, 0)
        of_seconds = [torch.bmm(each.permute(1, 2, 0), gradient) for each in inner.unbind(1)]
        of_products = kinds.taken.turned.sums(of_inner.view(2 * b, -1)).view(-1, 2, m, width)
        of_products = of_products.permute(2, 0, 1, 3).reshape(m, -1, 2 * width)
        of_h = torch.bmm(of_products, first.transpose(1, 2))
        of_h.add_(narrow(kinds.own.turned.sums(wide(gradient)), m))
        of_firsts = torch.bmm(h.transpose(1, 2), of_products).chunk(2, dim=2)
        of_biases = of_inner.sum(dim=0)[:, :, None]
        of_last = gradient.sum(dim=1, keepdim=True)
        of_weights = zip(of_firsts, of_biases, of_seconds, (of_last, of_last), strict=True)
        return of_h, None, *(of_weight for direction in of_weights for of_weight in direction)
