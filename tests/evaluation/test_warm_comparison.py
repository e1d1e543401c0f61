from __future__ import annotations

import numpy as np
import pytest

from augury import evaluation, search
from augury.data import Metric, Task
from augury.evaluation import warm_comparison as module
from augury.evaluation.warm_comparison import leave_one_out
from augury.search.random_search import RandomSearch
from augury.spaces import EdgeCellSpace, InputError, UnknownNameError

SPACE = EdgeCellSpace(operations=("none", "skip", "conv", "pool"), nodes=3)  # 64 cells
DETERMINED = ["strategy", "task", "seed", "evaluation", "architecture", "y", "best", "regret"]


def task(name: str, slope: float) -> Task:
    cells = SPACE.enumerate()
    y = (cells.canonical().genotypes @ np.asarray([1.0, slope, 0.3])) ** 2
    return Task(name, cells, {"accuracy": Metric(y, "maximize")}, "accuracy")


BENCHMARK = {"one": task("one", 0.5), "two": task("two", 0.4), "three": task("three", -0.2)}


@pytest.fixture(autouse=True)
def _own_benchmark(monkeypatch):
    monkeypatch.setattr(module, "load_benchmark", {"tiny": BENCHMARK}.__getitem__)


@pytest.fixture
def learned(monkeypatch):
    """The sources of each meta-learner, and a warm strategy that is quick."""
    seen = []

    class Learner:
        def for_search(self):
            return self

        def fit(self, tasks):
            seen.append([(t.name, len(t), t.architectures.format()) for t in tasks])
            return self

    monkeypatch.setattr(module, "make_learner", lambda name: Learner())
    monkeypatch.setattr(module, "make_strategy", lambda name, **meta: RandomSearch() if meta else search.make(name))
    return seen


def test_a_warm_search_knows_the_others_alone(learned):
    frame = leave_one_out("tiny", ["random", "warm"], budget=3, seeds=[4, 7], source_size=5)
    assert [[name for name, _, _ in sources] for sources in learned] == 2 * [
        ["two", "three"], ["one", "three"], ["one", "two"],
    ]  # fmt: skip
    assert all(size == 5 for sources in learned for _, size, _ in sources)
    first, second = learned[0], learned[3]  # target one, seeds 4 and 7
    assert [texts for *_, texts in first] != [texts for *_, texts in second]
    assert list(frame.groupby(["strategy", "task", "seed"], sort=False).size().index.unique("strategy")) == [
        "random",
        "warm",
    ]
    assert len(frame) == 2 * 3 * 2 * 3


def test_sources_may_be_spoiled(tmp_path, learned, monkeypatch):
    kinds = []

    def spoil(tasks, how, *, seed=0):
        kinds.append((how, seed))
        return list(tasks)

    monkeypatch.setattr(module, "spoiled", spoil)
    for kind in ("flipped", "as-measured", "flipped"):
        leave_one_out(
            "tiny", ["warm"], budget=2, seeds=[5], tasks=["one"], source_size=5, sources=kind, checkpoint=tmp_path
        )
    assert [how for how, seed in kinds if seed == 5] == ["flipped", "as-measured"]  # the third was kept


def test_cold_rows_are_those_of_compare():
    frame = leave_one_out("tiny", ["random", "local-search"], budget=4, seeds=[1, 0], tasks=["two"])
    strategies = {name: search.make(name) for name in ("random", "local-search")}
    expected = evaluation.compare(strategies, {"two": BENCHMARK["two"]}, budget=4, seeds=[0, 1])
    assert frame[DETERMINED].equals(expected[DETERMINED])


def test_finished_searches_are_not_run_again_unless_the_sources_differ(tmp_path, learned):
    def run(size: int, budget: int = 2):
        return leave_one_out(
            "tiny", ["warm", "random"], budget=budget, seeds=[0], tasks=["one"], source_size=size, checkpoint=tmp_path
        )

    first = run(5)
    assert len(learned) == 1
    assert run(5).equals(first)
    assert len(learned) == 1
    run(6)
    assert len(learned) == 2


def test_progress_is_of_everything(learned):
    told = []
    leave_one_out(
        "tiny",
        ["warm", "random"],
        budget=2,
        seeds=[0, 1],
        tasks=["one"],
        source_size=5,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told[0] == (0, 6)
    assert told[-1] == (6, 6)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_warm_search_with_a_real_meta_learner():
    frame = leave_one_out("tiny", ["warm", "random"], budget=3, seeds=[0], tasks=["one"], source_size=20)
    final = frame.groupby("strategy")["regret"].last()
    assert final["warm"] <= final["random"]


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"strategies": ["randon"]}, UnknownNameError, "Did you mean 'random'"),
        ({"strategies": ["random", "random"]}, InputError, "compared once"),
        ({"source_size": 0}, InputError, "at least one evaluation"),
        ({"learner": "transfer"}, UnknownNameError, "Did you mean 'transfer-gp'"),
        ({"seeds": []}, InputError, "one seed"),
        ({"sources": "shufled"}, UnknownNameError, "Did you mean 'shuffled'"),
    ],
)
def test_mistakes_are_told_before_anything_runs(change, error, words):
    arguments = {"strategies": ["random", "warm"], "budget": 2, "seeds": [0]} | change
    with pytest.raises(error, match=words):
        leave_one_out("tiny", arguments.pop("strategies"), **arguments)
