import numpy as np
import pandas as pd
import pytest

from augury.data import Metric, Task
from augury.evaluation import coverage, nll, rank_predictors, sharpness
from augury.predictors import make
from augury.spaces import ChoiceSpace, EdgeCellSpace, InputError, UnknownNameError

TIMES = ["fit_seconds", "predict_seconds"]


class Oracle:
    """Knows the rule, up to its sign."""

    def __init__(self, sign=1.0):
        self.sign = sign

    def fit(self, architectures, y):
        return self

    def predict(self, architectures):
        return self.sign * architectures.genotypes.sum(axis=1).astype(float)


class Unsure(Oracle):
    """Adds 1 to what is right, and knows its deviation."""

    def __init__(self, std):
        super().__init__()
        self.std = std

    def predict(self, architectures, return_std=False):
        mean = super().predict(architectures) + 1.0
        return (mean, np.full(len(mean), self.std)) if return_std else mean


class Recorder(Oracle):
    """Notes what it is given."""

    seen: list = []  # noqa: RUF012

    def fit(self, architectures, y):
        self.fitted = architectures, y
        return self

    def predict(self, architectures):
        Recorder.seen.append((*self.fitted, architectures))
        return super().predict(architectures)


@pytest.fixture
def grid():
    space = ChoiceSpace({"a": tuple("abcdefgh"), "b": tuple("abcdefgh")})
    architectures = space.enumerate()
    y = architectures.genotypes.sum(axis=1).astype(float)
    y[:4] = np.nan
    return Task("grid", architectures, {"value": Metric(y, "maximize")}, "value")


def test_rows_and_scores(grid):
    predictors = {"right": Oracle, "wrong": lambda: Oracle(-1.0)}
    frame = rank_predictors(predictors, {"grid": grid}, sizes=[20, 5], seeds=[1, 0], n_test=30)
    assert frame["predictor"].tolist() == ["right"] * 4 + ["wrong"] * 4
    assert frame["seed"].tolist() == [0, 0, 1, 1] * 2
    assert frame["size"].tolist() == [5, 20] * 4
    assert set(frame["n_test"]) == {30}
    assert frame["kendall_tau"].tolist() == pytest.approx([1.0] * 4 + [-1.0] * 4)
    assert frame["spearman"].tolist() == pytest.approx([1.0] * 4 + [-1.0] * 4)
    assert frame.loc[:3, "rmse"].tolist() == [0.0] * 4
    assert (frame[TIMES] >= 0).all(axis=None)


def test_calibration_by_hand(grid):
    # all are off by 1: an interval of 90 % reaches 1.645 deviations
    predictors = {"wide": lambda: Unsure(0.61), "narrow": lambda: Unsure(0.6), "sure": lambda: Unsure(0.0)}
    frame = rank_predictors(predictors | {"none": Oracle}, {"g": grid}, sizes=[5], seeds=[0]).set_index("predictor")
    assert list(frame.columns) == [
        *("task", "seed", "size", "n_test", "kendall_tau", "spearman", "rmse"),
        *("coverage", "nll", "sharpness"),
        *TIMES,
    ]
    assert frame["coverage"].tolist()[:3] == [1.0, 0.0, 0.0]
    _, rest = grid.split(5, 0)
    unit = rest.y.std()
    assert frame["n_test"].tolist() == [len(rest)] * 4
    assert frame.loc["wide", "sharpness"] == pytest.approx(0.61 / unit)
    by_hand = 0.5 * np.log(2 * np.pi) + np.log(0.61 / unit) + 1 / (2 * 0.61**2)
    assert frame.loc["wide", "nll"] == pytest.approx(by_hand)
    y = rest.y
    np.testing.assert_allclose(nll(y, y + 1, np.full(len(y), 0.61)) - np.log(unit), by_hand)
    assert frame.loc["sure", ["nll", "sharpness"]].tolist() == [np.inf, 0.0]
    assert frame.loc["none", ["coverage", "nll", "sharpness"]].isna().all()
    assert frame["kendall_tau"].tolist() == pytest.approx([1.0] * 4)


def test_equal_test_values_have_no_unit(grid):
    flat = Task("flat", grid.architectures, {"value": Metric(np.ones(64), "maximize")}, "value")
    frame = rank_predictors({"a": lambda: Unsure(2.0)}, {"f": flat}, sizes=[3], seeds=[0])
    assert 0 <= frame["coverage"][0] <= 1
    assert frame[["nll", "sharpness"]].isna().all(axis=None)


def test_predictors_of_the_library_tell_their_calibration(grid):
    frame = rank_predictors({"g": lambda: make("gaussian-process")}, {"g": grid}, sizes=[20], seeds=[0])
    train, test = grid.split(20, 0)
    mean, std = make("gaussian-process").fit(train.architectures, train.y).predict(test.architectures, True)
    assert frame["coverage"][0] == coverage(test.y, mean, std)
    assert frame["sharpness"][0] == pytest.approx(sharpness(std) / test.y.std())


