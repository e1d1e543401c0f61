from __future__ import annotations

import numpy as np
import pytest

from augury.data import Metric, Task
from augury.evaluation import spoiled
from augury.spaces import ChoiceSpace, UnknownNameError

CELLS = ChoiceSpace({"first": ("a", "b", "c", "d"), "second": ("a", "b", "c", "d")}).enumerate()
VALUES = np.r_[np.arange(15.0), np.nan]
TASKS = [
    Task(name, CELLS, {"error": Metric(VALUES, "minimize"), "time": Metric(VALUES, "minimize")}, "error")
    for name in ("one", "two")
]


def test_shuffled_values_are_the_same_values_elsewhere():
    one, two = spoiled(TASKS, "shuffled", seed=3)
    for task in (one, two):
        assert np.array_equal(np.sort(task.y), np.sort(-VALUES), equal_nan=True)
        assert not np.array_equal(task.y, -VALUES, equal_nan=True)
    assert not np.array_equal(one.y, two.y, equal_nan=True)
    assert np.array_equal(spoiled(TASKS, "shuffled", seed=3)[1].y, two.y, equal_nan=True)
    assert not np.array_equal(spoiled(TASKS, "shuffled", seed=4)[0].y, one.y, equal_nan=True)


def test_flipped_values_rank_the_other_way_round():
    for task in spoiled(TASKS, "flipped"):
        assert np.array_equal(task.y, VALUES, equal_nan=True)
        assert dict(task.metrics).keys() == {"error"}  # a second metric would tell the truth


def test_as_measured_they_are_the_same():
    assert spoiled(TASKS, "as-measured") == TASKS


def test_another_kind_is_refused():
    with pytest.raises(UnknownNameError, match="'flipped'"):
        spoiled(TASKS, "fliped")
