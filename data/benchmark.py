"""A benchmark: several tasks, each loaded when it is asked for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeVar, overload

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures, UnknownNameError
from .task import Metric, Task

__all__ = ["Benchmark", "BenchmarkInfo", "MetricInfo", "TaskInfo"]

T = TypeVar("T")


@dataclass(frozen=True)
class MetricInfo:
    """What a benchmark says of a metric before any data is read.

    Attributes:
        direction: ``"maximize"`` or ``"minimize"``.
        unit: Such as ``"%"``.
        description: What it is.

    >>> MetricInfo("minimize", "ms", "time of a forward pass").of(np.array([2.5, 4.0])).direction
    'minimize'
    """

    direction: Literal["maximize", "minimize"]
    unit: str
    description: str

    def of(self, values: npt.NDArray[np.float64]) -> Metric:
        """The metric with its values."""
        return Metric(values, self.direction, self.unit, self.description)


@dataclass(frozen=True)
class TaskInfo:
    """What a benchmark says of a task before any data is read.

    Attributes:
        architectures: How many were measured.
        distinct: How many canonical forms they have.
        description: What the networks do there.

    >>> from augury.data import info
    >>> info("nas-bench-201").tasks["cifar10"].architectures
    15625
    """

    architectures: int
    distinct: int
    description: str


@dataclass(frozen=True)
class BenchmarkInfo:
    """What there is to know of a benchmark before any data is read.

    Attributes:
        name: As `load_benchmark` takes it.
        description: In a sentence.
        space: The name of its search space.
        tasks: Name → `TaskInfo`, in the benchmark's order.
        metrics: Name → `MetricInfo`; all tasks have all of them.
        objective: The metric that a search sees.
        test_metric: Its twin on held-out data, if there is one.
        package: The PyPI package and version that the data is read from.
        licence: Of the data, whatever that of the package is.
        citation: The key of its paper in the references.

    >>> from augury.data import info
    >>> info("nas-bench-201").objective, info("nas-bench-201").citation
    ('valid_accuracy', 'dong2020')
    """

    name: str
    description: str
    space: str
    tasks: Mapping[str, TaskInfo]
    metrics: Mapping[str, MetricInfo]
    objective: str
    test_metric: str | None
    package: str
    licence: str
    citation: str


class Benchmark(Mapping[str, Task], ABC):
    """A mapping from names to tasks that reads a task at its first use.

    A subclass sets `info` and writes `_load`.

    >>> from augury.spaces import ChoiceSpace
    >>> class Toy(Benchmark):
    ...     info = BenchmarkInfo(
    ...         "toy", "One layer on one data set.", "ChoiceSpace", {"mine": TaskInfo(2, 2, "classify")},
    ...         {"accuracy": MetricInfo("maximize", "%", "validation accuracy")}, "accuracy", None, "none", "MIT", "",
    ...     )
    ...     def _load(self, name):
    ...         architectures = ChoiceSpace({"layer": ("conv", "pool")}).enumerate()
    ...         return self._task(name, architectures, {"accuracy": np.array([90.0, 85.0])})
    >>> benchmark = Toy()
    >>> list(benchmark), benchmark["mine"].y.tolist()
    (['mine'], [90.0, 85.0])
    """

    info: ClassVar[BenchmarkInfo]

    def __init__(self) -> None:
        self._loaded: dict[str, Task] = {}

    @abstractmethod
    def _load(self, name: str) -> Task:
        """The task of a name that is known to be one."""

    def _task(self, name: str, architectures: Architectures, values: Mapping[str, npt.NDArray[np.float64]]) -> Task:
        """A task with what `info` says of its metrics."""
        metrics = {metric: about.of(values[metric]) for metric, about in self.info.metrics.items()}
        return Task(name, architectures, metrics, self.info.objective, self.info.test_metric)

    def __getitem__(self, name: str) -> Task:
        if name not in self.info.tasks:
            raise UnknownNameError(f"task of {self.info.name}", name, self.info.tasks)
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.info.tasks)

    def __len__(self) -> int:
        return len(self.info.tasks)

    def __contains__(self, name: object) -> bool:
        return name in self.info.tasks

    @overload
    def get(self, name: str, default: None = None, /) -> Task | None: ...
    @overload
    def get(self, name: str, default: Task | T, /) -> Task | T: ...
    def get(self, name: str, default: object = None, /) -> object:
        """The task, or ``default`` if there is none of that name."""
        return self[name] if name in self.info.tasks else default

    def __repr__(self) -> str:
        return f"<benchmark {self.info.name}: {', '.join(self)}>"
