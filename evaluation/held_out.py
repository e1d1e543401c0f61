"""What is measured of a predictor on architectures that it has not seen."""

from __future__ import annotations

import inspect
import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures
from .calibration import sharpness
from .metrics import coverage, kendall_tau, nll, rmse, spearman

__all__ = ["OF_VALUES", "held_out_scores", "predicted"]

Vector = npt.NDArray[np.float64]
OF_VALUES = ("rmse", "coverage", "nll", "sharpness")  # scores of values, not of their order


def predicted(predictor: Any, architectures: Architectures) -> tuple[Vector, Vector | None]:
    """Means, and standard deviations where the predictor can give them."""
    if "return_std" not in inspect.signature(predictor.predict).parameters:
        return predictor.predict(architectures), None
    mean, std = predictor.predict(architectures, return_std=True)
    return mean, std


def held_out_scores(y: Vector, mean: Vector, std: Vector | None) -> dict[str, float]:
    """``kendall_tau``, ``spearman``, ``rmse``, ``coverage``, ``nll`` and ``sharpness`` (`rank_predictors`).

    Args:
        y: ``(n,)``: what was measured.
        mean: ``(n,)``: what was predicted.
        std: ``(n,)``: with which standard deviations, if any.

    >>> y, mean = np.array([1.0, 2.0, 4.0]), np.array([1.0, 2.0, 3.0])
    >>> {name: round(score, 2) for name, score in held_out_scores(y, mean, None).items()}
    {'kendall_tau': 1.0, 'spearman': 1.0, 'rmse': 0.58, 'coverage': nan, 'nll': nan, 'sharpness': nan}
    """
    scores = {
        "kendall_tau": kendall_tau(y, mean),
        "spearman": spearman(y, mean),
        "rmse": rmse(y, mean),
        **dict.fromkeys(("coverage", "nll", "sharpness"), math.nan),
    }
    if std is None:
        return scores
    scores["coverage"] = coverage(y, mean, std, 0.9)
    unit = float(np.std(y))
    if unit > 0:
        scores["nll"] = nll(y / unit, mean / unit, std / unit) if (std > 0).all() else math.inf
        scores["sharpness"] = sharpness(std) / unit
    return scores
