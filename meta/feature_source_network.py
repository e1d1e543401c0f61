"""A network on graph features and genotypes for all source tasks."""

from __future__ import annotations

import torch
from torch import Tensor

from ..encoders.groups import FeatureGroups
from ..spaces import Architectures, SearchSpace
from .encodings import ENCODERS
from .normalised_mlp import NormalisedMLP
from .source_network import SourceNetwork

__all__ = ["FeatureSourceNetwork"]


class FeatureSourceNetwork(SourceNetwork):
    """A `SourceNetwork` on the architectures' graph features and genotypes.

    From many evaluations it learns what sources have measured more accurately than a graph network does in the same
    time, and errs elsewhere, so that the two together are better than either.
    """

    def _new_network(self, space: SearchSpace, tasks: int) -> NormalisedMLP:
        self._features = FeatureGroups(ENCODERS).fit(space)
        nothing = space.from_genotypes([])
        inputs = self._inputs(nothing).shape[1]
        return NormalisedMLP(
            members=self.members, inputs=inputs, hidden=self.hidden, outputs=tasks, seed=self.training.seed
        )

    def _inputs(self, architectures: Architectures) -> Tensor:
        """``(n, i)`` float32."""
        return torch.from_numpy(self._features.joined(architectures)).contiguous().float()
