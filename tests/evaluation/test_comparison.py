import numpy as np
import pandas as pd
import pytest

from augury.data import Metric, Task
from augury.evaluation import compare
from augury.evaluation.results import COLUMNS
from augury.search.history import History
from augury.search.random_search import RandomSearch
from augury.search.strategy import Strategy
from augury.spaces import Architectures, ChoiceSpace, DataError, EdgeCellSpace, InputError

SPACE = ChoiceSpace({"first": tuple("abcd"), "second": tuple("abc")})
FIXED = ("architecture", "y", "best", "regret", "test", "failed", "strategy", "task", "seed", "evaluation")


class InOrder(Strategy):
    """The candidates one after the other, from either end."""

    def __init__(self, *, backwards: bool = False) -> None:
        self.backwards = backwards

    def _propose(self, history: History, n: int, rng: np.random.Generator) -> Architectures:
        assert history.candidates is not None
        order = history.candidates[::-1] if self.backwards else history.candidates
        return order[len(history) : len(history) + n]


class Parts(InOrder):
    """With parameters that are no plain values."""

    def __init__(self, *, backwards: bool = False, parts: tuple[object, ...] = ()) -> None:
        super().__init__(backwards=backwards)
        self.parts = parts


def task(y, name="task", direction="maximize", test=None):
    metrics = {"value": Metric(y, direction)}
    if test is not None:
        metrics["held_out"] = Metric(test, direction)
    return Task(name, SPACE.enumerate()[: len(y)], metrics, "value", "held_out" if test is not None else None)


@pytest.fixture
def tasks():
    rng = np.random.default_rng(0)
    return {"x": task(rng.random(12), "x"), "y": task(rng.random(12), "y", test=rng.random(12))}


def test_rows_by_hand():
    y = [3.0, np.nan, 2.0, 7.0, 5.0]  # median 4, best 7
    frame = compare({"first": InOrder()}, {"t": task(y, test=[30, 0, 20, 70, 50])}, budget=4, seeds=[5])
    assert list(frame.columns) == list(COLUMNS)
    assert frame["architecture"].tolist() == SPACE.enumerate()[:4].format()
    np.testing.assert_array_equal(frame["y"], y[:4])
    np.testing.assert_array_equal(frame["best"], [3, 3, 3, 7])
    np.testing.assert_allclose(frame["regret"], [4 / 3, 4 / 3, 4 / 3, 0])
    np.testing.assert_array_equal(frame["test"], [30, 30, 30, 70])
    assert frame["failed"].tolist() == [False, True, False, False]
    assert set(frame["seed"]) == {5}
    assert (frame["seconds"] >= 0).all()


def test_before_the_first_success_the_regret_is_that_of_the_worst():
    frame = compare({"a": InOrder()}, {"t": task([np.nan, 3.0, 5.0, 1.0])}, budget=4, seeds=[0])
    np.testing.assert_array_equal(frame["best"], [np.nan, 3, 5, 5])
    assert frame["regret"].tolist() == [2.0, 1.0, 0.0, 0.0]


def test_a_minimised_objective_is_negated_once():
    frame = compare({"a": InOrder()}, {"t": task([3.0, 1.0, 2.0], direction="minimize")}, budget=3, seeds=[0])
    assert frame["y"].tolist() == [-3.0, -1.0, -2.0]
    assert frame["regret"].tolist() == [1.0 * 2, 0.0, 0.0]


def test_order_of_rows_and_what_a_task_cannot_give(tasks):
    strategies = {"b": InOrder(), "a": RandomSearch()}
    frame = compare(strategies, tasks, budget=50, seeds=[2, 1, 2])
    assert list(pd.unique(frame["strategy"])) == ["b", "a"]
    assert list(pd.unique(frame["task"])) == ["x", "y"]
    assert len(frame) == 2 * 2 * 2 * 12  # each task has twelve architectures, and seed 2 counts once
    last = frame[frame["evaluation"] == 12]
    assert (last["regret"] == 0).all()
    assert frame.loc[frame["task"] == "x", "test"].isna().all()


def test_a_strategy_may_depend_on_its_target(tasks):
    asked = []

    def made_for(target):
        asked.append(target)
        return InOrder(backwards=target == "y")

    frame = compare({"warm": made_for}, tasks, budget=1, seeds=range(3))
    assert asked == ["x", "y"]  # once a task, not once a seed
    first, last = SPACE.enumerate().format()[0], SPACE.enumerate().format()[-1]
    assert frame["architecture"].tolist() == [first] * 3 + [last] * 3


def test_the_same_arguments_give_the_same_rows(tasks):
    once, again = (compare({"random": RandomSearch()}, tasks, budget=5, seeds=[0, 1]) for _ in range(2))
    pd.testing.assert_frame_equal(once[list(FIXED)], again[list(FIXED)], check_exact=True)
    assert not once[once["seed"] == 0]["y"].equals(once[once["seed"] == 1]["y"])


