"""Whether predicted distributions are as wide as what is measured asks for.

`coverage` and `nll` of `augury.evaluation.metrics` are the first two numbers to look at; these go further.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

from ..spaces import InputError
from .metrics import paired_vectors

__all__ = [
    "CalibrationCurve",
    "calibration_curve",
    "calibration_error",
    "distributions",
    "interval_score",
    "sharpness",
]

LEVELS = tuple(round(0.05 * k, 2) for k in range(1, 20))


class CalibrationCurve(NamedTuple):
    """Levels of central intervals and the shares of values inside; calibrated where the two are equal.

    Attributes:
        levels: ``(l,)`` probabilities of the intervals.
        observed: ``(l,)`` shares of values inside.

    >>> curve = calibration_curve([0.0, 3.0], [0.0, 0.0], [1.0, 1.0], levels=[0.5])
    >>> curve.levels.tolist(), curve.observed.tolist()
    ([0.5], [0.5])
    """

    levels: npt.NDArray[np.float64]
    observed: npt.NDArray[np.float64]


def calibration_curve(
    y: npt.ArrayLike, mean: npt.ArrayLike, std: npt.ArrayLike, levels: Sequence[float] = LEVELS
) -> CalibrationCurve:
    """The share of ``y`` inside the central normal interval of each level (``kuleshov2018``, section 3.3).

    A value at ``|y − mean| = r std`` lies inside the interval of level ``2 Φ(r) − 1`` and of every higher one.

    Args:
        y: ``(n,)`` measured values.
        mean: ``(n,)`` predicted means.
        std: ``(n,)`` predicted standard deviations; one of 0 holds its mean alone.
        levels: Probabilities of the intervals, each between 0 and 1.

    Raises:
        InputError: The three do not fit, a ``std`` is negative, or a level is not between 0 and 1.

    >>> curve = calibration_curve([0.0, 0.0, 0.0, 0.0], [0.1, -0.5, 1.0, 3.0], [1.0] * 4, levels=[0.5, 0.9])
    >>> curve.observed.tolist()  # Φ⁻¹(¾) = 0.67 lets two in, Φ⁻¹(0.95) = 1.64 three
    [0.5, 0.75]
    """
    y, mean, std = distributions(y, mean, std)
    chosen = np.asarray(levels, dtype=np.float64)
    if chosen.ndim != 1 or not chosen.size or not ((chosen > 0) & (chosen < 1)).all():
        raise InputError(f"Levels of intervals lie between 0 and 1, as [0.5, 0.9]; got {levels!r}.")
    widths = stats.norm.ppf(0.5 + chosen / 2)  # (levels,)
    inside = np.abs(y - mean) <= widths[:, None] * std
    return CalibrationCurve(chosen, inside.mean(axis=1))


def calibration_error(
    y: npt.ArrayLike, mean: npt.ArrayLike, std: npt.ArrayLike, levels: Sequence[float] = LEVELS
) -> float:
    """The mean distance of the calibration curve from the diagonal: mean ``|observed − level|``; 0 is best.

    Args:
        y: ``(n,)`` measured values.
        mean: ``(n,)`` predicted means.
        std: ``(n,)`` predicted standard deviations.
        levels: Probabilities of the intervals, each between 0 and 1.

    Raises:
        InputError: As `calibration_curve`.

    >>> round(calibration_error([0.0, 0.0], [0.1, 9.0], [1.0, 1.0], levels=[0.5, 0.9]), 2)  # half inside, at both
    0.2
    """
    curve = calibration_curve(y, mean, std, levels)
    return float(np.abs(curve.observed - curve.levels).mean())


def sharpness(std: npt.ArrayLike) -> float:
    """How narrow the predicted distributions are, √(mean std²), in units of ``y`` (``kuleshov2018``, section 3.4).

    Of two calibrated predictors the sharper one, with the smaller value, tells more (``gneiting2007``).

    Args:
        std: ``(n,)`` predicted standard deviations.

    Raises:
        InputError: There is none, or one is negative or NaN.

    >>> sharpness([1.0, 7.0])
    5.0
    """
    (std,) = paired_vectors(std=std)
    if (std < 0).any():
        raise InputError(f"Standard deviations are 0 or more; the least given is {std.min()}.")
    return float(np.sqrt(np.mean(std**2)))


def interval_score(y: npt.ArrayLike, low: npt.ArrayLike, high: npt.ArrayLike, level: float = 0.9) -> float:
    """How wide intervals are, and by how much they miss; smaller is better (``gneiting2007scoring``, equation 43).

    The mean of ``(high − low) + 2 ÷ α · (distance of y from the interval)`` with ``α = 1 − level``, in units of ``y``.
    Nobody gains by an interval that is not the true one, and unlike the negative log-likelihood it takes intervals of
    any shape, such as conformal ones.

    Args:
        y: ``(n,)`` measured values.
        low: ``(n,)`` lower ends.
        high: ``(n,)`` upper ends.
        level: The probability of the intervals.

    Raises:
        InputError: The three do not fit, an interval ends before it begins, or ``level`` is not between 0 and 1.

    >>> round(interval_score([0.0, 3.0], [-1.0, -1.0], [1.0, 1.0], level=0.5), 6)  # widths 2 and 2, a miss by 2
    6.0
    """
    y, low, high = paired_vectors(y=y, low=low, high=high)
    if not 0 < level < 1:
        raise InputError(f"The level of an interval lies between 0 and 1, as 0.9; got {level!r}.")
    if (high < low).any():
        row = int((high < low).argmax())
        raise InputError(f"An interval ends where it begins or above; number {row} is from {low[row]} to {high[row]}.")
    miss = np.maximum(low - y, 0) + np.maximum(y - high, 0)
    return float(np.mean(high - low + 2 / (1 - level) * miss))


def distributions(y: npt.ArrayLike, mean: npt.ArrayLike, std: npt.ArrayLike) -> tuple[npt.NDArray[np.float64], ...]:
    """Values, means and standard deviations, as vectors of one length; raises `InputError` if they are none."""
    vectors = paired_vectors(y=y, mean=mean, std=std)
    if (vectors[2] < 0).any():
        raise InputError(f"Standard deviations are 0 or more; the least given is {vectors[2].min()}.")
    return vectors
