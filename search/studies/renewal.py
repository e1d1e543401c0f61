"""A study in which nothing has succeeded yet takes other settings, and loses nothing that was measured."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import replace
from uuid import uuid4

import optuna
from optuna.exceptions import DuplicatedStudyError
from optuna.trial import FrozenTrial, TrialState

from ...spaces import SearchSpace, StudyError
from ..quiet import quiet
from ..uninterrupted import uninterrupted
from .given import Direction
from .liveness import alive
from .parameters import Parameters
from .record import KEY, Record
from .trials import FAILURE, OTHERS, TRACEBACK, WORKER, counts, has_failed, is_known, live, metrics_of, value_of

__all__ = ["disowned", "is_free", "renewed"]

logger = logging.getLogger("augury")


def is_free(trials: Iterable[FrozenTrial]) -> bool:
    """Whether settings may still change: no evaluation has succeeded, and none is under way."""
    return not any(
        (trial.state == TrialState.COMPLETE and not is_known(trial))
        or (live(trial) and alive(trial.user_attrs.get(WORKER, {})) is not False)
        for trial in trials
    )


def renewed(
    study: optuna.Study, old: Record, new: Record, space: SearchSpace, direction: Direction
) -> tuple[optuna.Study, Record] | None:
    """The study by another objective or direction, or of another space; None if it is not free for that.

    What failed stays failed, unless it was for want of the old objective and the new one was measured: that counts as a
    success now. Failures in another space that measured nothing are dropped.

    Args:
        study: The stored one, which is replaced.
        old: Its record.
        new: What is wanted.
        space: The space of that.
        direction: That of the new objective.

    Raises:
        StudyError: Another process does the same.
    """
    trials = study.get_trials(deepcopy=False)
    if not is_free(trials):
        return None
    if old.describes(space):
        new = replace(new, parameters=old.parameters)
    parameters = new.make_parameters(space)
    fits = [trial for trial in trials if counts(trial) and parameters.genotype(trial.params) is not None]
    numbers = {trial.number for trial in fits}
    if any(metrics_of(trial) for trial in trials if has_failed(trial) and trial.number not in numbers):
        return None
    kept = [found for trial in fits if (found := _by(trial, old.objective, new.objective)) is not None]
    for trial in kept:
        trial.distributions = parameters.distributions  # a space may have been given more choices
    waiting = [trial for trial in trials if trial.state == TrialState.WAITING and _may_wait(trial, parameters)]
    made = _replaced(study, new, direction, [*kept, *waiting])
    counted = sum(trial.state == TrialState.COMPLETE and not is_known(trial) for trial in kept)
    logger.warning(
        "No evaluation of the study %r had succeeded; it is to %s %r in %s now%s.", study.study_name, direction,
        new.objective, space, f", and {counted} of its evaluations measured that, and count" if counted else "",
    )  # fmt: skip
    return made, new


def disowned(study: optuna.Study, record: Record) -> optuna.Study:
    """The study with a mark on its failed evaluations that what they measured is of something else, as of a program
    that another one has taken the place of; so it never counts as a success.

    Raises:
        StudyError: Another process does the same.
    """  # fmt: skip
    trials = study.get_trials(deepcopy=False)
    if not any(has_failed(trial) and metrics_of(trial) for trial in trials):
        return study
    kept = [_copy(trial, {OTHERS: True}) if has_failed(trial) else trial for trial in trials if not live(trial)]
    return _replaced(study, record, "maximize" if study.direction.name == "MAXIMIZE" else "minimize", kept)


def _by(trial: FrozenTrial, old: str, new: str) -> FrozenTrial | None:
    """An evaluation by another objective; None for one that was known beforehand and does not know it."""
    measured = metrics_of(trial)
    if trial.state == TrialState.COMPLETE:
        measured[old] = value_of(trial)
    value = None if OTHERS in trial.user_attrs else measured.pop(new, None)
    if value is None:
        return None if is_known(trial) else copy(trial)
    found = _copy(trial, measured, without=(FAILURE, TRACEBACK, new))
    found.state, found.value = TrialState.COMPLETE, value
    return found


def _copy(trial: FrozenTrial, more: dict[str, float], without: Sequence[str] = ()) -> FrozenTrial:
    found = copy(trial)
    found.user_attrs = {name: value for name, value in (trial.user_attrs | more).items() if name not in without}
    return found


def _may_wait(trial: FrozenTrial, parameters: Parameters) -> bool:
    return parameters.genotype(trial.system_attrs.get("fixed_params", {})) is not None


@uninterrupted()
def _replaced(study: optuna.Study, record: Record, direction: Direction, trials: Sequence[FrozenTrial]) -> optuna.Study:
    """A new study of the same name, as a direction cannot be changed, nor a trial that has ended.

    Meanwhile a spare one has the trials, so that they outlive a full disk or the end of the process.
    """
    storage, name = study._storage, study.study_name
    attributes = {key: value for key, value in study.user_attrs.items() if key != KEY}
    with quiet():
        spare = optuna.create_study(storage=storage, study_name=f"{name} (spare {uuid4().hex})", direction=direction)
    spare.add_trials(trials)
    try:
        storage.delete_study(study._study_id)
        with quiet():
            found = optuna.create_study(storage=storage, study_name=name, direction=direction)
    except (KeyError, DuplicatedStudyError) as error:
        raise StudyError(
            f"Another process has just given the study {name!r} other settings; run the same again."
        ) from error
    record.write(found)
    for key, value in attributes.items():
        found.set_user_attr(key, value)
    found.add_trials(trials)
    storage.delete_study(spare._study_id)
    return found
