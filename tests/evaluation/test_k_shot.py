from functools import partial

import numpy as np
import pandas as pd
import pytest

from augury import Metric, Task
from augury.evaluation import kendall_tau, rank_meta_learners
from augury.meta import make as make_learner
from augury.meta import other_tasks
from augury.predictors import GaussianProcess
from augury.spaces import EdgeCellSpace, InputError, UnknownNameError

EVERYTHING = EdgeCellSpace(operations=("none", "skip", "conv"), nodes=3).enumerate()  # some of one canonical form
COSTS = {"one": [3.0, 2.0, 1.0], "two": [3.0, 1.0, 2.0], "three": [1.0, 2.0, 3.0]}
PORTFOLIO = {"portfolio": partial(make_learner, "portfolio", points=30)}


def task(name, y, rows=slice(None)):
    return Task(name, EVERYTHING[rows], {"m": Metric(np.asarray(y, dtype=float)[rows], "maximize")}, objective="m")


def value(costs):
    genotypes = EVERYTHING.canonical().genotypes
    return (genotypes == 2) @ np.asarray(costs) + 0.01 * np.arange(len(EVERYTHING))


TASKS = {name: task(name, value(costs)) for name, costs in COSTS.items()}
FORMS = len(EVERYTHING.distinct())


class Spy:
    """A learner that notes what it is given, and predicts the target's own values, or the opposite."""

    def __init__(self, told, sign):
        self.told, self.sign = told, sign

    def fit(self, sources):
        self.sources = [source.name for source in sources], [len(source) for source in sources]
        return self

    def adapt(self, architectures, y):
        self.support = architectures
        return self

    def predict(self, architectures):
        (own,) = set(TASKS) - set(self.sources[0])
        known = dict(zip(EVERYTHING.format(), TASKS[own].y, strict=True))
        self.told.append((own, self.sources, self.support.canonical().format(), architectures.canonical().format()))
        return self.sign * np.asarray([known[text] for text in architectures.format()])


def test_uncertainty_is_told_as_of_predictors_where_something_is_known():
    class Sure(Spy):
        def predict(self, architectures, return_std=False):
            mean = super().predict(architectures)
            return (mean, np.full(len(mean), 2.0)) if return_std else mean

    frame = rank_meta_learners({"sure": lambda: Sure([], 1), "mute": lambda: Spy([], 1)}, TASKS, [0, 2], [0], cold={})
    known = frame["k"] > 0
    assert frame.loc[~known, ["rmse", "coverage", "nll", "sharpness"]].isna().all(axis=None)
    assert (frame.loc[~known, "spearman"] == 1).all()
    assert (frame.loc[known, "rmse"] == 0).all()
    sure, mute = (frame[known & (frame["method"] == name)] for name in ("sure", "mute"))
    assert (sure["coverage"] == 1).all()
    units = sure["sharpness"] / 2  # one over the standard deviation of the values
    np.testing.assert_allclose(sure["nll"], 0.5 * np.log(2 * np.pi) + np.log(2 * units))
    assert mute[["coverage", "nll", "sharpness"]].isna().all(axis=None)


def test_each_task_in_turn_is_left_out_and_its_forms_are_divided():
    told = []
    frame = rank_meta_learners(
        {"same": lambda: Spy(told, 1), "opposite": lambda: Spy(told, -1)}, TASKS, [4, 0, 2], [1, 0], cold={}, n_test=5
    )
    np.testing.assert_allclose(frame["kendall_tau"], np.where(frame["method"] == "same", 1, -1))
    assert frame[["target", "seed", "k"]].drop_duplicates().to_numpy().tolist() == [
        [target, seed, k] for target in TASKS for seed in (0, 1) for k in (0, 2, 4)
    ]
    assert (frame["n_test"] == 5).all()
    for own, (names, lengths), support, test in told:
        assert names == [name for name in TASKS if name != own]
        assert lengths == [len(EVERYTHING)] * 2
        assert not set(support) & set(test)
        assert len(set(test)) == len(test) == 5
    none, two, four = (support for _, _, support, _ in told[:3])
    assert none == []
    assert four[:2] == two
    assert len(set(four)) == 4
    half = len(told) // 2
    assert [row[2:] for row in told[:half]] == [row[2:] for row in told[half:]]  # the same for both methods


