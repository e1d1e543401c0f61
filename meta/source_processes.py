"""A Gaussian process for each source task, which fills its gaps and takes the noise out of it."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import numpy.typing as npt

from ..encoders.groups import FeatureGroups
from ..encoders.row_memo import RowMemo
from ..predictors.exact_gp import ExactGP, Kernel, LogNormal
from ..spaces import Architectures, SearchSpace
from .sources import Sources

__all__ = ["SourceProcesses"]

Array = npt.NDArray[np.float64]

KERNELS = (Kernel("linear"), Kernel("linear"), Kernel("matern", LogNormal(0.1, 1.0)))
NOISE = LogNormal(0.05, 1.0)
TUNED_ON = 300  # architectures that tell a source's hyper-parameters
CHUNK = 1024  # architectures predicted at once, which bounds memory
SCALE = 2048  # source architectures that tell the scale of predictions


class SourceProcesses:
    """Each source as a sum over operations, a sum over positions, and what they leave to the cell as it computes.

    The kernel is linear in how often each operation is there, linear in the genotype, and Matérn in the genotype of
    the canonical form; the marginal likelihood weighs the three for each source.

    Args:
        canonical: Whether the sums are over the canonical form, or over all that is written.
        rows: The most architectures a source, drawn at random from its own.
        seed: Of the draw.
    """

    def __init__(self, *, canonical: bool, rows: int, seed: int) -> None:
        self.canonical = canonical
        self.rows = rows
        self.seed = seed

    def fit(self, sources: Sources) -> Self:
        """Learn each source by itself."""
        self._prepare(sources.architectures.space)
        self._rows: list[npt.NDArray[np.int64]] = []
        self._theta: list[Array] = []
        for column in range(sources.scores.shape[1]):
            known = np.flatnonzero(np.isfinite(sources.scores[:, column]))
            rows = np.random.default_rng(self.seed).permutation(known)[: self.rows]
            some = rows[:TUNED_ON]
            gp = ExactGP(KERNELS, noise=NOISE).fit(
                self.features(sources.architectures[some]), sources.scores[some, column].astype(np.float64)
            )
            self._rows.append(rows)
            self._theta.append(gp.theta)
        return self._finish(sources)

    def _prepare(self, space: SearchSpace) -> None:
        self._written = FeatureGroups(("operation-counts", "one-hot"), canonical=self.canonical).fit(space)
        self._computed = FeatureGroups(("one-hot",)).fit(space)

    def _finish(self, sources: Sources) -> Self:
        self._gps = [
            ExactGP(KERNELS, noise=NOISE).fit(
                self.features(sources.architectures[rows]), sources.scores[rows, column].astype(np.float64), theta=theta
            )
            for column, (rows, theta) in enumerate(zip(self._rows, self._theta, strict=True))
        ]
        self._memo = RowMemo(len(self._gps))
        chosen = np.random.default_rng(0).permutation(len(sources.architectures))[:SCALE]
        out = self._raw(sources.architectures[chosen])
        self._mean, self._std = out.mean(axis=0), out.std(axis=0)
        self._std[self._std < 1e-6] = np.inf  # a source that never varies says nothing
        self._agreement = 1.0
        self._agreement = float(self.consensus(self.predictions(sources.architectures[chosen])).std()) or 1.0
        return self

    def features(self, architectures: Architectures) -> list[Array]:
        """Operation counts, genotype, and genotype of the canonical form: one ``(n, d)`` matrix each."""
        return [*self._written.transform(architectures), *self._computed.transform(architectures)]

    def predictions(self, architectures: Architectures) -> Array:
        """``(n, t)``: what each source gives, at mean 0 and standard deviation 1 over the sources' architectures."""
        scaled: Array = (self._raw(architectures) - self._mean) / self._std
        return scaled

    def consensus(self, predictions: Array) -> Array:
        """``(n,)``: the mean of the sources' predictions, brought to standard deviation 1."""
        scaled: Array = predictions.mean(axis=1) / self._agreement
        return scaled

    def _raw(self, architectures: Architectures) -> Array:
        rows = architectures.canonical() if self.canonical else architectures
        return self._memo.rows(rows, self._predict).astype(np.float64)

    def _predict(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        parts = []
        for start in range(0, len(architectures), CHUNK):
            groups = self.features(architectures[start : start + CHUNK])
            parts.append(np.stack([gp.mean(groups) for gp in self._gps], axis=1))
        return np.concatenate(parts).astype(np.float32)

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """Of each source the rows it was learned from, and its hyper-parameters."""
        rows = {f"rows{i}": rows for i, rows in enumerate(self._rows)}
        return {"theta": np.stack(self._theta), **rows}

    def restore(self, arrays: dict[str, npt.NDArray[Any]], sources: Sources) -> Self:
        """Take up what `state` gave."""
        self._prepare(sources.architectures.space)
        self._theta = list(arrays["theta"])
        self._rows = [arrays[f"rows{i}"] for i in range(sources.scores.shape[1])]
        return self._finish(sources)
