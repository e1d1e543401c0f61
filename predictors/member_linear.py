"""A linear map for each member of an ensemble, all in one product."""

from __future__ import annotations

import torch
from torch import Tensor, nn

__all__ = ["MemberLinear"]


class MemberLinear(nn.Module):
    """A linear map for each of ``m`` ensemble members: ``(m, n, i) → (m, n, o)``.

    Args:
        members: ``m``.
        inputs: ``i``.
        outputs: ``o``.
        generator: Draws the initial weights, uniform within ``1/√i`` as PyTorch's own linear layer does.
    """

    def __init__(self, members: int, inputs: int, outputs: int, *, generator: torch.Generator) -> None:
        super().__init__()
        bound = inputs**-0.5
        draw = torch.rand(members, inputs + 1, outputs, generator=generator) * 2 * bound - bound
        self.weight = nn.Parameter(draw[:, :-1].clone())
        self.bias = nn.Parameter(draw[:, -1:].clone())

    def forward(self, x: Tensor) -> Tensor:
        """Map ``(m, n, i)`` to ``(m, n, o)``, with any number of dimensions in place of ``n``."""
        flat = torch.baddbmm(self.bias, x.reshape(len(x), -1, x.shape[-1]), self.weight)
        return flat.reshape(*x.shape[:-1], -1)
