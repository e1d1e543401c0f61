"""A small network on encoded architectures."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy.typing as npt
import torch
from torch import Tensor, nn

from ..encoders.groups import FeatureGroups
from ..encoders.named_arrays import nested, part
from ..encoders.threads import one_thread
from ..encoders.weights import restore_network
from ..predictors.member_linear import MemberLinear
from ..spaces import Architectures, InputError, SearchSpace
from .encodings import ENCODERS

__all__ = ["EncodedNetwork", "FeatureNetwork"]


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
        if hidden < 1 or outputs < 1 or layers < 0:
            raise InputError(
                "A network has widths of at least 1 and no negative number of layers; "
                f"got hidden={hidden!r}, features={outputs!r}, layers={layers!r}."
            )
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


class EncodedNetwork:
    """The same for the architectures of a space, on their graph features and genotypes.

    Args:
        space: Theirs.
        hidden: Width of the layers of ``tanh``.
        layers: How many of them.
        outputs: How many numbers an architecture gets.
        seed: Of the initial weights.

    Raises:
        InputError: A width is less than 1, or the number of layers is negative.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"first": ("a", "b"), "second": ("a", "b")})
    >>> EncodedNetwork(space, hidden=8, layers=2, outputs=3, seed=0)(space.enumerate()).shape
    torch.Size([4, 3])
    """

    def __init__(self, space: SearchSpace, *, hidden: int, layers: int, outputs: int, seed: int) -> None:
        self.features = FeatureGroups(ENCODERS).fit(space)
        nothing = space.from_genotypes([])
        inputs = self.inputs(nothing).shape[1]
        self.network = FeatureNetwork(inputs=inputs, hidden=hidden, layers=layers, outputs=outputs, seed=seed)

    def inputs(self, architectures: Architectures) -> Tensor:
        """``(n, i)`` float64."""
        return torch.from_numpy(self.features.joined(architectures)).contiguous()

    @one_thread
    @torch.no_grad()
    def __call__(self, architectures: Architectures) -> Tensor:
        """``(n, o)``, without gradients."""
        out: Tensor = self.network(self.inputs(architectures))
        return out

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """The weights."""
        return nested("network", {name: tensor.numpy() for name, tensor in self.network.state_dict().items()})

    def restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        """Take up what `state` gave."""
        restore_network(self.network, part("network", arrays))
