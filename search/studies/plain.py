"""Optuna studies that augury did not make, read by the names of a search space's decisions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import optuna
from optuna.trial import FrozenTrial

from ...spaces import InputError, SearchSpace, StudyError
from ..history import History
from .parameters import Parameters
from .trials import ARCHITECTURE, metrics_of, sign_of, value_of

__all__ = ["objective_of", "plain_history"]

VALUE = "value"  # the objective's name where the study does not name it, as in Optuna's own tables
SAME = 1e-9  # relative; steps that Optuna adds up differ so little from the number meant


def objective_of(study: optuna.Study) -> str:
    """What a study of one objective calls it.

    Raises:
        StudyError: It has several.
    """
    if len(study.directions) > 1:
        raise StudyError(
            f"The study {study.study_name!r} has {len(study.directions)} objectives, and a source has one; copy the "
            "trials into a study of one objective, or make the Task from their table."
        )
    return (study.metric_names or [VALUE])[0]


def plain_history(study: optuna.Study, space: SearchSpace) -> History:
    """The trials that have a finite value; those that failed, were pruned or still run are left out.

    A trial's architecture is what its parameters say, under the names that ``space.positions()`` gives, and where
    they do not fit, its user attribute ``architecture``, a text that ``space.parse`` reads.

    Raises:
        StudyError: A trial with a value has neither, or the study has several objectives.
    """
    parameters, objective = Parameters(space), objective_of(study)
    trials = [trial for trial in study.get_trials(deepcopy=False) if math.isfinite(value_of(trial))]
    trials.sort(key=lambda trial: trial.number)
    genotypes = [_genotype(trial, parameters, study.study_name) for trial in trials]
    rows = [{**metrics_of(trial), objective: value_of(trial)} for trial in trials]
    names = dict.fromkeys([objective, *(name for row in rows for name in row)])
    metrics = {name: np.asarray([row.get(name, np.nan) for row in rows], dtype=np.float64) for name in names}
    array = np.asarray(genotypes, dtype=np.int64).reshape(len(trials), len(space.cardinalities))
    return History(space.from_genotypes(array), sign_of(study) * metrics[objective], metrics)


def _genotype(trial: FrozenTrial, parameters: Parameters, study: str) -> tuple[int, ...]:
    space, text = parameters.space, trial.user_attrs.get(ARCHITECTURE)
    try:
        genotype = _from_parameters(trial.params, parameters)
        if not space.valid(np.asarray([genotype], dtype=np.int64))[0]:
            raise InputError(f"its parameters {trial.params!r} are no valid architecture of {space}")
    except InputError as error:
        wrong = error
    else:
        return genotype
    if not isinstance(text, str):
        raise StudyError(
            f"Trial {trial.number} of the study {study!r} is no architecture of {space}: {wrong}. Give the space that "
            f"was searched, or tell the architecture by trial.set_user_attr({ARCHITECTURE!r}, text)."
        ) from wrong
    try:
        return space.parse(text)[0].genotype
    except InputError as error:
        raise StudyError(
            f"Trial {trial.number} of the study {study!r} is no architecture of {space}: {wrong}, and its user "
            f"attribute {ARCHITECTURE!r} is {text!r}. {error}"
        ) from error


def _from_parameters(values: dict[str, Any], parameters: Parameters) -> tuple[int, ...]:
    """The genotype that values of parameters stand for; raises `InputError` with what is wrong about them."""
    names = list(parameters.choices)
    if missing := [name for name in names if name not in values]:
        raise InputError(f"it lacks the parameter {missing[0]!r}; it has {list(values)}, and all of {names} are needed")
    if unknown := [name for name in values if name not in parameters.choices]:
        raise InputError(f"it has a parameter {unknown[0]!r}; only {names} are allowed")
    return tuple(_index(name, values[name], choices) for name, choices in parameters.choices.items())


def _index(name: str, value: Any, choices: Sequence[str | float]) -> int:
    for index, choice in enumerate(choices):
        if choice == value:
            return index
        if isinstance(value, float) and not isinstance(choice, str) and math.isclose(choice, value, rel_tol=SAME):
            return index
    raise InputError(f"its parameter {name!r} is {value!r}; allowed is one of {list(choices)}")
