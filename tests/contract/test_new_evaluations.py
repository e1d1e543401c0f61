"""The standard deviation is that of a new evaluation: 90 % intervals hold new values, and not by being endless."""

from functools import cache

import numpy as np
import pytest

import augury
from augury import Metric, Task

from .components import META_LEARNERS, PREDICTORS, SPACES

SPACE = SPACES["nas-bench-201"]
KNOWN, NEW = 60, 500


@cache
def forms():
    """Distinct canonical forms in random order, and the number of 3x3 convolutions in each, standardised."""
    some = SPACE.sample(4000, np.random.default_rng(0)).canonical()
    some = some[some.distinct()]
    convolutions = (some.genotypes == SPACE.operations.index("nor_conv_3x3")).sum(axis=1)
    return some, (convolutions - convolutions.mean()) / convolutions.std()


@cache
def evaluated(seed, n):
    """``n`` forms with values of which half of the variance is noise."""
    some, signal = forms()
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(some))[:n]
    return some[rows], signal[rows] + rng.normal(size=n)


@cache
def sources():
    drawn = [evaluated(seed, 120) for seed in (1, 2, 3)]
    return [
        Task(f"source {i}", some, {"accuracy": Metric(y, "maximize")}, objective="accuracy")
        for i, (some, y) in enumerate(drawn)
    ]


def check_intervals(learn):
    """The new values lie in the intervals of what is learned from the known ones."""
    some, y = evaluated(0, KNOWN + NEW)
    mean, std = learn(some[:KNOWN], y[:KNOWN]).predict(some[KNOWN:], return_std=True)
    held = np.mean(np.abs(y[KNOWN:] - mean) < 1.645 * std)
    assert held >= 0.7
    assert std.mean() < 2.5 * y.std()


@pytest.mark.parametrize("name", PREDICTORS)
def test_intervals_of_predictors_hold_new_values(name):
    check_intervals(augury.predictors.make(name, **PREDICTORS[name][0]).fit)


@pytest.mark.parametrize("name", META_LEARNERS)
def test_intervals_of_adapted_predictors_hold_new_values(name):
    check_intervals(augury.meta.make(name, **META_LEARNERS[name][0]).fit(sources()).adapt)
