"""Predictors of a user's own, right and wrong."""

import numpy as np
import pytest

import augury
from augury import Metric, Task
from augury.predictors import Predictor
from augury.spaces import ChoiceSpace, InputError

ARCHITECTURES = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(3)}).enumerate()
Y = ARCHITECTURES.genotypes.sum(axis=1).astype(float)


class Says(Predictor):
    """Says what a function makes of the number of architectures."""

    def __init__(self, *, says=None, target="standard"):
        super().__init__(target=target)
        self.says = says

    def _fit(self, architectures, z):
        pass

    def _predict(self, architectures):
        return self.says(len(architectures))

    def _state(self):
        return {}

    def _restore(self, arrays):
        pass


WRONG = {
    r"a mean of shape \(2,\) for 27 architectures; it is to give one of shape \(27,\)": (
        lambda n: (np.zeros(2), np.ones(n))
    ),
    r"a standard deviation of shape \(27, 1\) for 27": lambda n: (np.zeros(n), np.ones((n, 1))),
    "a mean that is not finite for 27 of 27 architectures, the first, nan, in row 0": (
        lambda n: (np.full(n, np.nan), np.ones(n))
    ),
    "a standard deviation that is not finite for 1 of 27 architectures, the first, inf, in row 5": (
        lambda n: (np.zeros(n), np.where(np.arange(n) == 5, np.inf, 1.0))
    ),
    "a standard deviation of -1; it is to give none below 0": lambda n: (np.zeros(n), -np.ones(n)),
    "one ndarray; it is to give a mean and a standard deviation": np.zeros,
    "a mean that is no array of numbers": lambda n: (["a"] * n, np.ones(n)),
}


@pytest.mark.parametrize("message", WRONG)
def test_what_is_no_prediction_is_refused(message):
    predictor = Says(says=WRONG[message]).fit(ARCHITECTURES, Y)
    for return_std in (False, True):
        with pytest.raises(InputError, match=rf"Says\._predict gave {message}"):
            predictor.predict(ARCHITECTURES, return_std=return_std)


def test_no_search_goes_on_with_such():
    strategy = augury.search.make("bayesian", predictor=Says(says=lambda n: (np.full(n, np.nan), np.ones(n))))
    task = Task("sums", ARCHITECTURES, {"sum": Metric(Y, "maximize")}, objective="sum")
    with pytest.raises(InputError, match=r"Says\._predict gave a mean that is not finite"):
        augury.search.simulate(strategy, task, budget=20, seed=0)


def test_lists_are_numbers_too():
    predictor = Says(says=lambda n: ([0.0] * n, [1.0] * n)).fit(ARCHITECTURES[:2], [1.0, 3.0])
    mean, std = predictor.predict(ARCHITECTURES[:3], return_std=True)
    assert mean.tolist() == [2.0, 2.0, 2.0]  # the mean and the standard deviation of 1 and 3
    assert std.tolist() == [1.0, 1.0, 1.0]


class Bare(Says):
    """Without an argument for the target."""

    def __init__(self, says=None):
        self.says = says


def test_a_target_need_not_be_an_argument():
    bare = Bare(says=lambda n: (np.zeros(n), np.ones(n)))
    assert list(bare.get_params()) == ["says"]
    median = bare.fit(ARCHITECTURES[:3], [1.0, 2.0, 300.0]).predict(ARCHITECTURES[:1])
    assert median.tolist() == [2.0]  # of normal scores, as of every predictor


def test_one_without_a_name_is_not_saved(tmp_path):
    predictor = Says().fit(ARCHITECTURES, Y)
    with pytest.raises(InputError, match=r"predictor Says has no name .*entry point in the group augury\.predictors"):
        predictor.save(tmp_path / "saved")
