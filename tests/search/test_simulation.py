import numpy as np
import pytest

import augury
from augury import Metric, Task
from augury.search import simulate
from augury.spaces import ChoiceSpace, InputError

SPACE = ChoiceSpace({"first": ("a", "b", "c"), "second": ("a", "b")})
EVERYTHING = SPACE.enumerate()
RANDOM = augury.search.make("random")


def task(values, direction="maximize"):
    metrics = {"loss": Metric(values, direction), "seconds": Metric(np.arange(6.0), "minimize", unit="s")}
    return Task("small", EVERYTHING, metrics, objective="loss")


def test_a_minimised_objective_is_turned_once():
    history = simulate(RANDOM, task([6.0, 5, 4, 3, 2, 1], "minimize"), 6, seed=0)
    assert sorted(history.y) == [-6, -5, -4, -3, -2, -1]
    np.testing.assert_array_equal(history.metrics["loss"], -history.y)
    np.testing.assert_array_equal(history.best_so_far()[-1], -1)
    assert set(history.metrics) == {"loss", "seconds"}


def test_missing_values_are_failures():
    history = simulate(RANDOM, task([np.nan, 1, 2, 3, 4, 5.0]), 6, seed=0)
    assert np.isnan(history.y).sum() == 1
    assert len(history.succeeded) == 5


def test_it_ends_where_the_task_ends():
    assert len(simulate(RANDOM, task(np.arange(6.0)), 50, seed=0)) == 6


def test_seeds():
    first, other = (simulate(RANDOM, task(np.arange(6.0)), 4, seed=seed) for seed in (0, 1))
    again = simulate(RANDOM, task(np.arange(6.0)), 4)  # 0 is the default
    assert first.architectures == again.architectures
    assert first.architectures != other.architectures


def test_a_shorter_budget_is_the_beginning_of_a_longer_one():
    short, long = (simulate(RANDOM, task(np.arange(6.0)), budget, seed=3) for budget in (3, 5))
    assert long.architectures[:3] == short.architectures


def test_no_budget_is_refused():
    with pytest.raises(InputError, match="at least 1"):
        simulate(RANDOM, task(np.arange(6.0)), 0, seed=0)
