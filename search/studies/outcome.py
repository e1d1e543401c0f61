"""What came of one evaluation."""

from __future__ import annotations

import math
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field

from ...spaces import Architecture, InputError
from ..evaluators import Evaluator, MissingMetricError
from .trials import apart

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
        traceback: Where it failed, if an exception says so, and the exception's notes.
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
    "the objective 'accuracy' is nan (null in JSON)"
    """
    notes: list[str] = []
    try:
        given: object = evaluator(architecture)
    except InputError:
        raise
    except MissingMetricError as error:
        given = error.metrics  # which may do
        notes = getattr(error, "__notes__", notes)
    except Exception as error:
        return _failed(error)
    if not isinstance(given, Mapping):
        return Outcome(None, failure=f"the evaluator returned {type(given).__name__}, not metrics by name")
    try:
        given = dict(given)
    except Exception as error:  # a mapping of the evaluator's own
        return _failed(error)
    if objective not in given:
        return Outcome(
            None,
            _finite(given),
            failure=f"{missing(objective)} {sorted(map(str, given))}"[:LONGEST_REASON],
            traceback="\n".join(notes)[-LONGEST_TRACEBACK:] or None,
        )
    metrics = _finite(given)
    value = metrics.pop(objective, None)
    if value is None:
        told = f"{given[objective]!r}"
        told += " (null in JSON)" if told == "nan" else ""
        return Outcome(None, metrics, failure=f"the objective {objective!r} is {told}"[:LONGEST_REASON])
    return Outcome(value, metrics)


def _failed(error: Exception) -> Outcome:
    try:
        told = " ".join(str(error).split())
    except Exception:  # of an exception that cannot be told
        told = ""
    reason = f"{type(error).__name__}: {told}".removesuffix(": ")
    return Outcome(None, failure=reason[:LONGEST_REASON], traceback=traceback.format_exc()[-LONGEST_TRACEBACK:])


def missing(objective: str) -> str:
    """How the reason begins where the objective is not among the metrics."""
    return f"the objective {objective!r} is not among the metrics"


def _finite(metrics: Mapping[str, object]) -> dict[str, float]:
    """Those that are finite numbers, whatever else is among them, by the names that a trial may have them under."""
    found = {}
    for name, given in metrics.items():
        try:
            value = float(given)  # type: ignore[arg-type]  # one-element arrays and tensors are numbers, too
        except Exception:  # a text, an array, an integer too large, an object that raises what it likes …
            continue
        if math.isfinite(value):
            found[apart(str(name))] = value
    return found
