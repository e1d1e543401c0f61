"""Intervals of a mean over seeds: by Student's t for fewer than ten, by the bootstrap from ten on.

A replicate, and what is resampled, is the *seed*, with all its tasks at once. The tasks of a benchmark are what was
asked about, not a sample of something wider, so they stay; and one seed draws the same start on tasks that share a
space, so that two tasks of one seed are not two independent replicates. `across_tasks` resamples the tasks as well, for
a statement about tasks not seen.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

from ..spaces import InputError

__all__ = [
    "CORRELATIONS",
    "DRAWS",
    "LEVEL",
    "Interval",
    "across_tasks",
    "bootstrap_weights",
    "mean_interval",
    "quantile_levels",
    "task_mean_interval",
]

LEVEL = 0.95
DRAWS = 2000
CORRELATIONS = (-1.0, 1.0)
ROUNDING = 1e-9
ENOUGH = 10  # replicates; the bootstrap of fewer cannot reach far enough beyond them


class Interval(NamedTuple):
    """A mean and the ends of its interval, each a number or an array; the ends are NaN from a single replicate.

    Attributes:
        mean: The mean.
        low: The interval's lower end.
        high: Its upper end.

    >>> mean_interval([1.0])
    Interval(mean=array(1.), low=array(nan), high=array(nan))
    """

    mean: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]


def mean_interval(
    values: npt.ArrayLike,
    *,
    level: float = LEVEL,
    draws: int = DRAWS,
    seed: int = 0,
    within: tuple[float, float] = (-math.inf, math.inf),
) -> Interval:
    """The mean over the first axis and its interval.

    From ten replicates on it is the bootstrap's percentile interval, with levels widened for few replicates
    (`quantile_levels`). That cannot reach beyond the replicates, and of 95 % would hold the mean of normal values in
    49, 76, 87 and 92 of 100 cases with 2, 3, 4 and 5 of them. So of fewer than ten it is Student's, mean ± t s ÷ √n
    with the quantile t of n − 1 degrees of freedom, which may reach beyond what is possible, such as below 0. Told what
    is, by ``within``, it ends there, and holds the mean just as often, for that is never beyond.

    Args:
        values: ``(n, ...)``, one row a replicate, such as a seed.
        level: The probability of the interval.
        draws: How many times the replicates are resampled, if there are ten or more.
        seed: Of the resampling.
        within: The least and the largest that a value can be, such as ``CORRELATIONS``, (−1, 1).

    Raises:
        InputError: There is no replicate, one is not ``within``, or ``level`` is not between 0 and 1.

    >>> mean_interval([1.0, 1.0, 1.0])
    Interval(mean=array(1.), low=array(1.), high=array(1.))
    >>> interval = mean_interval([1.0, 2.0, 3.0])  # t = 4.303, s = 1
    >>> float(interval.low.round(2)), float(interval.high.round(2))
    (-0.48, 4.48)
    >>> interval = mean_interval([1.0, 0.9, 1.0], within=CORRELATIONS)
    >>> float(interval.low.round(3)), float(interval.high.round(3))
    (0.823, 1.0)
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 0 or len(array) == 0:
        raise InputError(f"An interval needs replicates along the first axis; got shape {array.shape}.")
    if (outside := (array < within[0] - ROUNDING) | (array > within[1] + ROUNDING)).any():
        raise InputError(f"Values lie within {within[0]:g} and {within[1]:g}; one given is {array[outside][0]:g}.")
    mean = np.asarray(array.mean(axis=0))
    if len(array) == 1:
        nothing = np.full_like(mean, np.nan)
        return Interval(mean, nothing, nothing)
    if len(array) < ENOUGH:
        half = -_student(len(array), level) * array.std(axis=0, ddof=1) / math.sqrt(len(array))
        low, high = np.maximum(mean - half, within[0]), np.minimum(mean + half, within[1])
        # rounding can put the mean of values at a bound beyond it
        return Interval(mean, np.asarray(np.minimum(low, mean)), np.asarray(np.maximum(high, mean)))
    weights = bootstrap_weights(len(array), draws, np.random.default_rng(seed))
    means = np.tensordot(weights, array, axes=1)  # (draws, ...)
    low, high = np.quantile(means, quantile_levels(len(array), level), axis=0)
    # where all replicates are equal, rounding must not put the mean outside its interval
    return Interval(mean, np.asarray(np.minimum(low, mean)), np.asarray(np.maximum(high, mean)))


