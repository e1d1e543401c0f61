"""A Gaussian process for each source task, which takes the noise out of a source with few evaluations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt

from ..encoders import Encoder
from ..encoders.groups import FeatureGroups
from ..encoders.row_memo import RowMemo
from ..encoders.threads import single_threaded
from ..predictors.exact_gp import ExactGP
from ..predictors.kernels import Kernel, LogNormal
from ..spaces import Architectures, SearchSpace
from .chunks import in_chunks
from .encodings import ENCODERS
from .sources import Sources

__all__ = ["KERNELS", "SourceGPs"]

Array = npt.NDArray[np.float64]

KERNELS = tuple(Kernel("matern") for _ in ENCODERS)
NOISE = LogNormal(0.1, 1.0)


class Features(Protocol):
    """What turns architectures of one space into the inputs of kernels."""

    def transform(self, architectures: Architectures) -> list[Array]:
        """One ``(n, d)`` matrix a kernel."""


class SourceGPs:
    """One exact Gaussian process a source, with a kernel for each encoder (``rasmussen2006``).

    Args:
        points: At most so many evaluations of each source, chosen at random where it has more.
        seed: Of that choice.
        encoders: Names of encoders, or encoders; each is the input of one kernel.
        kernels: As many, which add up.
        noise: Prior of the noise variance.
        tuned_on: At most so many of the points tell the hyper-parameters; None for all.
        canonical: Whether equivalent architectures are the same to all the encoders.
        process: The kind of Gaussian process.

    Attributes:
        share: ``(t,)``: which part of each source's evaluations its process has seen.
        features: The fitted features that each process sees, one kernel a group.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(3)})
    >>> architectures = space.enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> task = Task("source", architectures, {"accuracy": Metric(y, "maximize")}, objective="accuracy")
    >>> means = SourceGPs(points=20, seed=0).fit(Sources.of([task])).transform(architectures)
    >>> means.shape, bool(np.corrcoef(means[:, 0], y)[0, 1] > 0.9)
    ((27, 1), True)
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
        process: type[ExactGP] = ExactGP,
    ) -> None:
        self.points = points
        self.seed = seed
        self.encoders = encoders
        self.kernels = kernels
        self.noise = noise
        self.tuned_on = tuned_on
        self.canonical = canonical
        self.process = process

    def fit(self, sources: Sources) -> Self:
        """Learn each source's values.

        Raises:
            InputError: ``points`` is less than 1.
        """
        self._rows = sources.drawn(self.points, self.seed)
        seen = [len(rows) for rows in self._rows]
        self.share: Array = np.asarray(seen) / np.isfinite(sources.scores).sum(axis=0)
        return self._learn(sources, [None] * len(self._rows))

    def _learn(self, sources: Sources, thetas: list[Array | None]) -> Self:
        self.features = self._new_features(sources.architectures.space)
        self._names = sources.names
        self._gps = []
        with single_threaded():
            for rows, column, known in zip(self._rows, sources.scores.T, thetas, strict=True):
                groups = self.features.transform(sources.architectures[rows])
                y = column[rows].astype(np.float64)
                theta = self._tuned(groups, y) if known is None else known
                self._gps.append(self._new_gp().fit(groups, y, theta=theta))
        self._columns = np.arange(len(self._gps))
        self._forget()
        return self

    def _forget(self) -> None:
        self._means, self._stds = RowMemo(len(self._gps)), RowMemo(len(self._gps))

    def _new_features(self, space: SearchSpace) -> Features:
        return FeatureGroups(self.encoders).fit(space)

    def _new_gp(self) -> ExactGP:
        return self.process(self.kernels, noise=self.noise)

    def _tuned(self, groups: list[Array], y: Array) -> Array:
        """The hyper-parameters."""
        some = np.sort(np.random.default_rng(self.seed).permutation(len(y))[: self.tuned_on])
        return self._new_gp().fit([group[some] for group in groups], y[some]).theta

    def only(self, kept: Sequence[int]) -> Self:
        """Those sources' processes alone, by their columns; nothing is learned, and what is remembered is shared."""
        few = copy(self)
        few._columns = self._columns[list(kept)]
        few.share = self.share[list(kept)]
        return few

    @property
    def rows(self) -> list[npt.NDArray[np.int64]]:
        """Which rows of the sources each process has learned, ascending."""
        return [self._rows[i] for i in self._columns]

    @property
    def names(self) -> list[str]:
        """The sources' names."""
        return [self._names[i] for i in self._columns]

    @property
    def tasks(self) -> int:
        """How many sources there are."""
        return len(self._columns)

    def transform(self, architectures: Architectures) -> Array:
        """``(n, t)`` predicted values, on the scale of the sources' scores."""
        return self._remembered(self._means, ExactGP.mean, architectures)

    def stds(self, architectures: Architectures) -> Array:
        """``(n, t)`` standard deviations of what `transform` predicts: of each source's function, without its noise."""
        return self._remembered(self._stds, ExactGP.std, architectures)

    def _remembered(
        self, memo: RowMemo, ask: Callable[[ExactGP, list[Array]], Array], architectures: Architectures
    ) -> Array:
        def rows(batch: Architectures) -> npt.NDArray[np.float32]:
            groups = self.features.transform(batch)
            with single_threaded():
                return np.stack([ask(gp, groups) for gp in self._gps], axis=1).astype(np.float32)

        wanted = architectures.canonical() if self.canonical else architectures
        return memo.rows(wanted, lambda fresh: in_chunks(rows, fresh)).astype(np.float64)[:, self._columns]

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """Which rows of the sources were learned, and the hyper-parameters."""
        return (
            self.thetas() | {f"gp{task}.rows": rows for task, rows in enumerate(self._rows)} | {"gp.share": self.share}
        )

    def thetas(self) -> dict[str, npt.NDArray[Any]]:
        """The hyper-parameters."""
        return {f"gp{task}.theta": gp.theta for task, gp in enumerate(self._gps)}

    def restore(self, arrays: dict[str, npt.NDArray[Any]], sources: Sources) -> Self:
        """Take up what `state` gave; raises `KeyError` or `ValueError` if it is not of these sources."""
        tasks = range(sources.scores.shape[1])
        self._rows = [arrays[f"gp{task}.rows"] for task in tasks]
        self.share = arrays["gp.share"]
        if self.share.shape != (len(tasks),) or not ((self.share > 0) & (self.share <= 1)).all():
            raise ValueError(f"the processes have seen {self.share.tolist()} of {len(tasks)} sources' evaluations")
        if any(rows.min(initial=0) < 0 for rows in self._rows):
            raise ValueError("a row that a process has learned is below 0")
        return self._learn(sources, [arrays[f"gp{task}.theta"] for task in tasks])
