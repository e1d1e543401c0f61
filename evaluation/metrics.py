"""How well predictions order and match what was measured, and how far a search is from the best."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy import stats

from ..spaces import InputError

__all__ = [
    "coverage",
    "kendall_tau",
    "nll",
    "normalised_regret",
    "paired_vectors",
    "rmse",
    "spearman",
    "top_k_precision",
    "top_k_regret",
]


def kendall_tau(y: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """Kendall's rank correlation tau-b; 0 if either side is constant, for then nothing is ordered.

    tau-b = (C − D) ÷ √((C + D + Tʸ)(C + D + Tᵖ)) with C concordant pairs, D discordant ones, and Tʸ and Tᵖ pairs tied
    only in ``y`` and only in ``predicted``.

    Args:
        y: ``(n,)`` measured values.
        predicted: ``(n,)`` predictions of them.

    Raises:
        InputError: The two differ in length, are empty, or hold NaN.

    >>> round(kendall_tau([1, 2, 3, 4], [1, 3, 2, 4]), 3)  # 5 pairs agree, 1 does not
    0.667
    """
    y, predicted = paired_vectors(y=y, predicted=predicted)
    if y.min() == y.max() or predicted.min() == predicted.max():
        return 0.0
    return float(stats.kendalltau(y, predicted, variant="b").statistic)


def spearman(y: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """Spearman's rank correlation: Pearson's of the ranks, ties sharing their mean rank; 0 if a side is constant.

    Args:
        y: ``(n,)`` measured values.
        predicted: ``(n,)`` predictions of them.

    Raises:
        InputError: The two differ in length, are empty, or hold NaN.

    >>> round(spearman([1, 2, 3, 4], [1, 3, 2, 4]), 3)  # 1 − 6 · 2 ÷ (4 · 15)
    0.8
    """
    y, predicted = paired_vectors(y=y, predicted=predicted)
    a, b = stats.rankdata(y), stats.rankdata(predicted)
    a, b = a - a.mean(), b - b.mean()
    scale = math.sqrt(float(a @ a) * float(b @ b))
    return float(a @ b) / scale if scale else 0.0


def top_k_precision(y: npt.ArrayLike, predicted: npt.ArrayLike, k: int) -> float:
    """The share of the ``k`` predicted best that are among the ``k`` measured best, all ties of the last included.

    Args:
        y: ``(n,)`` measured values, larger is better.
        predicted: ``(n,)`` predictions of them.
        k: How many are taken, 1 to n.

    Raises:
        InputError: The two do not fit, or ``k`` is outside 1 to n.

    >>> top_k_precision([1, 2, 3, 4], [1, 4, 2, 3], k=2)  # takes 2 and 4; the best are 3 and 4
    0.5
    """
    y, predicted = paired_vectors(y=y, predicted=predicted)
    chosen = _top(predicted, k)
    return float(np.mean(y[chosen] >= np.sort(y)[-k]))


def top_k_regret(y: npt.ArrayLike, predicted: npt.ArrayLike, k: int) -> float:
    """What is lost by measuring only the ``k`` predicted best: max y − max y among them, in units of y.

    Args:
        y: ``(n,)`` measured values, larger is better.
        predicted: ``(n,)`` predictions of them.
        k: How many are measured, 1 to n.

    Raises:
        InputError: The two do not fit, or ``k`` is outside 1 to n.

    >>> top_k_regret([1, 2, 3, 4], [1, 4, 2, 3], k=1)
    2.0
    """
    y, predicted = paired_vectors(y=y, predicted=predicted)
    return float(y.max() - y[_top(predicted, k)].max())


def rmse(y: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """The root of the mean squared error, √(mean (y − predicted)²), in units of y.

    Args:
        y: ``(n,)`` measured values.
        predicted: ``(n,)`` predictions of them.

    Raises:
        InputError: The two differ in length, are empty, or hold NaN.

    >>> rmse([0, 0], [1, -7])
    5.0
    """
    y, predicted = paired_vectors(y=y, predicted=predicted)
    return math.hypot(*(y - predicted)) / math.sqrt(len(y))  # hypot squares without overflow


def nll(y: npt.ArrayLike, mean: npt.ArrayLike, std: npt.ArrayLike) -> float:
    """The mean negative log density of ``y`` under the predicted normal distributions; smaller is better.

    mean of ½ log 2π + log std + ½ ((y − mean) ÷ std)², in nats.

    Args:
        y: ``(n,)`` measured values.
        mean: ``(n,)`` predicted means.
        std: ``(n,)`` predicted standard deviations, above 0.

    Raises:
        InputError: The three do not fit, or a ``std`` is not above 0.

    >>> round(nll([0.0], [0.0], [1.0]), 4)  # ½ log 2π
    0.9189
    """
    y, mean, std = paired_vectors(y=y, mean=mean, std=std)
    if (std <= 0).any():
        raise InputError(f"The log density needs standard deviations above 0; the least given is {std.min()}.")
    return float(np.mean(0.5 * math.log(2 * math.pi) + np.log(std) + ((y - mean) / std) ** 2 / 2))


def coverage(y: npt.ArrayLike, mean: npt.ArrayLike, std: npt.ArrayLike, level: float = 0.9) -> float:
    """The share of ``y`` inside the central predicted interval, mean ± Φ⁻¹(½ + level ÷ 2) std; ideally ``level``.

    Args:
        y: ``(n,)`` measured values.
        mean: ``(n,)`` predicted means.
        std: ``(n,)`` predicted standard deviations.
        level: The probability of the interval, between 0 and 1.

    Raises:
        InputError: The three do not fit, or ``level`` is not between 0 and 1.

    >>> coverage([0.0, 1.9, 2.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0], level=0.95) == 2 / 3
    True
    """
    y, mean, std = paired_vectors(y=y, mean=mean, std=std)
    if not 0 < level < 1:
        raise InputError(f"The level of an interval lies between 0 and 1, as 0.9; got {level!r}.")
    width = float(stats.norm.ppf(0.5 + level / 2)) * std
    return float(np.mean(np.abs(y - mean) <= width))


def normalised_regret(best_value: float, best_so_far: npt.ArrayLike, median: float) -> npt.NDArray[np.float64]:
    """(best of the task − best found) ÷ (best − median of the task): 0 at the best, 1 at a middling architecture.

    Args:
        best_value: The largest value of the task.
        best_so_far: The largest value found, of any shape.
        median: The median value of the task.

    Raises:
        InputError: The best is not above the median, so that there is nothing to search for.

    >>> normalised_regret(90.0, [70.0, 85.0, 90.0], 80.0)
    array([2. , 0.5, 0. ])
    """
    if not best_value > median:
        raise InputError(
            f"Regret is measured between a task's median and its best, but these are {median} and {best_value}: "
            "half of the task is as good as its best, and a search on it tells nothing; leave it out."
        )
    return (best_value - np.asarray(best_so_far, dtype=np.float64)) / (best_value - median)


def paired_vectors(**given: npt.ArrayLike) -> tuple[npt.NDArray[np.float64], ...]:
    """The arguments as vectors of one length without NaN."""
    arrays = {name: np.asarray(values, dtype=np.float64) for name, values in given.items()}
    shapes = {name: array.shape for name, array in arrays.items()}
    if len(set(shapes.values())) > 1 or any(array.ndim != 1 or not array.size for array in arrays.values()):
        raise InputError(f"Give vectors of one length, at least 1; got shapes {shapes}.")
    for name, array in arrays.items():
        if np.isnan(array).any():
            raise InputError(
                f"{name} holds NaN at position {int(np.isnan(array).argmax())}; leave missing values out first."
            )
    return tuple(arrays.values())


def _top(predicted: npt.NDArray[np.float64], k: int) -> npt.NDArray[np.intp]:
    """The places of the ``k`` largest; of equal ones the first."""
    if not 1 <= k <= len(predicted):
        raise InputError(f"k is how many of {len(predicted)} are taken, 1 to {len(predicted)}; got {k!r}.")
    return np.argsort(-predicted, kind="stable")[:k]