def task_mean_interval(values: npt.ArrayLike, *, level: float = LEVEL, draws: int = DRAWS, seed: int = 0) -> Interval:
    """The mean over tasks and seeds, and its interval over seeds; the tasks are taken as they are.

    Args:
        values: ``(tasks, seeds, ...)``.
        level: The probability of the interval.
        draws: How many times the seeds are resampled, if there are ten or more.
        seed: Of the resampling.

    Raises:
        InputError: An axis is missing or empty.

    >>> task_mean_interval([[1.0, 3.0], [3.0, 1.0]]).mean  # each seed's mean over the tasks is 2
    array(2.)
    """
    return mean_interval(_tasks_and_seeds(values).mean(axis=0), level=level, draws=draws, seed=seed)


def across_tasks(values: npt.ArrayLike, *, level: float = LEVEL, draws: int = DRAWS, seed: int = 0) -> Interval:
    """The mean over tasks and seeds, and an interval for tasks like these: tasks are resampled, and seeds as well.

    It cannot reach beyond the tasks, so with few of them it is too narrow, as `mean_interval` tells of replicates.

    Args:
        values: ``(tasks, seeds, ...)``.
        level: The probability of the interval.
        draws: How many times both are resampled.
        seed: Of the resampling.

    Raises:
        InputError: An axis is missing or empty.

    >>> interval = across_tasks([[1.0, 1.0], [3.0, 3.0]])  # no spread over seeds, much over tasks
    >>> float(interval.low), float(interval.high)
    (1.0, 3.0)
    """
    array = _tasks_and_seeds(values)
    mean = np.asarray(array.mean(axis=(0, 1)))
    if len(array) == 1:
        nothing = np.full_like(mean, np.nan)
        return Interval(mean, nothing, nothing)
    rng = np.random.default_rng(seed)
    tasks = bootstrap_weights(array.shape[0], draws, rng)
    seeds = bootstrap_weights(array.shape[1], draws, rng)
    means = np.einsum("dt,ds,ts...->d...", tasks, seeds, array, optimize=True)
    low, high = np.quantile(means, quantile_levels(len(array), level), axis=0)
    return Interval(mean, np.asarray(np.minimum(low, mean)), np.asarray(np.maximum(high, mean)))


def bootstrap_weights(n: int, draws: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """``(draws, n)`` shares of each replicate in each resample; ``weights @ values`` are the resampled means."""
    return rng.multinomial(n, np.full(n, 1 / n), size=draws) / n


def quantile_levels(n: int, level: float) -> tuple[float, float]:
    """Where to cut the bootstrap distribution of what is made of ``n`` replicates, such as their mean.

    Percentiles at (1 ± level) ÷ 2 are too narrow for few replicates, by the missing n ÷ (n − 1) of the variance and by
    the normal's tail in place of Student's. Cutting at Φ(±√(n ÷ (n − 1)) t) mends both (Hesterberg, 2015, What teachers
    should know about the bootstrap), as far as that is not beyond all replicates.

    Args:
        n: The number of replicates, at least 2.
        level: The probability of the interval.

    Raises:
        InputError: ``level`` is not between 0 and 1.

    >>> low, high = quantile_levels(10**9, 0.95)
    >>> round(low, 4), round(high, 4)
    (0.025, 0.975)
    """
    low = float(stats.norm.cdf(math.sqrt(n / (n - 1)) * _student(n, level)))
    return low, 1 - low


def _student(n: int, level: float) -> float:
    """The lower quantile of Student's distribution for a mean of ``n`` replicates."""
    if not 0 < level < 1:
        raise InputError(f"The level of an interval lies between 0 and 1, as 0.95; got {level!r}.")
    return float(stats.t.ppf((1 - level) / 2, n - 1))


def _tasks_and_seeds(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim < 2 or 0 in array.shape[:2]:
        raise InputError(f"Give values of shape (tasks, seeds, ...), at least one of each; got shape {array.shape}.")
    return array
