"""What is known of the source tasks: their values everywhere, without noise, and what they have in common."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures, InputError
from .source_gps import SourceGPs
from .source_network import SCALE, SourceNetwork
from .sources import Sources

__all__ = ["SourceModel"]


class SourceModel:
    """A network that all sources share and a Gaussian process for each, their predictions averaged; or one of the two.

    The network learns from many evaluations what no process can hold, and a process is better with few: it has half
    the say about a source of which it has seen everything, and less as it has seen less.

    Args:
        network: The network, not trained; None for the processes alone.
        gps: The processes, not fitted; None for the network alone.
    """

    def __init__(self, *, network: SourceNetwork | None, gps: SourceGPs | None) -> None:
        if network is None and gps is None:
            raise InputError("A model of the sources has a network or Gaussian processes, or both; got neither.")
        self.network = network
        self.gps = gps

    def fit(self, sources: Sources) -> Self:
        """Learn from all sources."""
        if self.network is not None:
            self.network.fit(sources)
        if self.gps is not None:
            self.gps.fit(sources)
        return self._learn_scale(sources)

    def _learn_scale(self, sources: Sources) -> Self:
        architectures = sources.architectures
        some = architectures[np.random.default_rng(0).permutation(len(architectures))[:SCALE]]
        self._share = np.zeros(sources.scores.shape[1])
        if self.gps is not None:
            self._share = np.ones_like(self._share) if self.network is None else 0.5 * self.gps.share
            own = self.gps.transform(some)
            self._mean, self._std = own.mean(axis=0), own.std(axis=0)
            self._std[self._std < 1e-6] = np.inf  # a process that found nothing says nothing
        self._columns = np.arange(len(self._share))
        self._usual = self.transform(some)[0]
        return self._learn_agreement()

    def _learn_agreement(self) -> Self:
        self._agreement = float(self._usual[:, self._columns].mean(axis=1).std()) or 1.0
        return self

    def only(self, kept: Sequence[int]) -> Self:
        """Those sources alone, by their columns; the network is the same, and so are its hidden units."""
        few = copy(self)
        few._columns = self._columns[list(kept)]
        return few._learn_agreement()

    def transform(self, architectures: Architectures) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Predicted values of each source, ``(n, t)``, and the network's hidden units, about standardised."""
        n = len(architectures)
        predictions, hidden = np.zeros((n, len(self._share))), np.zeros((n, 0))
        if self.network is not None:
            predictions, hidden = self.network.transform(architectures)
        if self.gps is not None:
            own = (self.gps.transform(architectures) - self._mean) / self._std
            predictions = (1 - self._share) * predictions + self._share * own
        return predictions[:, self._columns], hidden

    def consensus(self, predictions: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """``(n,)``: the mean of the sources' predictions, brought to standard deviation 1."""
        scaled: npt.NDArray[np.float64] = predictions.mean(axis=1) / self._agreement
        return scaled

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """The network's weights and the processes' hyper-parameters."""
        of_network = {} if self.network is None else self.network.state()
        return of_network | ({} if self.gps is None else self.gps.state())

    def restore(self, arrays: dict[str, npt.NDArray[Any]], sources: Sources) -> Self:
        """Take up what `state` gave."""
        if self.network is not None:
            self.network.restore(arrays, sources.architectures.space, sources.scores.shape[1])
        if self.gps is not None:
            self.gps.restore(arrays, sources)
        return self._learn_scale(sources)
