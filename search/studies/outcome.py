"""What came of one evaluation."""

from __future__ import annotations

import math
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field

from ...spaces import Architecture, InputError
from ..evaluators import Evaluator, MissingMetricError

__all__ = ["Outcome", "evaluate", "missing"]

LONGEST_REASON = 1_000  # characters
LONGEST_TRACEBACK = 10_000


@dataclass(frozen=True)
class Outcome:
    """A value, or the reason why there is none.

    Attributes:
        value: The objective, in its own direction; None if the evaluation failed.
        metrics: The other metrics that are finite numbers.
        failure: Why there is no value, in one line; None if there is one.
        traceback: Where it failed, if an exception says so.
    """

    value: float | None
    metrics: Mapping[str, float] = field(default_factory=dict)
    failure: str | None = None
    traceback: str | None = None


def evaluate(evaluator: Evaluator, architecture: Architecture, objective: str) -> Outcome:
    """Evaluate one architecture, and take note of a failure instead of raising it.

    Raises:
        InputError: From the evaluator, which says so that no evaluation can succeed.

    >>> from augury.spaces import ChoiceSpace
    >>> one = ChoiceSpace({"first": ("conv", "pool")}).parse("first=pool")[0]
    >>> evaluate(lambda architecture: {"accuracy": 0.5, "latency": 3}, one, "accuracy")
    Outcome(value=0.5, metrics={'latency': 3.0}, failure=None, traceback=None)
    >>> evaluate(lambda architecture: {"accuracy": float("nan")}, one, "accuracy").failure
    "the objective 'accuracy' is nan"
    """
    try:
        given: object = evaluator(architecture)
    except InputError:
        raise
    except MissingMetricError as error:
        given = error.metrics  # which may do
    except Exception as error:
        reason = f"{type(error).__name__}: {' '.join(str(error).split())}".removesuffix(": ")
        return Outcome(None, failure=reason[:LONGEST_REASON], traceback=traceback.format_exc()[-LONGEST_TRACEBACK:])
    if not isinstance(given, Mapping):
        return Outcome(None, failure=f"the evaluator returned {type(given).__name__}, not metrics by name")
    if objective not in given:
        return Outcome(
            None,
            _finite(given),
            failure=f"{missing(objective)} {sorted(map(str, given))}"[:LONGEST_REASON],
        )
    metrics = _finite(given)
    value = metrics.pop(objective, None)
    if value is None:
        return Outcome(None, metrics, failure=f"the objective {objective!r} is {given[objective]!r}"[:LONGEST_REASON])
    return Outcome(value, metrics)


def missing(objective: str) -> str:
    """How the reason begins where the objective is not among the metrics."""
    return f"the objective {objective!r} is not among the metrics"


def _finite(metrics: Mapping[str, object]) -> dict[str, float]:
    found = {}
    for name, given in metrics.items():
        try:
            value = float(given)  # type: ignore[arg-type]  # one-element arrays and tensors are numbers, too
        except (TypeError, ValueError):
            continue
        if math.isfinite(value):
            found[str(name)] = value
    return found
