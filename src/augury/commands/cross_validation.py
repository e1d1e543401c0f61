"""How well a predictor orders architectures where all there are were learned from."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from sklearn.base import clone
from sklearn.model_selection import GroupKFold

from ..data import Task
from ..evaluation import kendall_tau, mean_interval
from ..evaluation.intervals import CORRELATIONS, Interval
from ..evaluation.page import interval_text
from ..evaluation.summary import count
from ..predictors import Predictor
from .progress import steps

__all__ = ["told_quality"]

FOLDS = 5
LONG = 20.0  # seconds that nobody is asked to wait for


def told_quality(
    model: Predictor, task: Task, weights: npt.NDArray[np.float64] | None, *, seconds: float, seed: int
) -> str:
    """Kendall's tau of a predictor by cross-validation, in a sentence; or why there is none.

    Args:
        model: The predictor; it stays as it is.
        task: What it learned from, all with a value.
        weights: ``(n,)``: what each counts, if it is weighed.
        seconds: How long it took to learn.
        seed: Of the folds.
    """
    if len(task.architectures.distinct()) < 2 * FOLDS:
        return f"Held out: none, with fewer than {2 * FOLDS} different architectures; --n keeps the others to test on."
    if np.ptp(task.y) == 0:
        return "Held out: none, as equal values have no order to be found."
    more = FOLDS * seconds
    if more > LONG:
        told = count(math.ceil(more), "second") if more < 60 else count(math.ceil(more / 60), "minute")
        return f"Held out: none, as to cross-validate would take about {told} more; --n keeps the others to test on."
    mean, low, high = (_signed(value) for value in _cross_validated(model, task, weights, seed))
    return f"Kendall tau in {FOLDS}-fold cross-validation: {mean} (95 % interval {interval_text(low, high)})"


def _cross_validated(model: Predictor, task: Task, weights: npt.NDArray[np.float64] | None, seed: int) -> Interval:
    """The mean over folds, none of which shares a canonical form with another."""
    folds = GroupKFold(FOLDS, shuffle=True, random_state=seed)
    taus = []
    with steps("cross-validating") as show:
        show(0, FOLDS)
        for seen, held in folds.split(task.y, groups=task.architectures.forms()):
            counts = None if weights is None else weights[seen]
            fitted = clone(model).fit(task.architectures[seen], task.y[seen], counts)
            taus.append(kendall_tau(task.y[held], fitted.predict(task.architectures[held])))
            show(len(taus), FOLDS)
    return mean_interval(taus, within=CORRELATIONS)


def _signed(value: float | npt.NDArray[np.float64]) -> str:
    return f"{value:.3f}".replace("-", "−")
