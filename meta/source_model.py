"""What is known of the source tasks: their values everywhere, without noise, and what they have in common."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from ..encoders.named_arrays import nested, part
from ..spaces import Architectures, InputError
from .source_gps import SourceGPs
from .source_network import SCALE, SourceNetwork
from .sources import Sources

__all__ = ["SourceModel"]

Array = npt.NDArray[np.float64]


class SourceModel:
    """Networks that all sources share and a Gaussian process for each, their predictions averaged; or one of the two.

    Networks learn from many evaluations what no process can hold, and a process is better with few: it has half
    the say about a source of which it has seen everything, and less as it has seen less.

    Args:
        networks: Networks, not trained; their predictions count the same.
        gps: The processes, not fitted; None for the networks alone.

    Attributes:
        sample: Architectures of the sources, 2,048 at most, that tell what spread is usual.
    """

    sample: Architectures

    def __init__(self, *, networks: Sequence[SourceNetwork] = (), gps: SourceGPs | None) -> None:
        if not networks and gps is None:
            raise InputError("A model of the sources has networks or Gaussian processes, or both; got neither.")
        self.networks = tuple(networks)
        self.gps = gps

    def fit(self, sources: Sources) -> Self:
        """Learn from all sources."""
        for network in self.networks:
            network.fit(sources)
        if self.gps is not None:
            self.gps.fit(sources)
        return self._learn_scale(sources)

    def _learn_scale(self, sources: Sources) -> Self:
        architectures = sources.architectures
        self._names = sources.names
        self._spread = np.ones(sources.scores.shape[1])
        some = architectures[np.random.default_rng(0).permutation(len(architectures))[:SCALE]]
        self._share = np.zeros_like(self._spread)
        if len(self.networks) > 1:  # one is standardised already
            spread = self._by_networks(some)[0].std(axis=0)
            self._spread = np.where(spread > 1e-6, spread, 1.0)  # networks differ, and their mean varies less
        if self.gps is not None:
            self._share = np.ones_like(self._share) if not self.networks else 0.5 * self.gps.share
            own = self.gps.transform(some)
            self._mean, self._std = own.mean(axis=0), own.std(axis=0)
            self._std[self._std < 1e-6] = np.inf  # a process that found nothing says nothing
        self._columns = np.arange(len(self._share))
        self.sample = some
        self._usual = self.transform(some)[0]
        return self._learn_agreement()

    def _learn_agreement(self) -> Self:
        self._agreement = float(self._usual[:, self._columns].mean(axis=1).std()) or 1.0
        return self

    def beside(self, networks: int, gps: SourceGPs | None, sources: Sources) -> SourceModel:
        """The first of these networks with other processes, which have learned from the same sources."""
        other = SourceModel(networks=self.networks[:networks], gps=gps)
        return other._learn_scale(sources)

    def only(self, kept: Sequence[int]) -> Self:
        """Those sources alone, by their columns; the networks are the same, and so are their hidden units."""
        few = copy(self)
        few._columns = self._columns[list(kept)]
        return few._learn_agreement()

    def transform(self, architectures: Architectures) -> tuple[Array, list[Array]]:
        """Predicted values of each source, ``(n, t)``, and each network's hidden units, all about standardised."""
        predictions, hidden = self._by_networks(architectures)
        if self.gps is not None:
            own = (self.gps.transform(architectures) - self._mean) / self._std
            predictions = (1 - self._share) * predictions + self._share * own
        return predictions[:, self._columns], hidden

    def _by_networks(self, architectures: Architectures) -> tuple[Array, list[Array]]:
        """The networks' mean prediction of each source, brought to standard deviation 1, and their hidden units."""
        if not self.networks:
            return np.zeros((len(architectures), len(self._spread))), []
        predictions, hidden = zip(*(network.transform(architectures) for network in self.networks), strict=True)
        return np.mean(predictions, axis=0) / self._spread, list(hidden)

    @property
    def names(self) -> list[str]:
        """The sources' names."""
        return [self._names[i] for i in self._columns]

    def consensus(self, predictions: Array) -> Array:
        """``(n,)``: the mean of the sources' predictions, brought to standard deviation 1."""
        scaled: Array = predictions.mean(axis=1) / self._agreement
        return scaled

    def consensus_summands(self, predictions: Array) -> Array:
        """``(n, t)``: what each source adds to the consensus."""
        parts: Array = predictions / (predictions.shape[1] * self._agreement)
        return parts

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """The networks' weights and the processes' hyper-parameters."""
        arrays = {} if self.gps is None else self.gps.state()
        for place, network in enumerate(self.networks):
            arrays |= nested(f"network{place}", network.state())
        return arrays

    def restore(self, arrays: dict[str, npt.NDArray[Any]], sources: Sources) -> Self:
        """Take up what `state` gave."""
        for place, network in enumerate(self.networks):
            network.restore(part(f"network{place}", arrays), sources.architectures.space, sources.scores.shape[1])
        if self.gps is not None:
            self.gps.restore(arrays, sources)
        return self._learn_scale(sources)
