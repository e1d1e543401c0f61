"""Choices as the distributions that an Optuna study has, or an objective function asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
    check_distribution_compatibility,
)

from ...spaces import InputError
from ...spaces.number_ranks import number_ranks

__all__ = ["as_distributed", "check_kind_of", "suggested"]


def suggested(trial: optuna.trial.BaseTrial, name: str, choices: Sequence[str | int | float]) -> Any:
    """What a trial has for a decision, distributed as in earlier trials of its study.

    Args:
        trial: Any of Optuna's.
        name: The decision's.
        choices: Those of the space.
    """
    earlier = _earlier(trial.study, name) if isinstance(trial, optuna.Trial) else None
    if isinstance(earlier, IntDistribution | FloatDistribution) and number_ranks(choices) is not None:
        low, high = min(map(float, choices)), max(map(float, choices))
        log = earlier.log and low > 0
        if isinstance(earlier, FloatDistribution):
            return trial.suggest_float(name, low, high, log=log)
        if all(float(choice).is_integer() for choice in choices):
            return trial.suggest_int(name, int(low), int(high), log=log)
    if isinstance(earlier, CategoricalDistribution) and set(choices) <= set(earlier.choices):
        return trial.suggest_categorical(name, earlier.choices)
    return trial.suggest_categorical(name, choices)


def check_kind_of(study: optuna.Study, name: str, asked: BaseDistribution) -> None:
    """Raise `InputError` if earlier trials have a parameter distributed in another way, which Optuna does not allow."""
    earlier = _earlier(study, name)
    if earlier is None:
        return
    try:
        check_distribution_compatibility(earlier, asked)
    except ValueError as error:
        raise InputError(
            f"Trials of the study {study.study_name!r} have {name!r} as {earlier}, and it is suggested as {asked} now; "
            "suggest it as before, with all choices of the space, or begin another study."
        ) from error


def as_distributed(name: str, choice: str | int | float, asked: BaseDistribution) -> Any:
    """A choice as a value of a distribution.

    Args:
        name: The decision's.
        choice: What was proposed.
        asked: The distribution.

    Raises:
        InputError: It has no such value.

    >>> as_distributed("width", 32, FloatDistribution(16, 64))
    32.0
    >>> as_distributed("width", 128, IntDistribution(16, 64))
    Traceback (most recent call last):
    ...
    augury.spaces.errors.InputError: The strategy proposes 128 for 'width', which is no value of \
IntDistribution(high=64, log=False, low=16, step=1); suggest it from all choices of the space.
    """
    try:
        contained = asked._contains(asked.to_internal_repr(choice))
    except (TypeError, ValueError):  # a text is no number, and no category but those listed
        contained = False
    if not contained:
        raise InputError(
            f"The strategy proposes {choice!r} for {name!r}, which is no value of {asked}; suggest it from all choices "
            "of the space."
        )
    if isinstance(asked, IntDistribution):
        return int(choice)
    return float(choice) if isinstance(asked, FloatDistribution) else choice


def _earlier(study: optuna.Study, name: str) -> BaseDistribution | None:
    """How the first trial that has a parameter has it distributed."""
    trials = study.get_trials(deepcopy=False)
    return next((trial.distributions[name] for trial in trials if name in trial.distributions), None)
