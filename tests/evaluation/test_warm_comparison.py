from __future__ import annotations

import numpy as np
import pytest

from augury import evaluation, meta, search
from augury.data import Metric, Task
from augury.evaluation import comparison
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


def test_tasks_of_ones_own_are_all_searched_and_learned_from(learned):
    own = {**BENCHMARK, "small": BENCHMARK["two"].select(slice(0, 64, 4))}
    frame = leave_one_out(own, ["random", "warm"], budget=2, seeds=[0], source_size=None)
    assert list(frame["task"].unique()) == list(own)
    assert [size for _, size, _ in learned[0]] == [64, 64, 16]
    assert len(leave_one_out(own, ["random"], budget=2, seeds=[0], tasks=["small"])) == 2


def test_components_may_be_given_with_arguments(tmp_path):
    """Each difference asks for other searches; nothing else does."""
    bayesian, portfolio = search.make("bayesian", probes=0), meta.make("portfolio")
    kept = []

    def run(benchmark=BENCHMARK, strategy=bayesian, learner=portfolio):
        frame = leave_one_out(
            benchmark, {"random": search.make("random"), "warm": strategy}, budget=2, seeds=[0], tasks=["one"],
            source_size=9, learner=learner, checkpoint=tmp_path,
        )  # fmt: skip
        kept.append(len(list(tmp_path.rglob("*.parquet"))))
        return frame

    first = run()
    assert list(first["strategy"].unique()) == ["random", "warm"]
    assert run().equals(first)
    run(strategy=search.make("bayesian", probes=1))
    run(learner=meta.make("portfolio", points=5))
    run(benchmark={**BENCHMARK, "two": task("two", 0.9)})
    assert kept == [2, 2, 3, 4, 5]
    assert bayesian.get_params()["meta"] is None  # they are cloned
    assert not hasattr(portfolio, "sources_")


class Weighted(RandomSearch):
    """Takes a meta-learner, and numbers."""

    def __init__(self, *, meta=None, weights=None) -> None:
        self.meta = meta
        self.weights = weights


def test_long_arrays_are_told_apart(tmp_path):
    weights = np.zeros(2000)
    for count, middle in enumerate((0.0, 1.0), start=1):
        weights[1000] = middle
        leave_one_out(
            BENCHMARK, {"warm": Weighted(weights=weights)}, budget=2, seeds=[0], tasks=["one"],
            source_size=9, learner="portfolio", checkpoint=tmp_path,
        )  # fmt: skip
        assert len(list(tmp_path.rglob("*.parquet"))) == count


def test_a_name_and_the_same_without_arguments_search_alike():
    arguments = {"budget": 2, "seeds": [0], "tasks": ["one"], "source_size": 20}
    by_name = leave_one_out("tiny", ["warm"], learner="portfolio", **arguments)
    given = leave_one_out(
        BENCHMARK, {"warm": search.make("bayesian")}, learner=meta.make("portfolio"), **arguments
    )  # fmt: skip
    assert by_name[DETERMINED].equals(given[DETERMINED])


def test_small_tables_are_learned_from_whole():
    arguments = {"budget": 2, "seeds": [0], "learner": "portfolio"}
    frame = leave_one_out(BENCHMARK, ["warm", "random"], **arguments)
    assert len(frame) == 12
    more = leave_one_out(BENCHMARK, ["warm", "random"], source_size=1000, **arguments)
    assert frame[DETERMINED].equals(more[DETERMINED])


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
        ({"benchmark": {"one": BENCHMARK["one"]}}, InputError, "Besides 'one' there is no task to learn from"),
        ({"benchmark": BENCHMARK, "tasks": ["on"]}, UnknownNameError, "no task named 'on'. Did you mean 'one'"),
        ({"tasks": ["on"]}, UnknownNameError, "Did you mean 'one'"),
        ({"benchmark": BENCHMARK, "checkpoint": "/proc/xx"}, InputError, "Cannot make the folder '/proc/xx'"),
        ({"strategies": {"warm": search.make("random")}}, InputError, "takes a fitted meta-learner as its parameter"),
        ({"strategies": {"warm": "bayesian"}}, InputError, "takes an instance of Strategy"),
        ({"strategies": {"random": "random"}}, InputError, "takes an instance of Strategy"),
    ],
)
def test_mistakes_are_told_before_anything_runs(change, error, words, monkeypatch):
    monkeypatch.setattr(comparison, "simulate", None)
    arguments = {"benchmark": "tiny", "strategies": ["random", "warm"], "budget": 2, "seeds": [0]} | change
    with pytest.raises(error, match=words):
        leave_one_out(arguments.pop("benchmark"), arguments.pop("strategies"), **arguments)
