"""Perceptrons with normalised layers, several ensemble members in one pass."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..predictors.dense_steps import normalised
from ..predictors.member_linear import MemberLinear

__all__ = ["NormalisedMLP"]


class NormalisedMLP(nn.Module):
    """``m`` perceptrons of two hidden layers side by side, each layer normalised, with linear heads.

    Args:
        members: ``m``.
        inputs: ``i`` features.
        hidden: Width of the hidden layers.
        outputs: How many values are predicted.
        seed: Of the initial weights.

    >>> network = NormalisedMLP(members=2, inputs=4, hidden=8, outputs=3, seed=0)
    >>> network(torch.zeros(5, 4)).shape
    torch.Size([2, 5, 3])
    """

    def __init__(self, *, members: int, inputs: int, hidden: int, outputs: int, seed: int) -> None:
        super().__init__()
        self.members = members
        generator = torch.Generator().manual_seed(seed)
        self.first = MemberLinear(members, inputs, hidden, generator=generator)
        self.second = MemberLinear(members, hidden, hidden, generator=generator)
        self.head = MemberLinear(members, hidden, outputs, generator=generator)

    def embedding(self, features: Tensor) -> Tensor:
        """``(n, i)`` → ``(m, n, hidden)``: what the heads see."""
        h = torch.relu(normalised(self.first(features.expand(self.members, -1, -1))))
        return torch.relu(normalised(self.second(h)))

    def forward(self, features: Tensor) -> Tensor:
        """``(n, i)`` → ``(m, n, outputs)``."""
        values: Tensor = self.head(self.embedding(features))
        return values
