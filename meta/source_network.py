"""A network for all source tasks, which takes the noise out of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ..encoders.named_arrays import nested, part
from ..encoders.row_memo import RowMemo
from ..encoders.threads import one_thread
from ..encoders.weights import restore_network
from ..predictors.ensemble_network import EnsembleNetwork
from ..spaces import Architectures, SearchSpace
from .chunks import in_chunks
from .normalised_mlp import NormalisedMLP
from .sources import Sources
from .training import Rows, Training, train_on_sources

__all__ = ["SCALE", "SourceNetwork"]

SCALE = 2048  # source architectures that tell the scale of predictions and hidden units


class SourceNetwork(ABC):
    """A shared network with one head a source task (multi-task learning, ``caruana1997``).

    It learns each task's normal scores, where there are any, by squared error. What it gives for an architecture is
    its ``t`` predictions and its hidden units, each brought to mean 0 and standard deviation 1 over the sources'
    architectures. A subclass writes what the network is and what it reads.

    Args:
        members: Networks trained side by side, whose predictions are averaged and whose hidden units are joined.
        hidden: Hidden units of each.
        training: In which steps.
    """

    def __init__(self, *, members: int, hidden: int, training: Training) -> None:
        self.members = members
        self.hidden = hidden
        self.training = training

    @abstractmethod
    def _new_network(self, space: SearchSpace, tasks: int) -> EnsembleNetwork | NormalisedMLP:
        """Not trained."""

    @abstractmethod
    def _inputs(self, architectures: Architectures) -> Rows:
        """What the network reads."""

    @one_thread
    def fit(self, sources: Sources) -> Self:
        """Train on all sources at once."""
        self._build(sources.architectures.space, sources.scores.shape[1])
        train_on_sources(self._network, self._inputs(sources.architectures), sources, self.training)
        self._learn_scale(sources.architectures)
        return self

    def _build(self, space: SearchSpace, tasks: int) -> None:
        self._tasks = tasks
        self._network = self._new_network(space, tasks)
        self._memo = RowMemo(tasks + self.members * self.hidden)

    def _learn_scale(self, architectures: Architectures) -> None:
        chosen = np.random.default_rng(0).permutation(len(architectures))[:SCALE]
        out = self._memo.rows(architectures[chosen], self._rows).astype(np.float64)
        self._mean, self._std = out.mean(axis=0), out.std(axis=0)
        self._std[self._std < 1e-6] = np.inf  # units that are always off say nothing

    def transform(self, architectures: Architectures) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Predictions ``(n, t)`` and hidden units ``(n, members · hidden)``, standardised."""
        out = self._memo.rows(architectures.canonical(), self._rows)
        scaled = (out.astype(np.float64) - self._mean) / self._std
        return scaled[:, : self._tasks], scaled[:, self._tasks :]

    @one_thread
    @torch.no_grad()
    def _rows(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        return in_chunks(lambda some: self._forward(self._inputs(some)).numpy(), architectures)

    def _forward(self, inputs: Any) -> Tensor:
        embedding = self._network.embedding(inputs)  # (m, n, h)
        return torch.cat([self._network.head(embedding).mean(dim=0), *embedding], dim=1)

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """Weights and scales."""
        weights = {name: tensor.numpy() for name, tensor in self._network.state_dict().items()}
        return nested("network", weights) | {"mean": self._mean, "std": self._std}

    def restore(self, arrays: dict[str, npt.NDArray[Any]], space: SearchSpace, tasks: int) -> Self:
        """Take up what `state` gave."""
        self._build(space, tasks)
        restore_network(self._network, part("network", arrays))
        self._mean, self._std = arrays["mean"], arrays["std"]
        return self
