"""A Gaussian process for each source task, which takes the noise out of a source with few evaluations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from ..encoders import Encoder
from ..encoders.groups import FeatureGroups
from ..encoders.row_memo import RowMemo
from ..encoders.threads import single_threaded
from ..predictors.exact_gp import ExactGP, Kernel, LogNormal
from ..spaces import Architectures
from .chunks import in_chunks
from .sources import Sources

__all__ = ["ENCODERS", "SourceGPs"]

ENCODERS = ("graph-features", "one-hot")
KERNELS = (Kernel("matern"), Kernel("matern"))
NOISE = LogNormal(0.1, 1.0)


class SourceGPs:
    """One exact Gaussian process a source (``rasmussen2006``).

    Args:
        points: At most so many evaluations of each source, chosen at random where it has more.
        seed: Of that choice.
        encoders: Names of encoders, or encoders; each is the input of one kernel.
        kernels: As many, which add up.
        noise: Prior of the noise variance.
        tuned_on: At most so many of the points tell the hyper-parameters; None for all.
        canonical: Whether equivalent architectures are the same to all the encoders.
    """

    def __init__(
        self,
        *,
        points: int,
        seed: int,
        encoders: Sequence[str | Encoder] = ENCODERS,
        kernels: Sequence[Kernel] = KERNELS,
        noise: LogNormal = NOISE,
        tuned_on: int | None = None,
        canonical: bool = True,
    ) -> None:
        self.points = points
        self.seed = seed
        self.encoders = encoders
        self.kernels = kernels
        self.noise = noise
        self.tuned_on = tuned_on
        self.canonical = canonical

    def fit(self, sources: Sources) -> Self:
        """Learn each source's values."""
        rng = np.random.default_rng(self.seed)
        self._rows = []
        for column in sources.scores.T:
            known = np.flatnonzero(np.isfinite(column))
            self._rows.append(np.sort(rng.permutation(known)[: self.points]))
        return self._learn(sources, [None] * len(self._rows))

    def _learn(self, sources: Sources, thetas: list[npt.NDArray[np.float64] | None]) -> Self:
        self._features = FeatureGroups(self.encoders).fit(sources.architectures.space)
        self._gps = []
        with single_threaded():
            for rows, column, known in zip(self._rows, sources.scores.T, thetas, strict=True):
                groups = self._features.transform(sources.architectures[rows])
                y = column[rows].astype(np.float64)
                theta = self._tuned(groups, y) if known is None else known
                self._gps.append(self._new_gp().fit(groups, y, theta=theta))
        self._memo = RowMemo(len(self._gps))
        return self

    def _new_gp(self) -> ExactGP:
        return ExactGP(self.kernels, noise=self.noise)

    def _tuned(self, groups: list[npt.NDArray[np.float64]], y: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The hyper-parameters."""
        some = np.sort(np.random.default_rng(self.seed).permutation(len(y))[: self.tuned_on])
        return self._new_gp().fit([group[some] for group in groups], y[some]).theta

    def share(self, sources: Sources) -> npt.NDArray[np.float64]:
        """``(t,)``: which part of each source's evaluations its process has seen."""
        seen = [len(rows) for rows in self._rows]
        part: npt.NDArray[np.float64] = np.asarray(seen) / np.isfinite(sources.scores).sum(axis=0)
        return part

    def transform(self, architectures: Architectures) -> npt.NDArray[np.float64]:
        """``(n, t)`` predicted values, on the scale of the sources' scores."""
        rows = architectures.canonical() if self.canonical else architectures
        return self._memo.rows(rows, self._in_chunks).astype(np.float64)

    def _in_chunks(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        return in_chunks(self._predict, architectures)

    def _predict(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        groups = self._features.transform(architectures)
        with single_threaded():
            return np.stack([gp.mean(groups) for gp in self._gps], axis=1).astype(np.float32)

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """Which rows of the sources were learned, and the hyper-parameters."""
        arrays = {f"gp{task}.theta": gp.theta for task, gp in enumerate(self._gps)}
        return arrays | {f"gp{task}.rows": rows for task, rows in enumerate(self._rows)}

    def restore(self, arrays: dict[str, npt.NDArray[Any]], sources: Sources) -> Self:
        """Take up what `state` gave."""
        tasks = range(sources.scores.shape[1])
        self._rows = [arrays[f"gp{task}.rows"] for task in tasks]
        return self._learn(sources, [arrays[f"gp{task}.theta"] for task in tasks])
