"""Optuna studies that augury did not make, read by the names of a search space's decisions."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution
from optuna.trial import FrozenTrial

from ...spaces import InputError, SearchSpace, StudyError
from ...spaces.chosen import Chooser
from ..history import History
from .parameters import Parameters
from .trials import ARCHITECTURE, metrics_of, sign_of, value_of

__all__ = ["Reader", "objective_of", "plain_history"]

logger = logging.getLogger("augury")

Reader = Callable[[FrozenTrial], str | Mapping[str, object] | None]
"""What a trial's architecture is, as ``space.parse`` reads it; None for a trial to leave out."""

VALUE = "value"  # the objective's name where the study does not name it, as in Optuna's own tables
MEND = (
    "Give the space that was searched, or tell the architectures in Python by study_to_task(..., architecture=), a "
    "function from a trial to its text or choices."
)


class _BetweenError(InputError):
    """A number that was drawn from a range is none of the choices."""


_Read = tuple[int, ...] | _BetweenError | None
"""A genotype, or what lies between the choices, or nothing, as a user wants it."""


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


def plain_history(study: optuna.Study, space: SearchSpace, architecture: Reader | None = None) -> History:
    """The trials that have a finite value; those that failed, were pruned or still run are left out.

    A trial's architecture is what its parameters say, under the names that ``space.positions()`` gives, and where
    they do not fit, its user attribute ``architecture``, a text that ``space.parse`` reads. Where there is none either,
    a few parameters besides the space's are taken no notice of, and trials whose number, drawn from a range, is none
    of the choices are left out; a logged warning says so.

    Args:
        study: A study of one objective.
        space: What it searched.
        architecture: Tells a trial's architecture instead.

    Raises:
        StudyError: A trial with a value is no architecture, none is left, or the study has several objectives.
    """
    parameters, objective = Parameters(space), objective_of(study)
    trials = [trial for trial in study.get_trials(deepcopy=False) if math.isfinite(value_of(trial))]
    trials.sort(key=lambda trial: trial.number)
    read: Sequence[_Read]
    if architecture is None:
        read = [_genotype(trial, parameters, study.study_name) for trial in trials]
        _tell(study.study_name, trials, read, parameters)
    else:
        read = [_told(trial, space, architecture, study.study_name) for trial in trials]
        if trials and all(genotype is None for genotype in read):
            raise StudyError(
                f"architecture= leaves out all {len(trials)} trials with a value of the study {study.study_name!r}; "
                "let it return the architecture of those to learn from."
            )
    genotypes = [genotype for genotype in read if isinstance(genotype, tuple)]
    rows = [
        {**metrics_of(trial), objective: value_of(trial)}
        for trial, genotype in zip(trials, read, strict=True)
        if isinstance(genotype, tuple)
    ]
    names = dict.fromkeys([objective, *(name for row in rows for name in row)])
    metrics = {name: np.asarray([row.get(name, np.nan) for row in rows], dtype=np.float64) for name in names}
    array = np.asarray(genotypes, dtype=np.int64).reshape(len(rows), len(space.cardinalities))
    return History(space.from_genotypes(array), sign_of(study) * metrics[objective], metrics)


def _genotype(trial: FrozenTrial, parameters: Parameters, study: str) -> tuple[int, ...] | _BetweenError:
    """The genotype that a trial tells, or which number of it lies between the choices."""
    space, text = parameters.space, trial.user_attrs.get(ARCHITECTURE)
    told = isinstance(text, str)
    try:
        genotype = _from_parameters(trial, parameters, most_others=0 if told else len(parameters.choices) - 1)
        if not space.valid(np.asarray([genotype], dtype=np.int64))[0]:
            raise InputError(f"its parameters {trial.params!r} are no valid architecture of {space}")
    except InputError as error:
        wrong = error
    else:
        return genotype
    which = f"Trial {trial.number} of the study {study!r} is no architecture of {space}: {wrong}"
    if not isinstance(text, str):
        if isinstance(wrong, _BetweenError):
            return wrong
        raise StudyError(f"{which}. {MEND}") from wrong
    try:
        return space.parse(text)[0].genotype
    except InputError as error:
        raise StudyError(f"{which}, and its user attribute {ARCHITECTURE!r} is {text!r}. {error}") from error


def _told(trial: FrozenTrial, space: SearchSpace, architecture: Reader, study: str) -> tuple[int, ...] | None:
    """The genotype that a user's function tells."""
    try:
        told = architecture(trial)
    except Exception as error:
        raise StudyError(
            f"architecture= fails on trial {trial.number} of the study {study!r}, whose parameters are "
            f"{trial.params!r} ({type(error).__name__}: {error}); mend it, and let it return None for a trial to leave "
            "out."
        ) from error
    try:
        return None if told is None else space.parse([told])[0].genotype
    except InputError as error:
        raise StudyError(
            f"architecture= says of trial {trial.number} of the study {study!r} what is no architecture of {space}. "
            f"{error}"
        ) from error


def _tell(study: str, trials: Sequence[FrozenTrial], read: Sequence[_Read], parameters: Parameters) -> None:
    """Say what was left out; raise if that is all."""
    between = [genotype for genotype in read if isinstance(genotype, _BetweenError)]
    if between and len(between) == len(read):
        raise StudyError(
            f"No trial of the study {study!r} is an architecture of {parameters.space}; of the first, {between[0]}. "
            f"{MEND}"
        )
    used = [trial for trial in trials if not isinstance(trial.user_attrs.get(ARCHITECTURE), str)]
    others = dict.fromkeys(name for trial in used for name in trial.params if name not in parameters.choices)
    if others:
        logger.warning(
            "Parameters of the study %r are none of the space's decisions, and left out: %s.", study, ", ".join(others)
        )
    if between:
        logger.warning(
            "%d of %d trials of the study %r are left out, which are between the space's choices; of the first, %s.",
            len(between), len(read), study, between[0],
        )  # fmt: skip


def _from_parameters(trial: FrozenTrial, parameters: Parameters, *, most_others: int) -> tuple[int, ...]:
    """The genotype that values of parameters stand for; raises `InputError` with what is wrong about them."""
    values, names = trial.params, list(parameters.choices)
    if missing := [name for name in names if name not in values]:
        raise InputError(f"it lacks the parameter {missing[0]!r}; it has {list(values)}, and all of {names} are needed")
    others = [name for name in values if name not in parameters.choices]
    if len(others) > most_others:
        allowed = f"only {names} are allowed"
        if most_others:
            allowed += f", and fewer others than these, not {len(others)}"
        raise InputError(f"it has a parameter {others[0]!r}; {allowed}")
    return tuple(
        _index(chooser, values[name], trial.distributions[name]) for name, chooser in parameters.choosers.items()
    )


def _index(chooser: Chooser, value: object, drawn_from: BaseDistribution) -> int:
    try:
        return chooser.index(value)
    except InputError as error:
        choices = chooser.choices
        ranged = not isinstance(drawn_from, CategoricalDistribution) and not all(isinstance(c, str) for c in choices)
        kind = _BetweenError if ranged else InputError
        raise kind(f"its parameter {chooser.decision!r} is {value!r}; allowed is one of {list(choices)}") from error
