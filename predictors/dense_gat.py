"""The graph attention layer on padded tensors."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .member_linear import MemberLinear

__all__ = ["SLOPE", "DenseGAT"]

SLOPE = 0.2  # of the leaky rectifier below zero, as in the paper


class DenseGAT(nn.Module):
    """The graph attention layer (``velickovic2018``, equations 3 and 5), without the final non-linearity:

    ``h_v ← b + ‖_k Σ_{u → v or u = v} α^k_uv W^k h_u``, where ``α^k_uv`` is the softmax over ``u`` of
    ``LeakyReLU(a^k · W^k h_u + c^k · W^k h_v)``; ``‖`` puts the heads ``k`` side by side.

    Args:
        members: ``m`` ensemble members.
        inputs: Width of ``h``.
        hidden: Width of the result, all heads together.
        heads: How many heads; they divide ``hidden``.
        generator: Draws the initial weights.
    """

    def __init__(self, members: int, inputs: int, hidden: int, *, heads: int, generator: torch.Generator) -> None:
        super().__init__()
        self.linear = MemberLinear(members, inputs, hidden, generator=generator)
        bound = (hidden // heads) ** -0.5
        draw = torch.rand(2, members, heads, hidden // heads, generator=generator) * 2 * bound - bound
        self.source = nn.Parameter(draw[0].clone())  # a
        self.target = nn.Parameter(draw[1].clone())  # c
        self.heads = heads

    def forward(self, h: Tensor, adjacency: Tensor) -> Tensor:
        """Map ``(m, n, v, i)`` to ``(m, n, v, o)`` along ``(n, v, v)`` edges ``[b, from, to]``."""
        m, n, v, _ = h.shape
        heads = self.heads
        values, sends, takes = self.products(h.reshape(m, n * v, -1))
        scores = sends.reshape(m, n, v, heads, 1) + takes.reshape(m, n, 1, v, heads).transpose(
            3, 4
        )  # [..., from, k, to]
        closed = torch.where(adjacency + torch.eye(v) == 0, -torch.inf, 0.0)[:, :, None]  # (n, from, 1, to)
        weights = torch.softmax(nn.functional.leaky_relu(scores, SLOPE) + closed, dim=2).permute(0, 1, 3, 4, 2)
        mixed = weights @ values.reshape(m, n, v, heads, -1).transpose(2, 3)  # (m, n, k, v, c)
        new: Tensor = mixed.transpose(2, 3).reshape(m, n, v, -1) + self.linear.bias[:, None]
        return new

    def products(self, h: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """``(m, r, i)`` → ``W h``, ``a · W h`` and ``c · W h`` of all heads: ``(m, r, o)`` and twice ``(m, r, k)``."""
        weight, heads = self.linear.weight, self.heads
        per_head = weight.reshape(*weight.shape[:2], heads, -1)  # (m, i, k, c)
        vectors = torch.stack([self.source, self.target], dim=1)  # (m, 2, k, c): (h W) a = h (W a), in the same product
        wider = torch.cat([weight, torch.einsum("mikc,mdkc->midk", per_head, vectors).flatten(2)], dim=2)
        values, sends, takes = torch.split_with_sizes(h @ wider, [weight.shape[2], heads, heads], dim=2)
        return values, sends, takes
