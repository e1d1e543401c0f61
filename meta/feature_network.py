"""A small network on encoded architectures."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from ..encoders.groups import FeatureGroups
from ..predictors.member_linear import MemberLinear
from ..spaces import Architectures, InputError

__all__ = ["FeatureNetwork", "feature_tensor"]


class FeatureNetwork(nn.Module):
    """Layers of ``tanh``, then a linear one, in float64: ``(n, i) → (n, o)``.

    Args:
        inputs: ``i``.
        hidden: Width of the layers of ``tanh``.
        layers: How many of them.
        outputs: ``o``.
        seed: Of the initial weights.

    Raises:
        InputError: A width is less than 1, or the number of layers is negative.

    >>> network = FeatureNetwork(inputs=4, hidden=8, layers=2, outputs=3, seed=0)
    >>> network(torch.zeros(5, 4, dtype=torch.float64)).shape
    torch.Size([5, 3])
    """

    def __init__(self, *, inputs: int, hidden: int, layers: int, outputs: int, seed: int) -> None:
        super().__init__()
        if hidden < 1 or layers < 0:
            raise InputError(f"A network has a hidden width of at least 1; got hidden={hidden!r}, layers={layers!r}.")
        generator = torch.Generator().manual_seed(seed)
        widths = [inputs] + [hidden] * layers + [outputs]
        self.layers = nn.ModuleList(
            MemberLinear(1, before, after, generator=generator) for before, after in pairwise(widths)
        )
        self.double()

    def forward(self, x: Tensor) -> Tensor:
        """Map ``(n, i)`` to ``(n, o)``."""
        h = x[None]
        for layer in self.layers[:-1]:
            h = torch.tanh(layer(h))
        out: Tensor = self.layers[-1](h)[0]
        return out


def feature_tensor(features: FeatureGroups, architectures: Architectures) -> Tensor:
    """``(n, i)`` float64: all groups side by side, each column with standard deviation 1 over the space."""
    groups = features.transform(architectures)
    return torch.cat([torch.from_numpy(group * group.shape[1] ** 0.5) for group in groups], dim=1)