def test_training_sets_are_nested_and_never_tested_on():
    space = EdgeCellSpace(operations=("none", "skip", "conv"), nodes=3)  # many cells of one canonical form
    architectures = space.enumerate()
    task = Task("cells", architectures, {"value": Metric(np.arange(27.0), "maximize")}, "value")
    Recorder.seen = []
    rank_predictors({"recorder": Recorder}, {"cells": task}, sizes=[2, 4], seeds=[0, 1], n_test=1000)
    for few, many in zip(Recorder.seen[::2], Recorder.seen[1::2], strict=True):
        assert len(few[0]) == 2
        assert few[0] == many[0][:2]
        assert few[1].tolist() == many[1][:2].tolist()
        assert few[2] == many[2]  # one test set a seed
        train, test = (set(part.canonical().keys()) for part in (many[0], many[2]))
        assert not train & test
        assert len(train) == 4
        assert len(train) + len(test) == len(architectures.distinct())
    assert Recorder.seen[0][0] != Recorder.seen[2][0]


def test_the_same_arguments_give_the_same_rows(grid):
    once, again = (rank_predictors({"a": Oracle}, {"g": grid}, sizes=[3], seeds=range(3)) for _ in range(2))
    pd.testing.assert_frame_equal(once.drop(columns=TIMES), again.drop(columns=TIMES), check_exact=True)


def test_progress(grid):
    steps = []
    rank_predictors({"a": Oracle}, {"g": grid}, sizes=[3, 4], seeds=[0], progress=lambda *step: steps.append(step))
    assert steps == [(1, 2), (2, 2)]


def test_what_cannot_be_ranked_is_refused(grid):
    with pytest.raises(InputError, match="at least one predictor"):
        rank_predictors({}, {"g": grid}, sizes=[3], seeds=[0])
    with pytest.raises(InputError, match="sizes"):
        rank_predictors({"a": Oracle}, {"g": grid}, sizes=[0], seeds=[0])
    with pytest.raises(InputError, match="60"):
        rank_predictors({"a": Oracle}, {"g": grid}, sizes=[60], seeds=[0])
    with pytest.raises(InputError, match=r"'grid' leaves 1 to test on, .* sizes of up to 58"):
        rank_predictors({"a": Oracle}, {"g": grid}, sizes=[59], seeds=[0])
    with pytest.raises(InputError, match=r"predictors\['a'\] is an estimator, or a function .*; got 'auto'"):
        rank_predictors({"a": "auto"}, {"g": grid}, sizes=[3], seeds=[0])
    with pytest.raises(InputError, match=r"predictors= is a mapping of names.*got a str"):
        rank_predictors("auto", {"g": grid}, sizes=[3], seeds=[0])
    with pytest.raises(InputError, match=r"tasks= is a mapping of names.*got a list"):
        rank_predictors({"a": Oracle}, [grid], sizes=[3], seeds=[0])
    with pytest.raises(InputError, match=r"several whole numbers, such as range\(10\); got 3"):
        rank_predictors({"a": Oracle}, {"g": grid}, sizes=[3], seeds=3)


@pytest.mark.parametrize(
    ("sizes", "message"),
    [(5, "several whole numbers, .*; got 5"), ("10", "one given is '[01]'"), ([3, 4.5], r"one given is 4\.5")],
)
def test_sizes_are_several_whole_numbers(grid, sizes, message):
    with pytest.raises(InputError, match=message):
        rank_predictors({"a": Oracle}, {"g": grid}, sizes=sizes, seeds=[0])


def test_an_estimator_is_cloned_and_stays_unfitted(grid):
    predictor = make("bayesian-ridge")
    made, given = (
        rank_predictors({"a": method}, {"g": grid}, sizes=[3, 9], seeds=[0, 1])
        for method in (lambda: make("bayesian-ridge"), predictor)
    )
    pd.testing.assert_frame_equal(made.drop(columns=TIMES), given.drop(columns=TIMES), check_exact=True)
    assert not hasattr(predictor, "space_")


def test_names_alone_will_do(grid):
    by_name, by_hand = (
        rank_predictors(predictors, {"grid": grid}, sizes=[10], seeds=[0]).drop(columns=TIMES)
        for predictors in (["bayesian-ridge"], {"bayesian-ridge": make("bayesian-ridge")})
    )
    pd.testing.assert_frame_equal(by_name, by_hand)
    with pytest.raises(UnknownNameError, match="bayesian-ridge"):
        rank_predictors(["bayesian-rigde"], {"grid": grid}, sizes=[10], seeds=[0])