class Interrupted(RandomSearch):
    """Is stopped after some searches."""

    left = 0

    def _propose(self, history: History, n: int, rng: np.random.Generator) -> Architectures:
        if not len(history):
            if not type(self).left:
                raise KeyboardInterrupt
            type(self).left -= 1
        return super()._propose(history, n, rng)


def test_an_interrupted_comparison_is_resumed(tasks, tmp_path):
    def run(checkpoint=None, progress=None):
        strategies = {"known": Interrupted(), "made": lambda target: Interrupted()}
        return compare(strategies, tasks, budget=4, seeds=[0, 1], checkpoint=checkpoint, progress=progress)

    Interrupted.left = 100
    whole = run()
    Interrupted.left = 5
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path)
    assert len(list(tmp_path.iterdir())) == 5
    Interrupted.left = 3
    steps = []
    resumed = run(tmp_path, progress=lambda *step: steps.append(step))
    assert Interrupted.left == 0
    pd.testing.assert_frame_equal(resumed[list(FIXED)], whole[list(FIXED)], check_exact=True)
    # five searches were there; two strategies are made anew, then three searches run
    assert steps == [(n, 10) for n in range(5, 11)]
    # now nothing is left to do, and nothing is made
    again = run(tmp_path, progress=lambda *step: steps.append(step))
    assert steps[-1] == (8, 8)
    pd.testing.assert_frame_equal(again, resumed, check_exact=True)


def test_checkpoints_are_not_mixed_up(tasks, tmp_path):
    def files():
        return len(list(tmp_path.iterdir()))

    def run(strategy, tasks, budget):
        return compare({"a": strategy}, tasks, budget=budget, seeds=[0], checkpoint=tmp_path)

    run(InOrder(), {"x": tasks["x"]}, 3)
    assert files() == 1
    assert len(run(InOrder(), {"x": tasks["x"]}, 4)) == 4  # another budget
    backwards = run(InOrder(backwards=True), {"x": tasks["x"]}, 4)  # another parameter
    assert backwards["architecture"].iloc[0] == SPACE.enumerate().format()[-1]
    other = run(InOrder(), {"x": tasks["y"]}, 4)  # other values under the same name
    assert other["y"].tolist() == tasks["y"].y[:4].tolist()
    assert files() == 4


def test_checkpoints_of_other_metrics_or_parts_are_not_taken(tmp_path):
    y = np.arange(float(len(SPACE.enumerate())))

    def told(strategy=None, values=y, shift=0.0, direction="maximize", test="test"):
        metrics = {
            "valid": Metric(values, direction),
            "test": Metric(y + shift, "maximize"),
            "other": Metric(-y, "maximize"),
        }
        tasks = {"x": Task("x", SPACE.enumerate(), metrics, "valid", test)}
        frame = compare({"a": strategy or Parts()}, tasks, budget=3, seeds=[0], checkpoint=tmp_path)
        return frame["test"].tolist()

    assert told() == told() == [0, 1, 2]
    assert len(list(tmp_path.iterdir())) == 1
    assert told(shift=50.0) == [50, 51, 52]
    assert told(test="other") == [0, -1, -2]
    assert np.isnan(told(test=None)).all()
    told(values=-y, direction="minimize")  # the same objective, in another unit
    assert len(list(tmp_path.iterdir())) == 5
    for parts in ((RandomSearch(), 1), (InOrder(), 1), (InOrder(backwards=True), 1), (InOrder(), np.int64(2))):
        told(Parts(parts=parts))
    assert len(list(tmp_path.iterdir())) == 9


def test_a_strategy_does_not_take_the_checkpoints_of_one_with_other_content(tasks, tmp_path):
    def run(parts, checkpoint=tmp_path):
        return compare({"a": Parts(parts=parts)}, {"x": tasks["x"]}, budget=2, seeds=[0], checkpoint=checkpoint)

    everything = SPACE.enumerate()
    contents = [{"trees": 3}, {"trees": 4}, np.arange(3), np.arange(1, 4), everything, everything[::-1], task, len]
    for count, content in enumerate(contents, start=1):
        run((content,))
        run((content,))
        assert len(list(tmp_path.iterdir())) == count
    with pytest.raises(
        InputError, match=r"strategies\['a'\]\.parts\[0\] is <function .*<lambda>.* leave out checkpoint="
    ):
        run((lambda: 3,))
    assert len(run((lambda: 3,), checkpoint=None)) == 2


