"""What an evaluator is, and the one that looks results up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from ..spaces import Architecture, AuguryError, InputError
from ..spaces.difference import space_hint
from .arguments import check_kind

if TYPE_CHECKING:
    from ..data import Task

__all__ = [
    "EvaluationError",
    "EvaluationWarning",
    "Evaluator",
    "MissingMetricError",
    "TableEvaluator",
]


class EvaluationError(AuguryError, RuntimeError):
    """One architecture could not be evaluated; others may be.

    >>> def evaluate(architecture):
    ...     if architecture.genotype[0] > 3:
    ...         raise EvaluationError(f"{architecture} does not fit into memory.")
    ...     return {"valid_accuracy": 90.0}
    """


class MissingMetricError(EvaluationError):
    """An evaluation lacks a metric that it should have; a study takes those there are, if its objective is one.

    Args:
        message: What is missing.
        metrics: What there is.

    >>> MissingMetricError("no latency", {"accuracy": 90.0}).metrics
    {'accuracy': 90.0}
    """

    def __init__(self, message: str, metrics: Mapping[str, float] | None = None) -> None:
        super().__init__(message)
        self.metrics = dict(metrics or {})


class EvaluationWarning(UserWarning):
    """Some evaluations of a run failed.

    >>> import warnings
    >>> warnings.simplefilter("ignore", EvaluationWarning)  # for evaluators that are known to fail now and then
    """


class Evaluator(Protocol):
    """The expensive thing: an architecture to its metrics, by name; any function of that form is one.

    It raises `EvaluationError` where this architecture cannot be evaluated but others may, `InputError` where no
    evaluation can succeed. One that knows which metrics it gives has them as an attribute ``metrics``: name → direction
    (``"maximize"`` or ``"minimize"``) and unit.

    >>> from augury.spaces import ChoiceSpace
    >>> def evaluate(architecture: Architecture) -> dict[str, float]:
    ...     return {"valid_accuracy": 90.0 + architecture.genotype[0], "seconds": 1.5}
    >>> evaluate(ChoiceSpace({"layer": ("conv", "pool")}).parse("layer=pool")[0])
    {'valid_accuracy': 91.0, 'seconds': 1.5}
    """

    def __call__(self, architecture: Architecture, /) -> Mapping[str, float]:
        """Evaluate one architecture."""


class TableEvaluator:
    """Looks metrics up in a task, by canonical form.

    An architecture that the task does not list as it is written is found by an equivalent one: the canonical form
    where it is listed, else the first.

    Args:
        task: Evaluated architectures and their metrics.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool")})
    >>> metrics = {"accuracy": Metric([91.5, 88.0], "maximize", unit="%")}
    >>> task = Task("mine", space.from_genotypes([[0, 0], [0, 1]]), metrics, objective="accuracy")
    >>> TableEvaluator(task)(space.parse("first=conv, second=pool")[0])
    {'accuracy': 88.0}
    """

    def __init__(self, task: Task) -> None:
        from ..data import Task  # here, as it is much to import

        check_kind("task", task, Task, "augury.load_benchmark('nas-bench-graph')['cora']")
        # parts of the task rather than the task: fewer bytes to send to other processes
        self.space = task.space
        self.metrics: Mapping[str, tuple[str, str]] = {
            name: (metric.direction, metric.unit) for name, metric in task.metrics.items()
        }
        """Name → direction and unit, as in the task."""
        self._described = f"The task {task.name!r} of {len(task):,} architectures"
        self._values = {name: metric.values for name, metric in task.metrics.items()}
        exact = task.architectures.keys()
        canonical = task.architectures.canonical().keys()
        # reversed, so that the first of several rows stays; as written goes before equivalent
        self._rows = {key: row for keys in (canonical, exact) for row, key in reversed(list(enumerate(keys.tolist())))}

    def __call__(self, architecture: Architecture, /) -> dict[str, float]:
        """Its metrics; NaN where the task misses one.

        Raises:
            InputError: The task has neither the architecture nor an equivalent, or is of another space.
        """
        if architecture.space != self.space:
            raise InputError(
                f"{self._described} is of {self.space!r}; the one given is of {architecture.space!r}. "
                f"Search the space of the task.{space_hint(self.space, architecture.space)}"
            )
        batch = architecture.as_batch()
        for key in (batch.keys(), batch.canonical().keys()):
            row = self._rows.get(key.tolist()[0])
            if row is not None:
                return {name: float(values[row]) for name, values in self._values.items()}
        raise InputError(
            f"{self._described} has neither {architecture} nor an equivalent; "
            "let the search propose only what it has (candidates=task.architectures)."
        )
