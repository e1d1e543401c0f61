"""Evaluations of the same task that were made elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from optuna.trial import FrozenTrial, TrialState, create_trial

from ...spaces import Architectures, InputError, UnknownNameError
from ...spaces.difference import space_hint
from ..arguments import check_kind
from .parameters import Parameters
from .trials import ARCHITECTURE, KNOWN, apart

if TYPE_CHECKING:
    from ...data import Task

__all__ = ["known_trials"]


def known_trials(
    task: Task, parameters: Parameters, objective: str, direction: str, done: Architectures
) -> Iterator[FrozenTrial]:
    """A finished trial for each row of a task that has a value, and is not done up to canonical form.

    Args:
        task: What is known.
        parameters: Those of the study.
        objective: The study's.
        direction: ``"maximize"`` or ``"minimize"``.
        done: What has been evaluated with success.

    Raises:
        InputError: It is no task, is of another space, or lacks the objective in that direction.
    """
    from ...data import Task  # here, as it is much to import

    check_kind("task", task, Task, "augury.Task.from_table(...) or augury.search.study_to_task(...)")
    if task.space != parameters.space:
        raise InputError(
            f"The study searches {parameters.space!r}, and the task {task.name!r} is of {task.space!r}; give "
            f"evaluations of the study's space.{space_hint(parameters.space, task.space)}"
        )
    if objective not in task.metrics:
        raise UnknownNameError(f"metric of the task {task.name!r}", objective, task.metrics)
    if (theirs := task.metrics[objective].direction) != direction:
        raise InputError(
            f"The study is to {direction} {objective!r}, and the task {task.name!r} to {theirs} it; give both one "
            "direction."
        )
    return _trials(task, parameters, objective, done)


def _trials(task: Task, parameters: Parameters, objective: str, done: Architectures) -> Iterator[FrozenTrial]:
    new = np.isfinite(task.metrics[objective].values) & ~task.architectures.isin(done)
    metrics = {apart(name): metric.values for name, metric in task.metrics.items()}
    for row in np.flatnonzero(new).tolist():
        values = {name: float(column[row]) for name, column in metrics.items() if np.isfinite(column[row])}
        yield create_trial(
            state=TrialState.COMPLETE,
            value=values.pop(objective),
            params=parameters.values(task.architectures.genotypes[row]),
            distributions=parameters.distributions,
            user_attrs={ARCHITECTURE: str(task.architectures[row]), KNOWN: task.name, **values},
        )
