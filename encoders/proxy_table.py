"""Columns of a table as features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures, InputError, SearchSpace, UnknownNameError
from .encoder import Encoder, Vector
from .ranks import normal_scores

__all__ = ["ProxyTable"]


class _Metric(Protocol):
    @property
    def values(self) -> npt.NDArray[np.float64]: ...


class _Task(Protocol):
    @property
    def architectures(self) -> Architectures: ...
    @property
    def metrics(self) -> Mapping[str, _Metric]: ...


class ProxyTable(Encoder):
    """What a table says of each architecture: zero-cost proxies, latencies, a task's other metrics.

    A column is turned into normal scores, ``Φ⁻¹((rank − ½) / n)`` among the table's different forms, for proxies span
    many orders of magnitude; rows of one canonical form are averaged before. An architecture that the table does not
    have, or has a NaN for, gets the column's median; the last feature, ``missing``, is the share of columns for which
    that is so. Where features are scaled, as for a Gaussian process, a column that most of the space lacks is scaled
    over what has it.

    It needs data, so it has no name to be made by: give it itself to a predictor, ``RandomForest(encoder=table)``.

    Args:
        architectures: ``n`` of them.
        columns: Name → ``(n,)`` values, in any unit; NaN where there is none.
        canonical: Look up canonical forms. Switch it off where what is written matters, as for latency.

    Raises:
        InputError: There is no column, one has another length or no finite value, or no numbers, or the space is
            another; raised by ``fit``.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool")})
    >>> known = space.from_genotypes([[0, 0], [0, 1], [1, 1]])
    >>> table = ProxyTable(architectures=known, columns={"snip": [3.0, 0.2, 1e9]})
    >>> table.fit_transform(space.enumerate()).astype(float).round(2).tolist()
    [[0.0, 0.0], [-0.97, 0.0], [0.0, 1.0], [0.97, 0.0]]
    """

    def __init__(
        self, *, architectures: Architectures, columns: Mapping[str, npt.ArrayLike], canonical: bool = True
    ) -> None:
        super().__init__(canonical=canonical)
        self.architectures = architectures
        self.columns = columns

    @classmethod
    def from_task(cls, task: _Task, columns: Sequence[str], *, canonical: bool = True) -> Self:
        """Metrics of a task as columns, as they were measured.

        Args:
            task: Of which.
            columns: Names of its metrics.
            canonical: Look up canonical forms.

        Raises:
            InputError: ``columns`` is a single name.
            UnknownNameError: The task has no such metric.
        """
        if isinstance(columns, str):
            raise InputError(f"columns= takes several metrics, even of one: columns=[{columns!r}]; got {columns!r}.")
        for name in columns:
            if name not in task.metrics:
                raise UnknownNameError("metric", name, task.metrics)
        values = {name: task.metrics[name].values for name in columns}
        return cls(architectures=task.architectures, columns=values, canonical=canonical)

    def __sklearn_clone__(self) -> Self:
        return type(self)(**self.get_params(deep=False))  # the table is only read, so clones may share it

    def _fit_space(self, space: SearchSpace) -> Self:
        if not isinstance(self.architectures, Architectures) or self.architectures.space != space:
            given = getattr(self.architectures, "space", type(self.architectures).__name__)
            raise InputError(f"This table is of {given!r} and cannot encode {space!r}; make one of that space.")
        rows = self.architectures.canonical() if self.canonical else self.architectures
        self._keys, form = np.unique(rows.keys(), return_inverse=True)
        if not self.columns:
            raise InputError("A table needs one or more columns: columns={'synflow': values}.")
        self._values = np.empty((len(self._keys) + 1, len(self.columns) + 1), dtype=np.float64)
        self._read = {name: _numbers(name, given) for name, given in self.columns.items()}
        for place, (name, values) in enumerate(self._read.items()):
            known = np.isfinite(values)
            if values.shape != (len(rows),) or not known.any():
                raise InputError(
                    f"Column {name!r} is of shape {values.shape} with {known.sum()} finite values; "
                    f"give {len(rows)}, one an architecture, NaN where there is none."
                )
            counts = np.bincount(form[known], minlength=len(self._keys))
            sums = np.bincount(form[known], weights=values[known], minlength=len(self._keys))
            there = counts > 0
            self._values[:, place] = np.nan  # and so stays the last row, which is for forms that are not in the table
            self._values[:-1][there, place] = normal_scores(sums[there] / counts[there])
        missing = np.isnan(self._values[:, :-1])
        self._there = ~missing
        self._values[:, -1] = missing.mean(axis=1)
        medians = np.nanmedian(self._values[:, :-1], axis=0)
        self._values[:, :-1] = np.where(missing, medians, self._values[:, :-1])
        return super()._fit_space(space)

    def _unchanged(self) -> bool:
        return list(self._read) == list(self.columns) and all(
            np.array_equal(self._read[name], np.asarray(given, dtype=np.float64), equal_nan=True)
            for name, given in self.columns.items()
        )

    def _feature_names(self, space: SearchSpace) -> list[str]:
        return [*self.columns, "missing"]

    def _encode(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        return self._values[self._places(architectures)].astype(np.float32)

    def _places(self, architectures: Architectures) -> npt.NDArray[np.intp]:
        """Rows of the table; the last one for forms that are not in it."""
        keys = architectures.keys()
        place = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[place] == keys, place, len(self._keys))

    def _scale(self, sample: Architectures, mean: Vector, std: Vector) -> tuple[Vector, Vector]:
        """Over the forms that have a value, for columns that most of the sample lack: there, most are the median."""
        there = self._there[self._places(sample.canonical() if self.canonical else sample)].mean(axis=0)
        few = np.flatnonzero(there < 0.5)
        if not len(few):
            return mean, std
        mean, std = mean.copy(), std.copy()
        for column in few:
            values = self._values[self._there[:, column], column]
            mean[column], std[column] = values.mean(), values.std()
        mean[-1] = std[-1] = 0.5  # as if half of the space were missing
        return mean, std


def _numbers(name: str, given: npt.ArrayLike) -> Vector:
    """A copy of a column."""
    try:
        return np.array(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"Column {name!r} is to hold numbers, NaN where there is none ({error}); leave it out, or give numbers."
        ) from error
