"""One Gaussian process for each source task, each on a bounded number of its evaluations."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import numpy.typing as npt

from ..encoders.groups import FeatureGroups
from ..encoders.row_memo import RowMemo
from ..predictors.exact_gp import ExactGP, Kernel
from ..spaces import Architectures, InputError
from .sources import Sources

__all__ = ["ENCODERS", "KERNELS", "SourceModels", "evaluated_rows"]

Array = npt.NDArray[np.float64]

ENCODERS = ("graph-features", "one-hot")
KERNELS = (Kernel("matern"), Kernel("matern"))
CHUNK = 512  # architectures at once when predicting, never fewer: how sums are rounded depends on the size of a batch
SCALE = 1024  # source architectures that tell the scale of the consensus


class SourceModels:
    """What single-task Gaussian processes make of each source's normal scores.

    Args:
        points: The most evaluations of a source that its process learns from, drawn without replacement.
        seed: Of the draw.

    Attributes:
        features: The fitted features that each process sees, one kernel of `KERNELS` a group.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(3)})
    >>> architectures = space.enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> task = Task("source", architectures, {"accuracy": Metric(y, "maximize")}, objective="accuracy")
    >>> means, stds = SourceModels(points=20, seed=0).fit(Sources.of([task])).transform(architectures)
    >>> means.shape, bool(np.corrcoef(means[:, 0], y)[0, 1] > 0.9)
    ((27, 1), True)
    """

    def __init__(self, *, points: int, seed: int) -> None:
        self.points = points
        self.seed = seed

    def fit(self, sources: Sources) -> Self:
        """Learn each source by itself."""
        rows = evaluated_rows(sources, self.points, self.seed)
        self._learn(sources, rows, [None] * len(rows))
        chosen = np.random.default_rng(0).permutation(len(sources.architectures))[:SCALE]
        average = self.transform(sources.architectures[chosen])[0].mean(axis=1)
        self._mean, self._std = float(average.mean()), float(average.std()) or 1.0
        return self

    def _learn(self, sources: Sources, rows: list[npt.NDArray[np.int64]], thetas: list[Array | None]) -> None:
        self._rows = rows
        self.features = FeatureGroups(ENCODERS).fit(sources.architectures.space)
        self._memo = RowMemo(2 * len(rows))
        self._processes = [
            ExactGP(KERNELS).fit(
                self.features.transform(sources.architectures[some]),
                sources.scores[some, column].astype(np.float64),
                theta=theta,
            )
            for column, (some, theta) in enumerate(zip(rows, thetas, strict=True))
        ]

    @property
    def tasks(self) -> int:
        """How many sources there are."""
        return len(self._processes)

    def transform(self, architectures: Architectures) -> tuple[Array, Array]:
        """Mean and standard deviation by each source, ``(n, t)`` each, in its normal scores."""
        found = self._memo.rows(architectures.canonical(), self._forward).astype(np.float64)
        return found[:, : self.tasks], found[:, self.tasks :]

    def consensus(self, means: Array, weights: Array | None = None) -> Array:
        """``(n,)``: the sources' weighted mean, on the scale on which their plain mean has mean 0 and deviation 1.

        Args:
            means: ``(n, t)`` by `transform`.
            weights: ``(t,)`` that add up to 1; all equal if None.
        """
        average = means.mean(axis=1) if weights is None else means @ weights
        scaled: Array = (average - self._mean) / self._std
        return scaled

    def _forward(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        n = len(architectures)
        padded = architectures[np.minimum(np.arange(-(-n // CHUNK) * CHUNK), n - 1)]
        parts = []
        for start in range(0, len(padded), CHUNK):
            groups = self.features.transform(padded[start : start + CHUNK])
            answers = [process.predict(groups) for process in self._processes]
            parts.append(np.stack([mean for mean, _ in answers] + [std for _, std in answers], axis=1))
        return np.concatenate(parts)[:n].astype(np.float32)

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """Which evaluations were learned from, hyper-parameters and scale."""
        return {
            "rows": np.concatenate(self._rows),
            "counts": np.asarray([len(rows) for rows in self._rows]),
            "thetas": np.stack([process.theta for process in self._processes]),
            "scale": np.asarray([self._mean, self._std]),
        }

    def restore(self, arrays: dict[str, npt.NDArray[Any]], sources: Sources) -> Self:
        """Take up what `state` gave."""
        rows = np.split(arrays["rows"], np.cumsum(arrays["counts"])[:-1])
        self._learn(sources, rows, list(arrays["thetas"]))
        self._mean, self._std = map(float, arrays["scale"])
        return self


def evaluated_rows(sources: Sources, points: int, seed: int) -> list[npt.NDArray[np.int64]]:
    """For each source at most ``points`` of the rows that it evaluated, drawn without replacement, ascending.

    Raises:
        InputError: ``points`` is less than 1.
    """
    if points < 1:
        raise InputError(f"A source is learned from at least one evaluation; got points={points!r}.")
    drawn = []
    for column, scores in enumerate(sources.scores.T):
        known = np.flatnonzero(np.isfinite(scores))
        drawn.append(np.sort(np.random.default_rng([seed, column]).permutation(known)[:points]))
    return drawn
