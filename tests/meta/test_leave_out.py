from __future__ import annotations

import numpy as np
import pytest

from augury.data import Metric, Task
from augury.meta.leave_out import other_tasks
from augury.spaces import ChoiceSpace, InputError, UnknownNameError

SPACE = ChoiceSpace({"first": ("a", "b", "c"), "second": ("a", "b", "c")})


def task(name: str, n: int = 9) -> Task:
    return Task(name, SPACE.enumerate()[:n], {"accuracy": Metric(np.arange(float(n)), "maximize")}, "accuracy")


BENCHMARK = {"one": task("one"), "two": task("two"), "part": task("part", 4), "three": task("three", 5)}


def test_the_target_and_those_that_measured_less_than_half_are_left_out():
    assert [t.name for t in other_tasks(BENCHMARK, "two")] == ["one", "three"]
    assert [t.name for t in other_tasks(BENCHMARK)] == ["one", "two", "three"]
    assert [t.name for t in other_tasks(BENCHMARK, "part")] == ["one", "two", "three"]


def test_a_draw_depends_on_seed_and_source_but_not_on_the_target():
    def drawn(target: str, seed: int) -> dict[str, list[str]]:
        return {t.name: t.architectures.format() for t in other_tasks(BENCHMARK, target, n=4, seed=seed)}

    assert drawn("one", 0)["three"] == drawn("two", 0)["three"]
    assert drawn("one", 0) == drawn("one", 0)
    assert drawn("one", 0)["two"] != drawn("one", 1)["two"]
    assert all(len(set(texts)) == 4 for texts in drawn("one", 0).values())


def test_an_unknown_target_and_a_benchmark_of_one_are_refused():
    with pytest.raises(UnknownNameError, match="Did you mean 'three'"):
        other_tasks(BENCHMARK, "thre")
    with pytest.raises(InputError, match="no task to learn from"):
        other_tasks({"one": task("one")}, "one")
    with pytest.raises(InputError, match="n is a whole number, 1 or more"):
        other_tasks(BENCHMARK, "one", n=0)


def test_tasks_with_fewer_evaluations_give_all_they_have():
    assert [len(task) for task in other_tasks(BENCHMARK, "one", n=1000)] == [
        len(task.architectures.distinct()) for task in other_tasks(BENCHMARK, "one")
    ]
