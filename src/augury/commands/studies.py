"""Running a study from the command line: begun, gone on with, or found finished."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ..search import EvaluationWarning, Study
from ..search.studies.storage import storage_errors
from ..search.studies.stored import load_stored
from ..spaces import StudyError
from .console import say
from .options import at_least
from .progress import progress

if TYPE_CHECKING:
    from ..search import Strategy
    from .targets import Target

__all__ = ["run_study", "target_of"]

TARGET = "augury:target"  # the study's user attribute that holds the target's settings


def run_study(
    target: Target,
    make_strategy: Callable[[], Strategy],
    *,
    storage: str,
    name: str,
    seed: int,
    budget: int,
    workers: int,
    anew: str = "give another --name",
) -> Study:
    """The study of that name with ``budget`` evaluations; what is missing of them is done now, and shown.

    Args:
        target: What to search on.
        make_strategy: Makes the strategy; called only if something is left to do.
        storage: A path of an SQLite file, or a database URL.
        name: The study's name.
        seed: Of the strategy.
        budget: How many evaluations.
        workers: How many processes.
        anew: What the user does to search anew.

    Raises:
        StudyError: The storage cannot be used, or has a study of that name with another target.
        InputError: The budget, the workers or the seed are out of range.
    """
    at_least(budget=(budget, 1), workers=(workers, 1), seed=(seed, 0))
    study = _open(target, None, storage, name, seed, anew)
    done = len(study.history)
    if done >= budget:
        say(f"Study {name!r} in {storage} has its {done} evaluations; to search anew, {anew}.")
        return study
    if done:
        say(f"Study {name!r} in {storage} goes on after {done} of {budget} evaluations.")
    study = _open(target, make_strategy(), storage, name, seed, anew)
    with progress(study, budget) as show, warnings.catch_warnings():
        warnings.simplefilter("ignore", EvaluationWarning)  # shown one by one
        study.run(budget, workers=workers, callbacks=[show])
    return study


def target_of(storage: str, name: str) -> dict[str, object] | None:
    """The settings of the target that a stored study searches; None if the command line did not make it."""
    return load_stored(storage, name)[0].user_attrs.get(TARGET)


def _open(target: Target, strategy: Strategy | None, storage: str, name: str, seed: int, anew: str) -> Study:
    study = Study.create_or_load(
        name=name,
        storage=storage,
        space=target.space,
        strategy=strategy,
        evaluator=target.evaluator,
        objective=target.objective,
        seed=seed,
        candidates=target.candidates,
    )
    with storage_errors(storage):
        told = study.optuna_study.user_attrs.get(TARGET)
        if told is None:
            study.optuna_study.set_user_attr(TARGET, dict(target.settings))
        elif told != dict(target.settings):
            raise StudyError(
                f"The study {name!r} in {storage} was begun with {_listed(told, target.settings)}, not with "
                f"{_listed(target.settings, told)}; give the same, or to search anew, {anew}."
            )
    return study


def _listed(settings: Mapping[str, object], others: Mapping[str, object]) -> str:
    """What is not the same in the others."""
    return ", ".join(f"{key} {value}" for key, value in settings.items() if others.get(key, ...) != value) or "less"
