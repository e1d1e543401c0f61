"""What holds for every meta-learner, shown with the simplest."""

import numpy as np
import pytest

from augury.data import Metric, Task
from augury.meta import load, make
from augury.spaces import ChoiceSpace, EdgeCellSpace, InputError

SPACE = ChoiceSpace({"width": (8, 16, 32, 64), "operation": ("conv", "pool", "skip"), "depth": (1, 2)})
ROWS = SPACE.enumerate()
TASK = Task("source", ROWS, {"m": Metric(ROWS.genotypes @ np.array([9.0, 1.0, -3.0]), "maximize")}, objective="m")


@pytest.mark.parametrize("name", ["portfolio", "rgpe"])
def test_decisions_need_not_be_sorted_to_be_saved(name, tmp_path):
    learner = make(name).fit([TASK])
    learner.save(tmp_path / "saved")
    loaded = load(tmp_path / "saved")
    assert loaded.space == SPACE
    assert loaded.initial_design(3).format() == learner.initial_design(3).format()
    one, other = (of.adapt(ROWS[:4], TASK.y[:4]).predict(ROWS) for of in (learner, loaded))
    np.testing.assert_array_equal(one, other)


def test_decisions_in_another_order_are_told():
    turned = ChoiceSpace(dict(reversed(SPACE.decisions.items())))
    learner = make("portfolio").fit([TASK])
    with pytest.raises(InputError, match="same decisions in another order"):
        learner.adapt(turned.enumerate()[:2], [1.0, 2.0])
    other = Task("other", turned.enumerate()[:2], {"m": Metric([1.0, 2.0], "maximize")}, objective="m")
    with pytest.raises(InputError, match="same decisions in another order"):
        make("portfolio").fit([TASK, other])


@pytest.mark.parametrize(("name", "forms"), [("portfolio", 2), ("additive-gp", 3)])
def test_no_two_of_a_design_are_the_same_to_the_learner(name, forms):
    space = EdgeCellSpace(operations=("none", "skip", "conv"), nodes=3)
    cells = space.enumerate()
    task = Task("cells", cells, {"m": Metric((cells.genotypes == 2).sum(axis=1), "maximize")}, objective="m")
    learner = make(name).fit([task])
    # the first two compute the same: an operation that leads nowhere is only written
    candidates = space.from_genotypes([[2, 1, 0], [0, 1, 0], [0, 2, 0], [2, 1, 0]])
    design = learner.initial_design(4, candidates=candidates)
    assert len(design) == len(design.distinct(canonical=learner.canonical)) == forms


def test_sources_of_a_space_that_could_not_be_loaded_are_not_saved(tmp_path):
    class Own(ChoiceSpace):
        pass

    rows = Own({"layer": ("a", "b", "c")}).enumerate()
    task = Task("own", rows, {"m": Metric([1.0, 2.0, 3.0], "maximize")}, objective="m")
    with pytest.raises(InputError, match="class Own cannot be saved"):
        make("portfolio").fit([task]).save(tmp_path / "own")
