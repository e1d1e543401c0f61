"""Running a study from the command line: begun, gone on with, or found finished."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..search import EvaluationWarning, Study
from ..search.studies.renewal import disowned, is_free
from ..search.studies.storage import storage_errors
from ..search.studies.stored import load_stored
from ..spaces import StudyError
from .console import say, without_passwords
from .options import at_least
from .progress import progress

if TYPE_CHECKING:
    import optuna

    from ..data import Task
    from ..search import History, Strategy
    from .targets import Setting, Target

    Settings = Mapping[str, dict[str, Setting]]  # of target and method

__all__ = ["before_method", "run_study", "target_of"]

TARGET = "augury:target"  # the study's user attribute that holds the target's settings
METHOD = "augury:method"  # … and the one with the strategy's
BEFORE = "augury:before-method"  # … and how many evaluations there were when that was first known


def run_study(
    target: Target,
    make_strategy: Callable[[], Strategy],
    *,
    storage: str,
    name: str,
    seed: int,
    budget: int,
    workers: int,
    method: Mapping[str, Setting] | None = None,
    anew: str = "give another --name",
    retry_failed: bool = False,
    known: Sequence[Task] = (),
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
        method: What proposals depend on besides the seed; a study goes on only with the same.
        anew: What the user does to search anew.
        retry_failed: Whether what failed in earlier runs is evaluated again first.
        known: Evaluations of the target that were made elsewhere; the study takes over those that it has not.

    Raises:
        StudyError: The storage cannot be used, or has a study of that name with another target, method or seed, in
            which something has succeeded.
        InputError: The budget, the workers or the seed are out of range.
    """
    from ..evaluation.summary import count

    at_least(budget=(budget, 1), workers=(workers, 1), seed=(seed, 0))
    where = without_passwords(storage)
    settings = {TARGET: dict(target.settings), METHOD: {**(method or {}), "seed": seed}}
    _take(settings, storage, name, anew)
    study = _open(target, None, storage, name, seed)
    _record(study, settings, storage)
    _check_same(study.optuna_study, settings, storage, anew)
    new = sum(study.add_known(task) for task in known)
    if known:
        say(
            f"{count(study.known, 'evaluation')} of study {name!r} were known beforehand, {new} of them new to it; "
            "they do not count against --budget."
        )
    done = len(study.history) - study.known
    if done >= budget:
        say(f"Study {name!r} in {where} has its {count(done, 'evaluation')}; to search anew, {anew}.")
        if retry_failed and (left := _failed(study.history)):
            say(f"None is left for the {left} that failed, as --budget counts these, too; raise it to {done + left}.")
        return study
    if done:
        say(f"Study {name!r} in {where} goes on after {done} of {budget} evaluations.")
    study = _open(target, make_strategy(), storage, name, seed)
    with progress(study, budget) as show, warnings.catch_warnings():
        warnings.simplefilter("ignore", EvaluationWarning)  # shown one by one
        history = study.run(budget, workers=workers, retry_failed=retry_failed, callbacks=[show])
    if len(history) - study.known + len(history.pending) < budget:  # nothing is left to propose
        among = "the space" if target.candidates is None else "the table"
        distinct = len(history.architectures.distinct())
        say(
            f"All {count(distinct, 'architecture')} of {among} are evaluated, up to those that are equivalent, so "
            f"the search ends before its budget of {budget}."
        )
    return study


def target_of(storage: str, name: str) -> dict[str, object] | None:
    """The settings of the target that a stored study searches; None if the command line did not make it."""
    return load_stored(storage, name, read=True)[0].user_attrs.get(TARGET)


def before_method(study: Study) -> int:
    """How many of its first evaluations were proposed nobody knows how, as in a study that Python began."""
    before: int = study.optuna_study.user_attrs.get(BEFORE, 0)
    return before


def _failed(history: History) -> int:
    """How many architectures failed, and have neither succeeded since nor are under way."""
    failed = history.architectures[~np.isfinite(history.y)]
    left = failed[~(failed.isin(history.succeeded.architectures) | failed.isin(history.pending))]
    return len(left.distinct())


def _open(target: Target, strategy: Strategy | None, storage: str, name: str, seed: int) -> Study:
    return Study.create_or_load(
        name=name,
        storage=storage,
        space=target.space,
        strategy=strategy,
        evaluator=target.evaluator,
        objective=target.objective,
        seed=seed,
        candidates=target.candidates,
    )


def _take(settings: Settings, storage: str, name: str, anew: str) -> None:
    """Lets a study in which nothing has succeeded yet have other settings; raises if another one was begun with such.

    What was measured with another target, as by another program, is not of this one.
    """
    try:
        study, record = load_stored(storage, name)
    except StudyError:  # there is none, or it cannot be opened, which is told when it is
        return
    with storage_errors(storage):
        begun, given = _both(study, settings)
        if begun == given:
            return
        if not is_free(study.get_trials(deepcopy=False)):
            _check_same(study, settings, storage, anew)
        say(f"No evaluation of the study {name!r} has succeeded; it goes on with {_listed(given, begun)}.")
        if study.user_attrs.get(TARGET, settings[TARGET]) != settings[TARGET]:
            study = disowned(study, record)
        for key in settings.keys() & study.user_attrs.keys():
            study.set_user_attr(key, settings[key])


def _record(study: Study, settings: Settings, storage: str) -> None:
    """Stores what is not told of a study."""
    stored = study.optuna_study
    with storage_errors(storage):
        for key in settings.keys() - stored.user_attrs.keys():
            if key == METHOD and (before := len(study.history) - study.known):
                say(f"How {before} evaluations of the study {study.name!r} were proposed is not recorded.")
                stored.set_user_attr(BEFORE, before)
            stored.set_user_attr(key, settings[key])


def _check_same(study: optuna.Study, settings: Settings, storage: str, anew: str) -> None:
    """Raises if the study was begun with other settings."""
    with storage_errors(storage):
        begun, given = _both(study, settings)
    if begun != given:
        raise StudyError(
            f"The study {study.study_name!r} in {without_passwords(storage)} was begun with "
            f"{_listed(begun, given)}, not with {_listed(given, begun)}; give the same, or to search anew, {anew}."
        )


def _both(study: optuna.Study, settings: Settings) -> tuple[dict[str, Setting], dict[str, Setting]]:
    """What a study was begun with, and what is given; what it does not tell was not chosen."""
    begun: dict[str, Setting] = {}
    for key, wanted in settings.items():
        stored = study.user_attrs.get(key, wanted)
        if not isinstance(stored, dict):
            raise StudyError(
                f"What the study {study.study_name!r} says of its settings is damaged ({key} is {stored!r}); restore a "
                "copy of the database, or give another --name."
            )
        begun |= stored
    given = dict.fromkeys(begun) | {name: value for wanted in settings.values() for name, value in wanted.items()}
    return dict.fromkeys(given) | begun, given


def _listed(settings: Mapping[str, object], others: Mapping[str, object]) -> str:
    """What is not the same in the others, which tell of the same things."""
    return ", ".join(f"{key} {value}" for key, value in settings.items() if others[key] != value)
