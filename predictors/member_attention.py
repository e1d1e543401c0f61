"""Attention among all nodes of a graph, with a bias for each pair."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .dense_steps import attention
from .member_linear import MemberLinear

__all__ = ["MemberAttention"]


class MemberAttention(nn.Module):
    """Multi-head scaled dot-product attention (``vaswani2017``, equation 1) with biases (``ying2021``, equation 6):

    ``h ← ‖_k softmax(Q_k K_kᵀ / √c + B_k) V_k W + b``, with ``Q``, ``K`` and ``V`` linear in ``h``, and ``c`` the width
    of a head; ``‖`` puts the heads ``k`` side by side.

    Args:
        members: ``m`` ensemble members.
        hidden: Width of ``h``.
        heads: How many heads; they divide ``hidden``.
        generator: Draws the initial weights.
    """

    def __init__(self, members: int, hidden: int, *, heads: int, generator: torch.Generator) -> None:
        super().__init__()
        self.inward = MemberLinear(members, hidden, 3 * hidden, generator=generator)
        self.outward = MemberLinear(members, hidden, hidden, generator=generator)
        self.heads = heads

    def forward(self, h: Tensor, bias: Tensor) -> Tensor:
        """Map ``(m, n, v, i)`` to the same; ``bias`` is ``(m, n, heads, v, v)``, ``[..., to, from]``, −∞ at padding."""
        m, n, v, _ = h.shape
        split = self.inward(h).reshape(m, n, v, 3, self.heads, -1).permute(3, 0, 1, 4, 2, 5)  # (3, m, n, k, v, c)
        query, key, value = split.unbind(0)
        scores = query @ key.transpose(3, 4) * query.shape[-1] ** -0.5 + bias
        mixed = (attention(scores) @ value).transpose(2, 3).reshape(m, n, v, -1)
        new: Tensor = self.outward(mixed)
        return new
