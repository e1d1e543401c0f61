"""Information that flows along a graph's edges through gates that the nodes' operations set."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .dense_steps import taken
from .member_linear import MemberLinear

__all__ = ["DenseGatedFlow"]


class DenseGatedFlow(nn.Module):
    """One step of a gated flow, as data flow through an architecture (``ning2020``; ``akhauri2024``, equation 1):

    ``h_v ← σ(o_v U + c) ⊙ (Σ_{u → v} h_u W) + h_v W + b``, where ``o_v`` embeds the operation of ``v``, which opens and
    shuts the gate ``σ(·)`` on what comes in.

    Args:
        members: ``m`` ensemble members.
        operations: Width of ``o``.
        inputs: Width of ``h``.
        hidden: Width of the result.
        generator: Draws the initial weights.
    """

    def __init__(self, members: int, operations: int, inputs: int, hidden: int, *, generator: torch.Generator) -> None:
        super().__init__()
        self.gate = MemberLinear(members, operations, hidden, generator=generator)
        self.linear = MemberLinear(members, inputs, hidden, generator=generator)

    def forward(self, h: Tensor, operations: Tensor, adjacency: Tensor) -> Tensor:
        """Map ``(m, n, v, i)`` and ``(m, n, v, e)`` to ``(m, n, v, o)`` along ``(n, v, v)`` edges ``[b, from, to]``."""
        m, n, v, _ = h.shape
        sent = (h.reshape(m, n * v, -1) @ self.linear.weight).reshape(m, n, v, -1)
        gate = torch.sigmoid(self.gate(operations))
        return torch.addcmul(sent + self.linear.bias[:, None], gate, taken(sent, adjacency))
