"""The loop of a worker: take an architecture, evaluate it, store what came of it."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Sequence

from optuna.trial import FrozenTrial

from ..evaluators import Evaluator
from .claims import Claims
from .outcome import Outcome, evaluate

__all__ = ["Reporter", "evaluate_in_turn", "may_go_on"]

logger = logging.getLogger("augury")


def evaluate_in_turn(
    claims: Claims,
    evaluator: Evaluator,
    objective: str,
    budget: int,
    *,
    go_on: Callable[[], bool],
    report: Callable[[], None],
) -> None:
    """Evaluate one architecture after the other until there is no more to do.

    Args:
        claims: Where architectures come from and results go.
        evaluator: Architecture → metrics by name.
        objective: The metric that must be there.
        budget: How many evaluations the study shall have in all.
        go_on: Asked before each.
        report: Called after each.
    """
    while go_on():
        claim = claims.next(budget)
        if claim is None:
            return
        with claims.under_way(claim):
            outcome = evaluate(evaluator, claim.architecture, objective)
        try:
            claims.finish(claim, outcome)
        except KeyboardInterrupt:  # the result is there, and may have been dear: store it first
            claims.finish(claim, outcome)
            raise
        except Exception:  # of the database
            logger.error("This could not be stored: %s gave %s", claim.architecture, _told(objective, outcome))
            raise
        report()


def _told(objective: str, outcome: Outcome) -> str:
    return outcome.failure or str({objective: outcome.value, **outcome.metrics})


class Reporter:
    """Calls back for every evaluation that has ended since the last time.

    Args:
        ended: Gives the trials of all evaluations that have ended.
        callbacks: What to call with each new one.
    """

    def __init__(
        self, ended: Callable[[], list[FrozenTrial]], callbacks: Sequence[Callable[[FrozenTrial], None]]
    ) -> None:
        self._ended = ended
        self._callbacks = callbacks
        self._reported = {trial.number for trial in ended()} if callbacks else set()

    def __call__(self) -> None:
        """Report what is new."""
        if not self._callbacks:
            return
        for trial in self._ended():
            if trial.number not in self._reported:
                self._reported.add(trial.number)
                for callback in self._callbacks:
                    callback(trial)


def may_go_on(deadline: float | None, parent: int | None = None) -> bool:
    """Whether there is time left, and a worker's parent has not been killed."""
    return (deadline is None or time.time() < deadline) and parent in (None, os.getppid())
