"""What sources of several spaces say of the architectures of any space, and how far they may be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

from ..encoders.named_arrays import nested, part
from ..spaces import Architectures, SearchSpace
from .common_gps import CommonGPs
from .source_gps import SourceGPs
from .sources import Sources

__all__ = ["CrossSpaceModel", "Opinions"]

Array = npt.NDArray[np.float64]

SCALE = 512  # architectures that tell the scale of predictions, and of a source those that tell the trust
FEWEST = 10  # evaluations of a source that can tell of trust
UNTESTED_OWN = 0.5
UNTESTED_FOREIGN = 0.3


class Opinions:
    """What sources say of the architectures of one space: by processes of that space, and by common features.

    Args:
        space: The space.
        own: The processes of sources of that space; None if there are none.
        foreign: Those of each other space, asked about this one.
        trust: By how much a task's normal scores rise where the consensus of the own, and that of the foreign sources
            rises by its standard deviation.
    """

    def __init__(
        self, space: SearchSpace, own: SourceGPs | None, foreign: list[CommonGPs], trust: tuple[float, float]
    ) -> None:
        self._parts: tuple[list[SourceGPs], list[SourceGPs]] = ([own] if own is not None else [], [*foreign])
        self.trust = trust
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
        self._trusts = self._measured_trusts(sources)
        return self

    def _start(self, sources: Sources) -> None:
        groups = sources.by_space
        self._spaces = [some.architectures.space for some in groups]
        self._own = [SourceGPs(points=self.points, seed=self.seed) for _ in groups]
        self._common = [CommonGPs(points=self.points, seed=self.seed) for _ in groups]
        self._known: dict[SearchSpace, Opinions] = {}
        self._travelled: dict[tuple[int, SearchSpace], CommonGPs] = {}

    def only(self, kept: Sequence[int], sources: Sources) -> CrossSpaceModel:
        """Those sources alone, by their places; ``sources`` are these, of which the trust in them is found anew."""
        few = CrossSpaceModel(points=self.points, seed=self.seed)
        few._start(sources)
        few._own, few._common = [], []
        start = 0
        for own, common in zip(self._own, self._common, strict=True):
            there = [place - start for place in kept if start <= place < start + own.tasks]
            start += own.tasks
            if there:
                few._own.append(own.only(there))
                few._common.append(common.only(there))
        few._trusts = few._measured_trusts(sources)
        return few

    def each(self, architectures: Architectures) -> Array:
        """``(n, t)``: what each source says, by its own space's process if it has one of the architectures' space."""
        space = architectures.space
        places = range(len(self._spaces))
        asked = [self._own[i] if self._spaces[i] == space else self._abroad(i, space) for i in places]
        return np.concatenate([gps.transform(architectures) for gps in asked], axis=1)

    def at(self, space: SearchSpace) -> Opinions:
        """What is said of a space's architectures."""
        if space not in self._known:
            place = self._spaces.index(space) if space in self._spaces else None
            own = None if place is None else self._own[place]
            self._known[space] = Opinions(space, own, self._foreign(space), self._trust(place))
        return self._known[space]

    def _foreign(self, space: SearchSpace) -> list[CommonGPs]:
        return [self._abroad(place, space) for place, home in enumerate(self._spaces) if home != space]

    def _abroad(self, place: int, space: SearchSpace) -> CommonGPs:
        """One space's processes asked about another space."""
        if (place, space) not in self._travelled:
            self._travelled[place, space] = self._common[place].at(space)
        return self._travelled[place, space]

    def _trust(self, place: int | None) -> tuple[float, float]:
        """In own and in foreign sources, for a target of the space in that place; None: of a space without a source.

        What the space itself cannot tell is taken from the others, and what none can is a guess.
        """
        known = np.isfinite(self._trusts)
        usual = [of[there].mean() if there.any() else np.nan for of, there in zip(self._trusts.T, known.T, strict=True)]
        if place is None:
            return 0.0, UNTESTED_FOREIGN if np.isnan(usual[2]) else float(usual[2])
        own, beside, _ = self._trusts[place]
        if np.isnan(own):
            own, beside = usual[:2]
        return (UNTESTED_OWN if np.isnan(own) else float(own)), (0.0 if np.isnan(beside) else float(beside))

    def _measured_trusts(self, sources: Sources) -> Array:
        """By leaving one source of a space out after the other, how far they follow those left.

        Returns:
            ``(spaces, 3)``: the slopes on the consensus of the others in the space, on that of other spaces beside it,
            and on that of other spaces alone; NaN where there is none to follow.
        """
        trusts = np.full((len(self._spaces), 3), np.nan)
        for place, (some, own) in enumerate(zip(sources.by_space, self._own, strict=True)):
            foreign = self._foreign(some.architectures.space)
            found = []
            for task, column in enumerate(some.scores.T):
                known = np.flatnonzero(np.isfinite(column))
                rows = known[np.random.default_rng(task).permutation(len(known))[:SCALE]]
                if len(rows) < FEWEST:
                    continue
                architectures, z = some.architectures[rows], column[rows].astype(np.float64)
                others = np.delete(own.transform(architectures), task, axis=1)
                abroad = np.concatenate([others[:, :0], *(gps.transform(architectures) for gps in foreign)], axis=1)
                beside = [said for said in (others, abroad) if said.shape[1]]
                slopes = np.full(3, np.nan)
                if others.shape[1]:
                    slopes[: len(beside)] = _slopes(beside, z)
                if abroad.shape[1]:
                    slopes[2] = _slopes([abroad], z)[0]
                found.append(slopes)
            if found:
                trusts[place] = np.clip(np.mean(found, axis=0), 0.0, 1.0)
        return trusts

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """The processes, and the trust in them."""
        arrays: dict[str, npt.NDArray[Any]] = {"trusts": self._trusts}
        for place, (own, common) in enumerate(zip(self._own, self._common, strict=True)):
            arrays |= nested(f"own{place}", own.state()) | nested(f"common{place}", common.state())
        return arrays

    def restore(self, arrays: dict[str, npt.NDArray[Any]], sources: Sources) -> Self:
        """Take up what `state` gave."""
        self._start(sources)
        for place, some in enumerate(sources.by_space):
            self._own[place].restore(part(f"own{place}", arrays), some)
            self._common[place].restore(part(f"common{place}", arrays), some)
        self._trusts = arrays["trusts"]
        return self


def _slopes(said: list[Array], z: Array) -> Array:
    """The slopes, none negative, of scores on each part's consensus, brought to standard deviation 1."""
    sums = np.stack([own.sum(axis=1) - own.sum(axis=1).mean() for own in said], axis=1)
    spread = sums.std(axis=0)
    sums /= np.where(spread > 1e-9, spread, np.inf)
    slopes: Array = nnls(sums, z - z.mean())[0]
    return slopes
