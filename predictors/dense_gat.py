"""The graph attention layer on padded tensors."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .dense_steps import attention
from .member_linear import MemberLinear

__all__ = ["DenseGAT"]

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
        weight, bias = self.linear.weight, self.linear.bias
        values = (h.reshape(m, n * v, -1) @ weight).reshape(m, n, v, self.heads, -1).transpose(2, 3)  # (m, n, k, v, c)
        sends = values @ self.source[:, None, :, :, None]  # (m, n, k, v, 1)
        takes = values @ self.target[:, None, :, :, None]
        scores = nn.functional.leaky_relu(takes + sends.transpose(3, 4), SLOPE)  # [..., to, from]
        edges = adjacency.transpose(1, 2) + torch.eye(v)  # (n, v, v)
        weights = attention(scores.masked_fill(edges[:, None] == 0, -torch.inf))
        mixed = (weights @ values).transpose(2, 3).reshape(m, n, v, -1)
        return mixed + bias[:, None]
