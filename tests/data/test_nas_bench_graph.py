from itertools import combinations

import numpy as np
import pytest
from scipy.stats import kendalltau, spearmanr

from augury.data import load_benchmark
from augury.spaces import NASBenchGraphSpace

EIGHT = ("cora", "citeseer", "pubmed", "cs", "physics", "photo", "computers", "arxiv")


@pytest.fixture(scope="module")
def benchmark(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUGURY_CACHE", str(tmp_path_factory.mktemp("cache")))
        loaded = load_benchmark("nas-bench-graph")
        list(loaded.values())
        yield loaded


def test_nine_tasks_on_one_space(benchmark):
    assert list(benchmark) == [*EIGHT, "proteins"]
    assert {task.space for task in benchmark.values()} == {NASBenchGraphSpace()}
    for name in EIGHT:
        assert len(benchmark[name]) == 26_206
        assert benchmark[name].architectures == benchmark["cora"].architectures
    assert len(benchmark["proteins"]) == 2_021


def test_the_architectures_are_exactly_the_canonical_ones(benchmark):
    space = NASBenchGraphSpace()
    everything = space.enumerate()
    canonical = everything[everything.distinct()].canonical()
    assert set(canonical.keys().tolist()) == set(benchmark["cora"].architectures.keys().tolist())
    for task in benchmark.values():
        assert task.architectures.canonical() == task.architectures


def test_proteins_has_every_architecture_of_five_operations(benchmark):
    allowed = [NASBenchGraphSpace().operations.index(name) for name in ("gcn", "sage", "arma", "fc", "skip")]
    assert allowed == [1, 4, 5, 7, 8]
    everywhere = benchmark["cora"].architectures
    of_five = everywhere[np.isin(everywhere.genotypes[:, 1:], allowed).all(axis=1)]
    assert of_five == benchmark["proteins"].architectures


def test_values_lie_where_their_units_put_them(benchmark):
    for name, task in benchmark.items():
        values = {metric: task.metrics[metric].values for metric in task.metrics}
        assert all(np.isfinite(v).all() for v in values.values())
        for metric in ("valid_accuracy", "test_accuracy"):
            assert 1 < values[metric].min() < 75, name
            assert 70 < values[metric].max() < 95, name
        assert 1e-4 < values["latency"].min() < values["latency"].max() < 1  # s: a pass over a graph on one card
        assert 0.03 < values["parameters"].min() < values["parameters"].max() < 10
        assert task.test_metric == "test_accuracy"


def test_parameters_are_those_of_the_layers(benchmark):
    """Cora has 1,433 features and 7 classes; a chain of four fully connected layers of 256 units, then a fifth."""
    task = benchmark["cora"]
    row = np.flatnonzero((task.architectures.genotypes == [8, 7, 7, 7, 7]).all(axis=1))
    layers = 1433 * 256 + 256 + 4 * (256 * 256 + 256) + 256 * 7 + 7
    norms = 4 * 2 * 256
    assert task.metrics["parameters"].values[row] == pytest.approx((layers + norms) / 1e6, abs=1e-9)


def test_latency_tells_heavy_from_light_operations(benchmark):
    """Attention costs more than a linear layer, so keys and operations are not mixed up."""
    task = benchmark["arxiv"]
    ops = task.architectures.genotypes[:, 1:]
    mean = [task.metrics["latency"].values[(ops == op).sum(axis=1) >= 2].mean() for op in range(9)]
    names = task.space.operations
    assert names[int(np.argmax(mean))] in ("gat", "arma", "cheb", "graph")
    assert {names[i] for i in np.argsort(mean)[:2]} == {"fc", "skip"}


def test_fully_connected_networks_do_worse_on_citation_graphs(benchmark):
    for name in ("cora", "citeseer", "pubmed", "arxiv"):
        task = benchmark[name]
        ops = task.architectures.genotypes[:, 1:]
        without = np.isin(ops, [7, 8]).all(axis=1)  # neither looks at an edge
        assert without.sum() > 10
        assert task.y[without].max() < np.median(task.y[~without])


def test_rows_agree_with_keys_written_out(benchmark):
    """Three keys of the file and their values, read by hand from the pickle's text."""
    task = benchmark["cora"]
    by_key = {
        int("".join(map(str, genotype))): row for row, genotype in enumerate(task.architectures.genotypes.tolist())
    }
    assert task.metrics["valid_accuracy"].values[by_key[0]] == pytest.approx(100 * 0.7733333333)
    assert task.metrics["test_accuracy"].values[by_key[0]] == pytest.approx(79.7)
    assert task.metrics["latency"].values[by_key[0]] == pytest.approx(0.005922238032)
    assert task.metrics["parameters"].values[by_key[0]] == pytest.approx(1.736711)


def test_tasks_agree_as_the_published_tables_do(benchmark):
    """Rank correlations between tasks, and of validation with test, as others measured them on these files."""
    eight = {name: benchmark[name] for name in EIGHT}
    between = [spearmanr(a.y, b.y).statistic for a, b in combinations(eight.values(), 2)]
    assert min(between) > 0
    assert max(between) == pytest.approx(0.62, abs=0.01)
    proteins = benchmark["proteins"]
    shared = np.isin(benchmark["cora"].architectures.keys(), proteins.architectures.keys())
    least = min(spearmanr(proteins.y, task.y[shared]).statistic for task in eight.values())
    assert least == pytest.approx(-0.30, abs=0.01)
    for name, tau in (("pubmed", 0.38), ("arxiv", 0.87)):
        test = eight[name].metrics["test_accuracy"].values
        assert kendalltau(eight[name].y, test).statistic == pytest.approx(tau, abs=0.01)
