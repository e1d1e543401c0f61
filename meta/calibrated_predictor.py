"""Adapted predictors whose standard deviations match what is left over on the sources and on the target."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures, InputError
from .adapted_predictor import AdaptedPredictor
from .residual_process import ResidualProcess

__all__ = ["CalibratedPredictor", "SupportsAdaptation", "spread_factor"]

Array = npt.NDArray[np.float64]

FOLDS = 5
PRIOR_WEIGHT = 5.0  # evaluations that the sources' word on the spread counts for
LEAST = 1e-3
DIVERGED = 1e6  # normal scores of as many evaluations as there may be are below ten


class SupportsAdaptation(Protocol):
    """A fitted meta-learner as its adapted predictors use it.

    Attributes:
        residual: Whether what it leaves over on a target is learned as well.
    """

    residual: bool

    def learn(self, architectures: Architectures, z: Array) -> object:
        """What ``k >= 0`` evaluations teach."""

    def answer(self, learned: Any, architectures: Architectures) -> tuple[Array, Array]:
        """Mean and standard deviation in normal scores, before calibration."""

    def spread(self, k: int) -> float:
        """By how much the sources' residuals exceed the standard deviations, with a support of ``k``."""


class CalibratedPredictor(AdaptedPredictor):
    """A meta-learner adapted to a target task.

    Standard deviations are scaled so that they match the residuals: those of a five-fold cross-validation on the
    target's own evaluations, equivalent architectures in one fold, and, counting for five of these, those on the
    sources. The left-out residuals are also what a `ResidualProcess` learns, if the meta-learner asks for it.

    Args:
        learner: The meta-learner that was fitted on the sources.
        target: ``"normal-scores"`` or ``"standard"``.
    """

    def __init__(self, *, learner: SupportsAdaptation, target: str = "normal-scores") -> None:
        super().__init__(target=target)
        self.learner = learner

    def __sklearn_clone__(self) -> CalibratedPredictor:
        """A clone shares what was learned from the sources."""
        return CalibratedPredictor(learner=self.learner, target=self.target)

    def _fit(self, architectures: Architectures, z: Array) -> None:
        keys = architectures.canonical().keys()
        order = np.lexsort([z, keys])  # so that the order of evaluations does not matter
        architectures, z = architectures[order], z[order]
        form = np.unique(keys[order], return_inverse=True)[1]
        self._taught = self.learner.learn(architectures, z)
        self._factor = self.learner.spread(len(z))
        self._left: ResidualProcess | None = None
        if form.max(initial=-1) + 1 >= FOLDS:
            mean, std = self._out_of_fold(architectures, z, form % FOLDS)
            if not (np.abs(mean) < DIVERGED).all() or not ((std > 0) & (std < DIVERGED)).all():
                raise InputError(
                    f"{type(self.learner).__name__} gives what no normal score can be, as where its training diverged; "
                    "take a smaller learning_rate or inner_rate, and sizes above 0, or the defaults."
                )
            residual = z - mean
            if self.learner.residual:
                self._left = ResidualProcess().fit(architectures, mean, residual)
                residual = residual - self._left.leave_one_out()
            self._factor = spread_factor(residual, std, prior=self._factor)

    def _out_of_fold(self, architectures: Architectures, z: Array, folds: npt.NDArray[np.int64]) -> tuple[Array, Array]:
        """Means and standard deviations of the evaluations that each fold leaves out."""
        mean, std = np.zeros(len(z)), np.zeros(len(z))
        for fold in range(FOLDS):
            out = folds == fold
            learned = self.learner.learn(architectures[~out], z[~out])
            mean[out], std[out] = self.learner.answer(learned, architectures[out])
        return mean, std

    def _predict(self, architectures: Architectures) -> tuple[Array, Array]:
        mean, std = self.learner.answer(self._taught, architectures)
        if self._left is not None:
            mean = mean + self._left.correction(architectures, mean)
        return mean, np.maximum(std * self._factor, LEAST)


def spread_factor(residual: Array, std: Array, *, prior: float, weight: float = PRIOR_WEIGHT) -> float:
    """What to multiply standard deviations with, so that they match residuals.

    ``c² = (w c₀² + Σ (rᵢ / sᵢ)²) / (w + n)``

    Args:
        residual: ``(n,)`` residuals ``r`` of evaluations that were not learned from.
        std: ``(n,)`` standard deviations ``s`` that were given for them.
        prior: ``c₀``, the factor without any residual.
        weight: ``w``, how many residuals the prior counts for.

    >>> round(spread_factor(np.array([2.0, -2.0]), np.ones(2), prior=1.0, weight=2.0) ** 2, 6)
    2.5
    """
    return float(np.sqrt((weight * prior**2 + ((residual / std) ** 2).sum()) / (weight + len(residual))))
