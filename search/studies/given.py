"""What a study is given, checked before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ...spaces import InputError
from ..arguments import check_kind, check_limit, check_space, check_whole
from ..evaluators import Evaluator
from ..strategy import check_strategy
from .trials import apart, is_reserved

__all__ = ["Direction", "check_names", "check_parts", "check_run", "direction_of", "told_metrics"]

Direction = Literal["maximize", "minimize"]


def check_parts(space: object, strategy: object, evaluator: object) -> None:
    """Raise unless they are what they should be, each of which may be None.

    Raises:
        InputError: One is something else, such as a name.

    >>> check_parts(None, None, "python train.py {architecture}")
    Traceback (most recent call last):
    ...
    augury.spaces.errors.InputError: evaluator= takes a function of an architecture that returns metrics by name, such \
as augury.search.CommandEvaluator('python train.py {architecture}'); got 'python train.py {architecture}'.
    """
    if space is not None:
        check_space(space)
    if strategy is not None:
        check_strategy(strategy)
    if evaluator is not None and not callable(evaluator):
        raise InputError(
            "evaluator= takes a function of an architecture that returns metrics by name, such as "
            f"augury.search.CommandEvaluator('python train.py {{architecture}}'); got {evaluator!r}."
        )


def check_names(name: object, objective: object) -> None:
    """Raise `InputError` unless they can name a study and its objective."""
    check_kind("name", name, str, "'first'")
    if not name:
        raise InputError("name= is empty; call the study something, such as name='first'.")
    check_kind("objective", objective, str, "'valid_accuracy'")


def check_run(budget: object, workers: object, timeout: object, callbacks: object) -> None:
    """Raise `InputError` unless they are arguments of a run."""
    check_whole("budget", budget)
    check_whole("workers", workers)
    check_limit("timeout", timeout)
    if callable(callbacks):
        raise InputError(f"callbacks= takes a list of functions; got {callbacks!r}; put it in brackets.")


def told_metrics(evaluator: Evaluator | None) -> dict[str, tuple[str, str]]:
    """Direction and unit of each metric as a trial has it, if it is an evaluator that says so; otherwise nothing."""
    metrics = getattr(evaluator, "metrics", None)
    if not isinstance(metrics, Mapping):
        return {}
    return {apart(name): (direction, unit) for name, (direction, unit) in metrics.items()}


def direction_of(objective: str, told: Mapping[str, tuple[str, str]], wanted: str | None) -> Direction:
    """The direction of a study's objective.

    Args:
        objective: The objective's name.
        told: What the evaluator says of its metrics; nothing if it says nothing.
        wanted: The direction that was asked for, if any.

    Raises:
        InputError: The evaluator does not give the objective, or in another direction; or it is no direction, or the
            objective has a name that is reserved.

    >>> direction_of("error", {"error": ("minimize", "%")}, None), direction_of("accuracy", {}, None)
    ('minimize', 'maximize')
    """
    if is_reserved(objective):
        raise InputError(
            f"The objective cannot be called {objective!r}, under which a study keeps something else; let the "
            "evaluator give it another name."
        )
    if told and objective not in told:
        raise InputError(f"The evaluator gives {sorted(told)}, not {objective!r}; name one of them as the objective.")
    expected = _checked(told[objective][0] if told else wanted or "maximize")
    if wanted is not None and _checked(wanted) != expected:
        raise InputError(f"The evaluator says to {expected} {objective!r}, and direction= to {wanted}; leave it out.")
    return expected


def _checked(text: str) -> Direction:
    if text not in ("maximize", "minimize"):
        raise InputError(f"A direction is 'maximize' or 'minimize'; got {text!r}.")
    return "minimize" if text == "minimize" else "maximize"