def test_the_best_is_within_reach_where_equivalent_rows_differ():
    space = EdgeCellSpace(operations=("none", "skip", "conv", "pool"), nodes=3)
    everything = space.enumerate()
    forms = np.unique(everything.canonical().keys(), return_inverse=True)[1]
    several = int(np.bincount(forms).argmax())
    rows = np.flatnonzero(forms == several)
    y = np.random.default_rng(0).uniform(size=forms.max() + 1)[forms]
    y[rows] = 5.0 + np.arange(len(rows))  # a search evaluates one of them

    def last(y):
        task = Task("t", everything, {"m": Metric(y, "maximize")}, "m")
        frame = compare({"random": RandomSearch()}, {"t": task}, budget=forms.max() + 1, seeds=range(5))
        assert frame["regret"].min() >= 0
        return frame.groupby("seed")[["best", "regret"]].last()

    found = last(y)
    assert found["best"].nunique() > 1
    assert found["regret"].eq(0).all()
    y[rows[0]] = np.nan  # now it is not sure that the form is found at all
    assert last(y)["regret"].eq(0).all()
    y[rows] = np.where(np.arange(len(rows)) == 0, 5.0, 0.0)  # the best row is one of several of its form
    assert last(y)["regret"].eq(0).all()
    alone = int(np.flatnonzero(np.bincount(forms)[forms] == 1)[0])
    y[alone] = 7.0  # the best is alone in its form, so all find it
    assert last(y)["best"].eq(7).all()


def test_a_damaged_checkpoint_is_named(tasks, tmp_path):
    compare({"a": InOrder()}, tasks, budget=2, seeds=[0], checkpoint=tmp_path)
    part = sorted(tmp_path.iterdir())[0]
    part.write_bytes(b"")
    with pytest.raises(DataError, match=part.name):
        compare({"a": InOrder()}, tasks, budget=2, seeds=[0], checkpoint=tmp_path)


def test_names_of_files_are_safe(tmp_path, tasks):
    compare({"../../a b/\0": InOrder()}, {"<x>/..": tasks["x"]}, budget=1, seeds=[0], checkpoint=tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    assert next(tmp_path.iterdir()).name.startswith("a-b.x.0.")


@pytest.mark.slow
def test_processes_give_the_same_rows_as_one(tasks, tmp_path):
    strategies = {"random": RandomSearch(), "made": lambda target: RandomSearch()}
    one = compare(strategies, tasks, budget=5, seeds=range(3))
    two = compare(strategies, tasks, budget=5, seeds=range(3), n_jobs=2, checkpoint=tmp_path)
    pd.testing.assert_frame_equal(one[list(FIXED)], two[list(FIXED)], check_exact=True)
    assert len(list(tmp_path.iterdir())) == 12


def test_failures_say_where_they_happened(tasks):
    class Broken(RandomSearch):
        def _propose(self, history, n, rng):
            raise ZeroDivisionError("no")

    with pytest.raises(ZeroDivisionError) as caught:
        compare({"broken": Broken()}, tasks, budget=1, seeds=[3])
    assert caught.value.__notes__ == ["This happened while 'broken' searched 'x' with seed 3."]

    def unmade(target):
        raise ZeroDivisionError("no")

    with pytest.raises(ZeroDivisionError) as caught:
        compare({"warm": unmade}, tasks, budget=1, seeds=[3])
    assert caught.value.__notes__ == ["This happened while 'warm' was made for the task 'x'."]


def test_what_cannot_be_compared_is_refused(tasks):
    with pytest.raises(InputError, match="at least one strategy"):
        compare({}, tasks, budget=1, seeds=[0])
    with pytest.raises(InputError, match="at least one strategy"):
        compare({"a": InOrder()}, tasks, budget=1, seeds=[])
    with pytest.raises(InputError, match="budget"):
        compare({"a": InOrder()}, tasks, budget=0, seeds=[0])
    with pytest.raises(InputError, match=r"'flat'.*half of the task"):
        compare({"a": InOrder()}, {"flat": task([1.0, 2.0, 2.0])}, budget=1, seeds=[0])
    with pytest.raises(InputError, match="'empty' has no value"):
        compare({"a": InOrder()}, {"empty": task([np.nan, np.nan])}, budget=1, seeds=[0])
    with pytest.raises(InputError, match=r"strategies\['random'\]= takes an instance of Strategy.*got 'random'"):
        compare({"random": "random"}, tasks, budget=1, seeds=[0])
    with pytest.raises(InputError, match=r"strategies= is a mapping of names.*got a list"):
        compare(["random"], tasks, budget=1, seeds=[0])
    with pytest.raises(InputError, match=r"tasks= is a mapping of names.*got a list"):
        compare({"a": InOrder()}, list(tasks.values()), budget=1, seeds=[0])
    with pytest.raises(InputError, match="several whole numbers"):
        compare({"a": InOrder()}, tasks, budget=1, seeds=2)
