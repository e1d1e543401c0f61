from types import SimpleNamespace

import numpy as np
import pytest

from augury.predictors import ExtraTrees, RandomForest
from augury.predictors.saving import read_state, write_state
from augury.spaces import ChoiceSpace, DataError

EVERYTHING = ChoiceSpace({"first": (1, 2, 3, 4), "second": ("a", "b", "c"), "third": (8, 16)}).enumerate()
Y = EVERYTHING.genotypes @ np.array([1.0, 2.0, 0.5]) + np.sin(np.arange(len(EVERYTHING)))


def test_the_change_at_a_split_belongs_to_its_feature():
    """One tree, by hand: mean 2; left of the first feature 0, right 4; there the second feature tells 3 from 6."""
    forest = ExtraTrees(trees=1)
    forest._roots, forest._depth = np.array([0]), 2
    forest._left, forest._right = np.array([1, 1, 3, 3, 4]), np.array([2, 1, 4, 3, 4])
    forest._feature, forest._threshold = np.array([0, 0, 1, 0, 0]), np.full(5, 0.5)
    forest._value = np.array([2.0, 0.0, 4.0, 3.0, 6.0])
    forest._encoder = SimpleNamespace(transform=lambda X: X)
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
    np.testing.assert_array_equal(forest.summands(X, np.array([0, 1]), 2), [[-2, 0], [-2, 0], [2, -1], [2, 2]])
    np.testing.assert_array_equal(forest.summands(X, np.array([1, 1]), 2), [[0, -2], [0, -2], [0, 1], [0, 4]])


def test_parts_add_up_to_the_prediction():
    for kind in (ExtraTrees, RandomForest):
        forest = kind(trees=15).fit(EVERYTHING, Y)
        d = len(forest._encoder.get_feature_names_out())
        parts = forest.summands(EVERYTHING, np.arange(d) % 5, 5)
        mean, _ = forest._predict(EVERYTHING)
        np.testing.assert_allclose(parts.sum(axis=1), mean - forest._value[forest._roots].mean(), atol=1e-9)


def test_one_architecture_has_no_parts():
    forest = ExtraTrees(trees=5).fit(EVERYTHING[:1], Y[:1])
    groups = np.zeros(len(forest._encoder.get_feature_names_out()), dtype=np.int64)
    np.testing.assert_array_equal(forest.summands(EVERYTHING, groups, 1), np.zeros((len(EVERYTHING), 1)))


def test_one_architecture_tells_nothing_of_the_spread():
    for kind in (ExtraTrees, RandomForest):
        _, std = kind(trees=5).fit(EVERYTHING[:1], Y[:1]).predict(EVERYTHING, return_std=True)
        np.testing.assert_allclose(std, 1.0)
        _, std = kind(trees=5).fit(EVERYTHING[[0, 0]], [1.0, 5.0]).predict(EVERYTHING, return_std=True)
        np.testing.assert_allclose(std, 2.0)  # that of these two values


@pytest.mark.parametrize("part", ["depth", "roots"])
def test_a_saved_forest_that_leads_nowhere_is_refused(tmp_path, part):
    architectures = ChoiceSpace({"layer": ("a", "b", "c")}).enumerate()
    RandomForest(trees=2).fit(architectures, [1.0, 2.0, 3.0]).save(tmp_path / "forest")
    header, arrays = read_state(tmp_path / "forest")
    write_state(tmp_path / "forest", header, {**arrays, part: arrays[part] + 10**12})
    with pytest.raises(DataError, match=part):
        RandomForest.load(tmp_path / "forest")
