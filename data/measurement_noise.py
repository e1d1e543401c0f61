"""How noisy measured values are, from trainings repeated with several seeds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..spaces import InputError
from ..spaces.real_numbers import real_numbers

__all__ = ["MeasurementNoise", "seed_weights"]

Array = npt.NDArray[np.float64]

LARGEST = 1e150  # whose square is still a number
LEAST = 1e-5  # of the median variance; equal values, such as those at chance, tell no logarithm


@dataclass(frozen=True, eq=False)
class MeasurementNoise:
    """The noise of each architecture's mean over its trainings, by an empirical Bayes estimate (``smyth2004``).

    Two or three trainings tell next to nothing of their own variance, all architectures together much. So each
    architecture's sample variance ``s²`` is drawn towards one of all: ``(d₀ s₀² + d s²) / (d₀ + d)``, with ``d`` one
    less than its number of trainings. ``d₀`` is what the spread of the logarithms of the sample variances leaves when
    that of chance is taken off (section 6.2). ``s₀²`` departs from the paper: it is the mean of the sample variances,
    which is unbiased whatever their distribution; the paper's is far less where ``d₀`` is small, and on NAS-Bench-201
    plugged in, it foretells a third training much worse than the mean itself does.

    Attributes:
        counts: ``(n,)``: how many trainings each mean is of, at least 1.
        variances: ``(n,)`` of a single training, shrunken.
        pooled: ``s₀²``, the mean of the sample variances, each as often as its degrees of freedom.
        freedom: ``d₀``: for how many degrees of freedom the pooled variance counts; infinite where the sample variances
            differ no more than by chance.

    >>> noise = MeasurementNoise.of([[1.0, 3.0], [2.0, 4.0]])  # two architectures, two trainings of each
    >>> noise.pooled, noise.weights.tolist()
    (2.0, [1.0, 1.0])
    """

    counts: npt.NDArray[np.int64]
    variances: Array
    pooled: float
    freedom: float

    @classmethod
    def of(cls, values: npt.ArrayLike) -> MeasurementNoise:
        """Estimate it.

        Args:
            values: ``(n, s)``, one column a seed; NaN where there was no training. A row without any counts as one
                training.

        Raises:
            InputError: The values are no such matrix, too large, or no architecture has two.

        >>> noise = MeasurementNoise.of([[1.0, 3.0, np.nan], [2.0, 4.0, np.nan], [5.0, 7.0, 6.0]])
        >>> noise.freedom, noise.counts.tolist()
        (inf, [2, 2, 3])
        """
        try:
            values = real_numbers(values)
        except ValueError as error:
            raise InputError(f"Repeated trainings are numbers, NaN where there is none; {error}.") from error
        if values.ndim != 2 or np.isinf(values).any():
            raise InputError(
                f"Repeated trainings are a matrix (architectures, seeds) of finite numbers and NaNs, not of shape "
                f"{values.shape}{' with infinities' if np.isinf(values).any() else ''}."
            )
        if (np.abs(values) > LARGEST).any():
            raise InputError(
                f"Repeated trainings are at most {LARGEST:g} in size, so that their variance is a number; got "
                f"{np.nanmax(np.abs(values)):g}. Divide them all by one number."
            )
        there = ~np.isnan(values)
        counts = there.sum(axis=1)
        degrees = np.maximum(counts - 1, 0)
        if not degrees.any():
            raise InputError("No architecture has two trainings, which it takes to tell how noisy they are.")
        means = np.where(there, values, 0.0).sum(axis=1) / np.maximum(counts, 1)
        squares = (np.where(there, values - means[:, None], 0.0) ** 2).sum(axis=1)
        some = degrees > 0
        pooled = float(squares.sum() / degrees.sum())
        freedom = _prior_freedom(squares[some] / degrees[some], degrees[some])
        if np.isinf(freedom):
            variances = np.full(len(values), pooled)
        else:
            variances = (freedom * pooled + squares) / (freedom + degrees)
        return cls(np.maximum(counts, 1), variances, pooled, freedom)

    @property
    def weights(self) -> Array:
        """``(n,)``: one over the variance of each mean, scaled to mean 1; what ``fit`` takes as ``sample_weight``."""
        noisy = self.pooled > 0
        each: Array = self.counts / (self.variances if noisy else 1.0)
        weights: Array = each / each.mean()
        return weights


def seed_weights(values: npt.ArrayLike) -> Array:
    """``(n,)`` weights of mean 1 for the means of ``(n, s)`` repeated trainings: one over their noise's variance.

    See `MeasurementNoise`.

    Args:
        values: ``(n, s)``, one column a seed; NaN where there was no training.

    Raises:
        InputError: The values are no such matrix, or no architecture has two.

    >>> seed_weights([[1.0, 3.0, np.nan], [2.0, 4.0, 3.0], [5.0, 7.0, 6.0]]).tolist()
    [0.75, 1.125, 1.125]
    """
    try:
        values = real_numbers(values)
    except ValueError:
        return MeasurementNoise.of(values).weights  # which tells what is wrong
    largest = np.max(np.abs(values), initial=0.0, where=np.isfinite(values))
    exponent = np.frexp(largest)[1]  # weights are the same in any unit, and squares are to be numbers
    return MeasurementNoise.of(np.ldexp(values, -exponent)).weights


def _prior_freedom(variances: Array, degrees: npt.NDArray[np.int64]) -> float:
    """``d₀`` from sample variances and their degrees of freedom (``smyth2004``, section 6.2)."""
    from scipy.special import digamma, polygamma

    if len(variances) < 2 or not variances.max() > 0:
        return np.inf
    middle = float(np.median(variances)) or float(variances.max())
    half = degrees / 2
    logs = np.log(np.maximum(variances, LEAST * middle)) - digamma(half) + np.log(half)  # e_g
    excess = float(np.mean((logs - logs.mean()) ** 2 * len(logs) / (len(logs) - 1) - polygamma(1, half)))
    return np.inf if excess <= 0 else 2 * _inverse_trigamma(excess)


def _inverse_trigamma(value: float) -> float:
    """``y`` with ``ψ'(y) = value > 0``, by Newton's method on ``1 / ψ'``, which is nearly straight (``smyth2004``)."""
    from scipy.special import polygamma

    y = 0.5 + 1 / value
    for _ in range(50):
        slope = float(polygamma(1, y))
        step = slope * (1 - slope / value) / float(polygamma(2, y))
        y += step
        if abs(step) < 1e-10 * y:
            break
    return y
