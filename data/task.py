"""A task: architectures of one search space, and what was measured of them on one data set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures, DataError, InputError, SearchSpace, UnknownNameError
from ..spaces.arguments import check_generator, whole_number
from ..spaces.real_numbers import real_numbers

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Metric", "Task"]

DIRECTIONS = ("maximize", "minimize")
ARCHITECTURE = "architecture"  # the column of texts


@dataclass(frozen=True, eq=False)
class Metric:
    """One measured quantity, a value an architecture.

    Attributes:
        values: ``(n,)`` float64 in ``unit``; NaN where it was not measured.
        direction: ``"maximize"`` if more is better, ``"minimize"`` if less is.
        unit: Such as ``"%"``, ``"s"`` or ``"million"``.
        description: What it is, in a few words.

    Raises:
        InputError: The values are not one row of finite numbers and NaNs, or the direction is neither.

    >>> Metric([0.5, 0.25], "minimize", unit="s").values
    array([0.5 , 0.25])
    """

    values: npt.NDArray[np.float64]
    direction: Literal["maximize", "minimize"]
    unit: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        if self.direction not in DIRECTIONS:
            raise UnknownNameError("direction", self.direction, DIRECTIONS)
        try:
            values = np.array(real_numbers(self.values))  # a copy, so that nobody changes it from outside
        except ValueError as error:
            raise InputError(f"A metric's values are numbers, NaN where there is none; {error}.") from error
        if values.ndim != 1:
            raise InputError(f"A metric's values are an array of shape (n,); the one given has shape {values.shape}.")
        if np.isinf(values).any():
            row = int(np.flatnonzero(np.isinf(values))[0])
            raise InputError(f"A metric's values are finite or NaN; value {row} is {values[row]}. Make it NaN.")
        values.setflags(write=False)
        object.__setattr__(self, "values", values)

    def __len__(self) -> int:
        return len(self.values)

    def select(self, index: slice | Sequence[int] | npt.NDArray[Any]) -> Metric:
        """The same for some architectures only."""
        return replace(self, values=self.values[index if isinstance(index, slice) else _rows(index)])


@dataclass(frozen=True, eq=False)
class Task:
    """One search space, one data set (or device), and the metrics measured there.

    Attributes:
        name: The task's name, for people.
        architectures: The ``n`` measured architectures.
        metrics: Name → `Metric` of ``n`` values.
        objective: The name of the metric that a search sees.
        test_metric: The name of the objective's twin on held-out data, if there is one; reports give it.

    Raises:
        InputError: A metric has another length than ``architectures``, or is called ``architecture``.
        UnknownNameError: ``objective`` or ``test_metric`` is none of the metrics.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool")})
    >>> metrics = {"error": Metric([8.0, 20.0, 12.0], "minimize", unit="%")}
    >>> task = Task("mine", space.from_genotypes([[0, 0], [1, 1], [0, 1]]), metrics, objective="error")
    >>> task.y
    array([ -8., -20., -12.])
    >>> train, test = task.split(n_train=2, seed=0)
    >>> len(train), len(test)
    (2, 1)
    """

    name: str
    architectures: Architectures
    metrics: Mapping[str, Metric]
    objective: str
    test_metric: str | None = None

    def __post_init__(self) -> None:
        if self.objective not in self.metrics:
            raise UnknownNameError("metric", self.objective, self.metrics)
        if self.test_metric is not None and self.test_metric not in self.metrics:
            raise UnknownNameError("metric", self.test_metric, self.metrics)
        if ARCHITECTURE in self.metrics:
            raise InputError(
                f"A metric cannot be called {ARCHITECTURE!r}, as a table of the task has the architectures there; "
                "rename it."
            )
        for name, metric in self.metrics.items():
            if len(metric) != len(self.architectures):
                raise InputError(
                    f"Task {self.name!r} has {len(self.architectures)} architectures, but metric {name!r} has "
                    f"{len(metric)} values; give one a row, NaN where there is none."
                )
        object.__setattr__(self, "metrics", MappingProxyType(dict(self.metrics)))

    @classmethod
    def from_table(
        cls,
        frame: pd.DataFrame | Mapping[str, Any],
        *,
        space: SearchSpace,
        metrics: Mapping[str, Literal["maximize", "minimize"]],
        objective: str,
        name: str,
        architecture: str | None = None,
        units: Mapping[str, str] | None = None,
        test_metric: str | None = None,
    ) -> Task:
        """A task from a table with a row for each architecture.

        Args:
            frame: A pandas DataFrame, or any mapping of column names to columns. Of trials that Optuna or MLflow has
                written with their state or status, those that did not end well are left out.
            space: The space that the architectures are of.
            metrics: Column → direction; an empty cell is a missing value.
            objective: Which of ``metrics`` a search sees.
            name: The task's name.
            architecture: The column with their texts, as ``space.parse`` reads them; by default ``architecture``, and
                where there is none, a column for each name in ``space.positions()``, as it is or with ``params_`` or
                ``params.`` before it, as Optuna and MLflow write it.
            units: Column → unit, for those that have one.
            test_metric: Which of ``metrics`` is the objective's twin on held-out data, if any.

        Raises:
            InputError: An argument is not of its kind, such as a list for ``metrics``.
            UnknownNameError: A column, the objective or a direction is not there; the message gives the nearest.
            DataError: Cells that are no architectures or no numbers; the message lists the first five.

        >>> from augury.spaces import ChoiceSpace
        >>> space = ChoiceSpace({"layer": ("conv", "pool")})
        >>> table = {"arch": ["layer=conv", "layer=pool"], "accuracy": [91.5, None]}
        >>> Task.from_table(table, space=space, architecture="arch", metrics={"accuracy": "maximize"},
        ...                 objective="accuracy", name="mine").y
        array([91.5,  nan])
        >>> table = {"layer": ["pool", "conv"], "accuracy": [88.0, 91.5]}
        >>> Task.from_table(table, space=space, metrics={"accuracy": "maximize"}, objective="accuracy",
        ...                 name="mine").architectures.format()
        ['layer=pool', 'layer=conv']
        """
        from .columns import architecture_columns, columns, number_column, read_architectures
        from .trial_tables import finished

        if not isinstance(space, SearchSpace):
            raise InputError(f"space is the SearchSpace that the architectures are of; got space={space!r}.")
        if not isinstance(frame, Mapping) and not hasattr(frame, "columns"):
            raise InputError(
                f"frame is a table, a DataFrame or a mapping of names to columns, such as augury.read_table(path) "
                f"gives; got {frame!r}."
            )
        _check_mapping(metrics, "metrics", "maximize")
        if units is not None:
            _check_mapping(units, "units", "%")
        units = units or {}
        for unknown in set(units) - set(metrics):
            raise UnknownNameError("metric", unknown, metrics)
        told = architecture_columns(list(frame), space, architecture)
        table = columns(frame, list(told), list(metrics))
        table = table[finished(frame, table)]
        if not len(table):
            raise DataError(f"None of the trials of the table {name!r} has ended well; give one that has some.")
        measured = {
            column: Metric(number_column(table[column]), direction, units.get(column, ""))
            for column, direction in metrics.items()
        }
        return cls(name, read_architectures(table, told, space), measured, objective, test_metric)

    @property
    def space(self) -> SearchSpace:
        """The search space."""
        return self.architectures.space

    @cached_property
    def y(self) -> npt.NDArray[np.float64]:
        """``(n,)`` objective, larger is better (a minimised metric is negated here); NaN where it is missing."""
        metric = self.metrics[self.objective]
        y = metric.values if metric.direction == "maximize" else -metric.values
        y.setflags(write=False)
        return y

    def __len__(self) -> int:
        return len(self.architectures)

    def __repr__(self) -> str:
        return f"Task({self.name!r}: {len(self)} of {self.space}, objective {self.objective!r})"

    def select(self, index: slice | Sequence[int] | npt.NDArray[Any]) -> Task:
        """The task with only some of its architectures, by slice, mask or index array."""
        return replace(
            self,
            architectures=self.architectures[index if isinstance(index, slice) else _rows(index)],
            metrics={name: metric.select(index) for name, metric in self.metrics.items()},
        )

    def with_objective(
        self,
        objective: str,
        *,
        test_metric: str | None = None,
        direction: Literal["maximize", "minimize"] | None = None,
    ) -> Task:
        """The task with another of its metrics as the objective; itself if it is that one already.

        Args:
            objective: The metric's name.
            test_metric: The name of its twin on held-out data, if there is one.
            direction: What is better of it, where the metric does not know, as of a study's further metrics; by default
                what the metric says.

        Raises:
            UnknownNameError: One of them is none of the metrics, or there is no such direction.

        >>> from augury.spaces import ChoiceSpace
        >>> metrics = {"accuracy": Metric([91.0, 88.0], "maximize"), "latency": Metric([5.0, 2.0], "minimize")}
        >>> task = Task("mine", ChoiceSpace({"layer": ("a", "b")}).enumerate(), metrics, objective="accuracy")
        >>> task.with_objective("latency").y
        array([-5., -2.])
        """
        metrics, metric = self.metrics, self.metrics.get(objective)
        if direction is not None and metric is not None and metric.direction != direction:
            metrics = {**metrics, objective: replace(metric, direction=direction)}
        elif objective == self.objective and test_metric in (None, self.test_metric):
            return self
        return replace(self, metrics=metrics, objective=objective, test_metric=test_metric)

    def sample(self, n: int, rng: np.random.Generator) -> Task:
        """``n`` architectures with a known objective, no two of one canonical form.

        Forms are drawn uniformly, then one architecture of each; they come in random order.

        Raises:
            InputError: There are fewer than ``n`` forms, ``n`` is no whole number, or ``rng`` no generator.
        """
        check_generator(rng)
        whole_number(n, "n")
        return self.select(self._draw(n, rng)[0])

    def split(self, n_train: int, seed: int = 0) -> tuple[Task, Task]:
        """A training and a test part, with no canonical form in both.

        The training part has ``n_train`` architectures of different forms, drawn as `sample` draws them; the test
        part has every architecture of the other forms, in the task's order. Neither has a missing objective.

        Raises:
            InputError: There are not more than ``n_train`` forms, or an argument is no whole number of 0 or more.
        """
        rng = np.random.default_rng(whole_number(seed, "seed"))
        train, test = self._draw(whole_number(n_train, "n_train"), rng, spare=1)
        if not len(train) + len(test):
            raise InputError(
                f"Task {self.name!r} has no architecture with a known {self.objective!r}; measure some first."
            )
        if not len(test):
            raise InputError(
                f"Task {self.name!r} has {n_train} canonical forms with a known {self.objective!r}, all of them in the "
                f"training part; take fewer than n_train={n_train}, so that some are left for the test part."
            )
        return self.select(train), self.select(test)

    @property
    def seed_metrics(self) -> tuple[str, ...]:
        """The metrics that hold the single trainings which the objective is the mean of, as their names tell."""
        pattern = re.compile(re.escape(self.objective) + r"_seed\d+")
        return tuple(name for name in self.metrics if pattern.fullmatch(name))

    def sample_weight(self, seeds: Sequence[str] | None = None) -> npt.NDArray[np.float64]:
        """``(n,)`` weights of mean 1 for ``fit``, where the objective is the mean of trainings with several seeds.

        They are one over the noise variance of each mean, which `MeasurementNoise` estimates from all architectures.

        Args:
            seeds: The metrics that hold the single trainings; by default `seed_metrics`, those named as the objective
                with ``_seed`` and a number behind it, as in NAS-Bench-201.

        Raises:
            InputError: There is no such metric, or no architecture has two trainings.
            UnknownNameError: One of ``seeds`` is none of the metrics.

        >>> from augury.spaces import ChoiceSpace
        >>> values = {"acc": [1.5, 4.0, 6.0], "acc_seed0": [1.0, 3.0, 6.0], "acc_seed1": [2.0, 5.0, float("nan")]}
        >>> metrics = {name: Metric(column, "maximize") for name, column in values.items()}
        >>> task = Task("mine", ChoiceSpace({"layer": ("a", "b", "c")}).enumerate(), metrics, objective="acc")
        >>> task.sample_weight().round(3).tolist()
        [1.2, 1.2, 0.6]
        """
        from .measurement_noise import seed_weights

        names = list(self.seed_metrics if seeds is None else seeds)
        for unknown in set(names) - set(self.metrics):
            raise UnknownNameError("metric", unknown, self.metrics)
        if not names:
            raise InputError(
                f"Task {self.name!r} has no metrics named {self.objective}_seed0 and so on; tell which hold the single "
                "trainings: task.sample_weight(seeds=(...))."
            )
        return seed_weights(np.stack([self.metrics[name].values for name in names], axis=1))

    def to_frame(self) -> pd.DataFrame:
        """A table: the texts of the architectures as column ``architecture``, then a column a metric."""
        import pandas as pd

        values = {name: metric.values for name, metric in self.metrics.items()}
        return pd.DataFrame({ARCHITECTURE: self.architectures.format(), **values})

    @cached_property
    def _forms(self) -> npt.NDArray[np.int64]:
        """`Architectures.forms`, worked out once."""
        return self.architectures.forms()

    def _draw(
        self, n: int, rng: np.random.Generator, *, spare: int = 0
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The rows of ``n`` random forms, one each, and all known rows of the other forms.

        Messages say how many may be asked for where so many forms as ``spare`` are to be left.
        """
        known = np.flatnonzero(~np.isnan(self.y))
        mixed = rng.permutation(known)
        forms, first = np.unique(self._forms[mixed], return_index=True)
        if n > len(forms):
            most = f"ask for 0 to {len(forms) - spare}" if len(forms) > spare else "measure more first"
            raise InputError(
                f"Cannot draw {n!r} architectures of different canonical forms from task {self.name!r}, which has "
                f"{len(forms)} forms with a known {self.objective!r}; {most}."
            )
        drawn = mixed[first[rng.permutation(len(forms))[:n]]]
        rest = known[~np.isin(self._forms[known], self._forms[drawn])]
        return drawn, rest


def _check_mapping(given: object, name: str, example: str) -> None:
    if not isinstance(given, Mapping):
        first = next((part for part in given if isinstance(part, str)), None) if isinstance(given, Iterable) else None
        column = given if isinstance(given, str) else first or "accuracy"
        raise InputError(f"{name} is a mapping of columns, such as {{{column!r}: {example!r}}}; got {name}={given!r}.")


def _rows(index: Sequence[int] | npt.NDArray[Any]) -> npt.NDArray[Any]:
    rows = np.asarray(index)
    return rows if rows.size or rows.dtype == bool else rows.astype(np.int64)
