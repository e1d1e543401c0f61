"""What the trials of an Optuna study mean to a search."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import optuna
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState

from ...spaces import Architecture, Architectures
from ..history import History
from .parameters import Parameters

__all__ = [
    "ARCHITECTURE",
    "FAILURE",
    "KNOWN",
    "OTHERS",
    "OWN",
    "TRACEBACK",
    "WITHDRAWN",
    "WORKER",
    "apart",
    "counts",
    "has_failed",
    "is_among",
    "is_known",
    "is_reserved",
    "live",
    "metrics_of",
    "sign_of",
    "spent",
    "to_history",
    "value_of",
]

ARCHITECTURE = "architecture"  # user attribute: the text form
FAILURE = "failure"  # user attribute: why an evaluation failed; a failed trial without it is no evaluation
OWN = "augury:"  # user attributes that begin so are book-keeping
KNOWN = OWN + "known"  # where the evaluation of another search comes from, which this one was given
OTHERS = OWN + "others"  # what a failed evaluation measured is not of what is evaluated now
TRACEBACK = OWN + "traceback"
WITHDRAWN = OWN + "withdrawn"  # why a trial was given up; its architecture may be proposed again
WORKER = OWN + "worker"  # which process evaluates it


def counts(trial: FrozenTrial) -> bool:
    """Is it an evaluation that has ended, well or badly?

    A failed trial counts only with a reason: Optuna also fails trials whose worker vanished, which says nothing of the
    architecture.
    """
    if trial.state == TrialState.FAIL:
        return FAILURE in trial.user_attrs and WITHDRAWN not in trial.user_attrs
    return trial.state in (TrialState.COMPLETE, TrialState.PRUNED)


def has_failed(trial: FrozenTrial) -> bool:
    """Is it an evaluation that has failed?"""
    return trial.state == TrialState.FAIL and counts(trial)


def is_known(trial: FrozenTrial) -> bool:
    """Was it evaluated elsewhere, at no cost to this study?"""
    return KNOWN in trial.user_attrs


def spent(trial: FrozenTrial) -> bool:
    """Is it an evaluation of this study's own that has ended, and so counts against its budget?"""
    return counts(trial) and not is_known(trial)


def is_reserved(name: str) -> bool:
    """Whether a user attribute of that name is book-keeping, so that no metric can be called so."""
    return name in (ARCHITECTURE, FAILURE) or name.startswith(OWN)


def apart(name: str) -> str:
    """The user attribute for a metric of that name.

    >>> apart("latency"), apart("architecture")
    ('latency', 'metric_architecture')
    """
    return f"metric_{name}" if is_reserved(name) else name


def live(trial: FrozenTrial) -> bool:
    """Is it under way?"""
    return trial.state == TrialState.RUNNING and WITHDRAWN not in trial.user_attrs


def is_among(architecture: Architecture, others: Architectures) -> bool:
    """Has one of the others the same canonical form?"""
    return bool(architecture.as_batch().isin(others)[0])


def to_history(
    trials: Iterable[FrozenTrial],
    parameters: Parameters,
    *,
    objective: str,
    sign: int,
    candidates: Architectures | None = None,
) -> History:
    """The history that trials tell, in the order of their numbers.

    The order in which trials began is the same on every machine, whatever the clocks say; with one worker it is the
    order in which they finished, too. Numeric user attributes are metrics.

    Args:
        trials: Trials; those that lack one of the parameters are left out.
        parameters: The translation of parameters into genotypes.
        objective: The objective's name among the metrics.
        sign: 1 where a larger value is better, −1 where a smaller one is.
        candidates: The only architectures that may be proposed, or None.
    """
    done: list[tuple[int, ...]] = []
    pending: list[tuple[int, ...]] = []
    rows: list[dict[str, float]] = []
    for trial in sorted(trials, key=lambda trial: trial.number):
        genotype = parameters.genotype(trial.params)
        if genotype is None:
            continue
        if live(trial):
            pending.append(genotype)
        elif counts(trial):
            done.append(genotype)
            value = {objective: value_of(trial)}  # the trial's own, whatever an attribute of that name says
            rows.append({**value, **metrics_of(trial), **value})
    names = dict.fromkeys(name for row in rows for name in row)
    metrics = {name: np.asarray([row.get(name, np.nan) for row in rows], dtype=np.float64) for name in names}
    space = parameters.space
    return History(
        space.from_genotypes(_array(done, space.cardinalities)),
        sign * metrics.get(objective, np.zeros(0)),
        metrics,
        pending=space.from_genotypes(_array(pending, space.cardinalities)),
        candidates=candidates,
    )


def sign_of(study: optuna.Study) -> int:
    """1 where a larger value is better, −1 where a smaller one is."""
    return 1 if study.direction == StudyDirection.MAXIMIZE else -1


def value_of(trial: FrozenTrial) -> float:
    """Its value, in its own direction; NaN where it has none that is finite."""
    value = trial.value if trial.state == TrialState.COMPLETE else None
    return math.nan if value is None or not math.isfinite(value) else value


def metrics_of(trial: FrozenTrial) -> dict[str, float]:
    """The numbers among its user attributes."""
    return {
        name: float(value)
        for name, value in trial.user_attrs.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and not is_reserved(name)
    }


def _array(
    genotypes: Sequence[tuple[int, ...]], cardinalities: tuple[int, ...]
) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    return np.asarray(genotypes, dtype=np.int64).reshape(len(genotypes), len(cardinalities))
