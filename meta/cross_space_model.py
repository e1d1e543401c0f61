"""What sources of several spaces say of the architectures of any space, and how far they may be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

from ..encoders.named_arrays import nested, part
from ..spaces import Architectures, SearchSpace
from .common_gps import CommonGPs
from .source_gps import SourceGPs
from .sources import Sources

__all__ = ["CrossSpaceModel", "Opinions", "Trust"]

Array = npt.NDArray[np.float64]

SCALE = 512  # architectures that tell the scale of predictions, and of a source those that tell the trust
FEWEST = 10  # evaluations of a source that can tell of trust
UNTESTED_OWN = 0.5
UNTESTED_FOREIGN = 0.3


@dataclass(frozen=True)
class Trust:
    """By how much a task's normal scores rise where a consensus of others rises by its standard deviation.

    Attributes:
        own: The consensus of the sources in the task's space.
        beside: That of the sources in other spaces, where there is one of its own space.
        foreign: That of the sources in other spaces, where there is none.
    """

    own: float
    beside: float
    foreign: float


class Opinions:
    """What sources say of the architectures of one space: by processes of that space, and by common features.

    Args:
        space: The space.
        own: The processes of sources of that space; None if there are none.
        foreign: Those of each other space, asked about this one.
        trust: In them.
    """

    def __init__(self, space: SearchSpace, own: SourceGPs | None, foreign: list[CommonGPs], trust: Trust) -> None:
        self._parts: tuple[list[SourceGPs], list[SourceGPs]] = ([own] if own is not None else [], [*foreign])
        self.trust = (trust.own, trust.beside) if own is not None else (0.0, trust.foreign)
        some = space.sample(SCALE, np.random.default_rng(0))
        self._scales = []
        for said in self._raw(some):
            spread = np.sqrt(said.var(axis=0).sum()) if said.shape[1] else 0.0
            agreed = said.sum(axis=1).std()
            self._scales.append(
                (said.mean(axis=0), spread if spread > 1e-9 else np.inf, agreed if agreed > 1e-9 else np.inf)
            )

    def _raw(self, architectures: Architectures) -> list[Array]:
        nothing = np.zeros((len(architectures), 0))
        return [
            np.concatenate([nothing, *(gps.transform(architectures) for gps in gps_of_part)], axis=1)
            for gps_of_part in self._parts
        ]

    def transform(self, architectures: Architectures) -> list[Array]:
        """What the own and what the foreign sources say, ``(n, t)`` each, of which the variances add up to 1."""
        said = self._raw(architectures)
        return [(columns - mean) / spread for columns, (mean, spread, _) in zip(said, self._scales, strict=True)]

    def consensus(self, said: list[Array]) -> Array:
        """``(n, 2)``: of the own and of the foreign sources, each with standard deviation 1, or 0 if there are none."""
        sums = []
        for columns, (_, spread, agreed) in zip(said, self._scales, strict=True):
            sums.append(columns.sum(axis=1) * (spread / agreed if np.isfinite(agreed) else 0.0))
        return np.stack(sums, axis=1)


class CrossSpaceModel:
    """For each source a process in its own space, and one on features that all spaces share.

    Args:
        points: At most so many evaluations of each source, chosen at random where it has more.
        seed: Of that choice.
    """

    def __init__(self, *, points: int, seed: int) -> None:
        self.points = points
        self.seed = seed

    def fit(self, sources: Sources) -> Self:
        """Learn all sources, and how far they followed those of their own and of other spaces."""
        self._start(sources)
        for some, own, common in zip(sources.by_space, self._own, self._common, strict=True):
            own.fit(some)
            common.fit(some)
        self.trust = self._measured_trust(sources)
        return self

    def _start(self, sources: Sources) -> None:
        groups = sources.by_space
        self._spaces = [some.architectures.space for some in groups]
        self._own = [SourceGPs(points=self.points, seed=self.seed) for _ in groups]
        self._common = [CommonGPs(points=self.points, seed=self.seed) for _ in groups]
        self._known: dict[SearchSpace, Opinions] = {}

    def at(self, space: SearchSpace) -> Opinions:
        """What is said of a space's architectures."""
        if space not in self._known:
            own = self._own[self._spaces.index(space)] if space in self._spaces else None
            self._known[space] = Opinions(space, own, self._foreign(space), self.trust)
        return self._known[space]

    def _foreign(self, space: SearchSpace) -> list[CommonGPs]:
        return [common.at(space) for home, common in zip(self._spaces, self._common, strict=True) if home != space]

    def _measured_trust(self, sources: Sources) -> Trust:
        """By leaving one source out after the other."""
        both, own_alone, foreign_alone = [], [], []
        for some, own in zip(sources.by_space, self._own, strict=True):
            foreign = self._foreign(some.architectures.space)
            for task, column in enumerate(some.scores.T):
                known = np.flatnonzero(np.isfinite(column))
                rows = known[np.random.default_rng(task).permutation(len(known))[:SCALE]]
                if len(rows) < FEWEST:
                    continue
                architectures, z = some.architectures[rows], column[rows].astype(np.float64)
                others = np.delete(own.transform(architectures), task, axis=1)
                abroad = np.concatenate([others[:, :0], *(gps.transform(architectures) for gps in foreign)], axis=1)
                if others.shape[1] and abroad.shape[1]:
                    both.append(_slopes([others, abroad], z))
                if others.shape[1]:
                    own_alone.append(_slopes([others], z)[0])
                if abroad.shape[1]:
                    foreign_alone.append(_slopes([abroad], z)[0])
        if both:
            own_trust, beside = np.mean(both, axis=0)
        else:
            own_trust, beside = (np.mean(own_alone) if own_alone else UNTESTED_OWN), 0.0
        foreign_trust = np.mean(foreign_alone) if foreign_alone else UNTESTED_FOREIGN
        return Trust(*(float(np.clip(slope, 0.0, 1.0)) for slope in (own_trust, beside, foreign_trust)))

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """The processes, and the trust in them."""
        arrays = {"trust": np.asarray([self.trust.own, self.trust.beside, self.trust.foreign])}
        for place, (own, common) in enumerate(zip(self._own, self._common, strict=True)):
            arrays |= nested(f"own{place}", own.state()) | nested(f"common{place}", common.state())
        return arrays

    def restore(self, arrays: dict[str, npt.NDArray[Any]], sources: Sources) -> Self:
        """Take up what `state` gave."""
        self._start(sources)
        for place, some in enumerate(sources.by_space):
            self._own[place].restore(part(f"own{place}", arrays), some)
            self._common[place].restore(part(f"common{place}", arrays), some)
        self.trust = Trust(*map(float, arrays["trust"]))
        return self


def _slopes(said: list[Array], z: Array) -> Array:
    """The slopes, none negative, of scores on each part's consensus, brought to standard deviation 1."""
    sums = np.stack([part.sum(axis=1) - part.sum(axis=1).mean() for part in said], axis=1)
    spread = sums.std(axis=0)
    sums /= np.where(spread > 1e-9, spread, np.inf)
    slopes: Array = nnls(sums, z - z.mean())[0]
    return slopes