def test_the_numbers_are_those_of_a_plain_loop():
    frame = rank_meta_learners(
        PORTFOLIO, TASKS, [0, 4], [0, 3], targets=["two"], source_size=6, cold={"cold": GaussianProcess}
    )
    expected = []
    whole = TASKS["two"].select(EVERYTHING.distinct())
    for seed in (0, 3):
        learner = PORTFOLIO["portfolio"]().fit(other_tasks(TASKS, "two", n=6, seed=seed))
        order = np.random.default_rng([seed, 1000]).permutation(len(whole))
        test = whole.select(order[4:])
        for k in (0, 4):
            some = whole.select(order[:k])
            warm = learner.adapt(some.architectures, some.y).predict(test.architectures)
            expected.append(("portfolio", seed, k, kendall_tau(test.y, warm)))
    for seed in (0, 3):
        order = np.random.default_rng([seed, 1000]).permutation(len(whole))
        some, test = whole.select(order[:4]), whole.select(order[4:])
        cold = GaussianProcess().fit(some.architectures, some.y).predict(test.architectures)
        expected.append(("cold", seed, 4, kendall_tau(test.y, cold)))
    rows = frame[["method", "seed", "k", "kendall_tau"]].itertuples(index=False, name=None)
    assert list(rows) == expected
    assert (frame["n_test"] == FORMS - 4).all()
    assert (frame[["fit_seconds", "adapt_seconds"]] >= 0).all(axis=None)


def test_missing_values_and_small_tasks_are_not_targets_to_test_on():
    y = np.where(np.arange(len(EVERYTHING)) % 4 == 0, np.nan, value([3.0, 1.0, 1.0]))
    tasks = TASKS | {"holes": task("holes", y), "small": task("small", y, slice(0, 9))}
    frame = rank_meta_learners(PORTFOLIO, tasks, [2], [0], cold={})
    assert list(frame["target"]) == ["one", "two", "three", "holes"]
    holes = EVERYTHING[np.isfinite(y)]
    assert frame["n_test"].iloc[-1] == len(holes.distinct()) - 2


def test_processes_change_nothing_and_progress_is_told():
    told = []
    arguments = (PORTFOLIO, TASKS, [0, 3], [0, 1])
    one = rank_meta_learners(*arguments, cold={"cold": GaussianProcess}, progress=lambda *step: told.append(step))
    two = rank_meta_learners(*arguments, cold={"cold": GaussianProcess}, n_jobs=2)
    assert told == [(i, 6) for i in range(1, 7)]
    seconds = ["fit_seconds", "adapt_seconds"]
    pd.testing.assert_frame_equal(one.drop(columns=seconds), two.drop(columns=seconds))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"learners": {}}, "at least one meta-learner"),
        ({"tasks": {}}, "at least one meta-learner"),
        ({"sizes": [-1]}, "size of 0 or more"),
        ({"seeds": []}, "at least one meta-learner"),
        ({"n_test": 1}, "2 to test on"),
        ({"sizes": [FORMS - 1]}, "too few for"),
        ({"cold": {"portfolio": GaussianProcess}}, "both called"),
        ({"tasks": {"one": TASKS["one"]}}, "no task to learn from"),
        ({"learners": {"mine": "rgpe"}}, r"learners\['mine'\] is an estimator, or a function"),
        ({"cold": {"mine": "auto"}}, r"cold\['mine'\] is an estimator, or a function"),
        ({"tasks": list(TASKS.values())}, "tasks= is a mapping"),
        ({"seeds": 3}, "several whole numbers"),
    ],
)
def test_mistakes_are_told(changes, message):
    arguments = {"learners": PORTFOLIO, "tasks": TASKS, "sizes": [2], "seeds": [0], **changes}
    with pytest.raises(InputError, match=message):
        rank_meta_learners(**arguments)


def test_a_learner_is_cloned_and_stays_unfitted():
    learner = make_learner("portfolio", points=30)
    arguments = {"tasks": TASKS, "sizes": [0, 2], "seeds": [0], "cold": {"process": GaussianProcess()}}
    frame = rank_meta_learners({"portfolio": learner}, **arguments)
    expected = rank_meta_learners(PORTFOLIO, **arguments | {"cold": {"process": GaussianProcess}})
    assert frame["kendall_tau"].tolist() == expected["kendall_tau"].tolist()
    assert not hasattr(learner, "sources_")


def test_an_unknown_target_is_told():
    with pytest.raises(UnknownNameError, match="three"):
        rank_meta_learners(PORTFOLIO, TASKS, [2], [0], targets=["thre"])
