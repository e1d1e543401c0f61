import numpy as np
import pytest

from augury.data import load_benchmark
from augury.spaces import NASBench201Space

BEST = {  # the best mean validation accuracy over seeds, and its cell
    "cifar10": (91.61, "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|"),
    "cifar100": (73.49, "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|"),
    "imagenet16-120": (
        46.73, "|nor_conv_3x3~0|+|nor_conv_1x1~0|nor_conv_1x1~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|",
    ),
}  # fmt: skip
CHANCE = {"cifar10": 10, "cifar100": 1, "imagenet16-120": 100 / 120}


@pytest.fixture(scope="module")
def benchmark(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUGURY_CACHE", str(tmp_path_factory.mktemp("cache")))
        loaded = load_benchmark("nas-bench-201")
        list(loaded.values())
        yield loaded


@pytest.fixture(params=sorted(BEST))
def task(benchmark, request):
    return benchmark[request.param]


def test_every_cell_is_there_in_the_spaces_order(benchmark):
    assert list(benchmark) == ["cifar10", "cifar100", "imagenet16-120"]
    for task in benchmark.values():
        assert task.architectures == NASBench201Space().enumerate()


def test_the_best_are_those_of_the_literature(task):
    accuracy, cell = BEST[task.name]
    assert task.y.max() == pytest.approx(accuracy, abs=0.005)
    assert str(task.architectures[int(np.argmax(task.y))]) == cell


def test_cells_that_nothing_passes_are_at_chance_and_others_are_not(task):
    """Only with the right edge order: any swap of edges makes good cells look disconnected."""
    a, b, c, d, e, f = (task.architectures.genotypes != 0).T  # 0→1, 0→2, 1→2, 0→3, 1→3, 2→3
    passes = d | (a & e) | (b & f) | (a & c & f)
    assert (~passes).sum() == 341
    assert task.y[~passes] == pytest.approx(CHANCE[task.name], abs=0.4)
    assert (task.y[passes] > 2 * CHANCE[task.name]).mean() > 0.999


def test_the_objective_is_the_mean_of_the_seeds_there_are(task):
    seeds = np.stack([task.metrics[f"valid_accuracy_seed{i}"].values for i in range(3)])
    there = np.isfinite(seeds)
    assert there[:2].all()
    assert there[2].sum() == 8_169
    by_hand = [row[np.isfinite(row)].mean() for row in seeds.T[:500]]
    np.testing.assert_allclose(task.y[:500], by_hand)
    assert task.test_metric is None


def test_parameters_are_those_of_the_network_as_written(benchmark):
    """15 cells a network, of 16, 32 and 64 channels five times each; a 3×3 convolution has 9 c², a norm 2 c."""
    task = benchmark["cifar10"]
    genotypes = task.architectures.genotypes
    small = sum(5 * (c * c + 2 * c) for c in (16, 32, 64)) / 1e6
    large = sum(5 * (9 * c * c + 2 * c) for c in (16, 32, 64)) / 1e6
    stem = 0.073306
    expected = stem + small * (genotypes == 2).sum(axis=1) + large * (genotypes == 3).sum(axis=1)
    measured = task.metrics["parameters"].values
    assert (np.abs(measured - expected) < 1e-6).mean() > 0.998  # 29 recordings are of another cell


def test_times_are_in_seconds(benchmark):
    for task in benchmark.values():
        hours = task.metrics["training_time"].values / 3600
        assert 0.1 < hours.min() < hours.max() < 6
        milliseconds = 1e3 * task.metrics["latency"].values
        assert 5 < milliseconds.min() < milliseconds.max() < 30


def test_the_tasks_agree(benchmark):
    ranks = [np.argsort(np.argsort(task.y)) for task in benchmark.values()]
    assert np.corrcoef(ranks)[np.triu_indices(3, 1)].min() > 0.95


def test_a_split_keeps_equivalent_cells_together(benchmark):
    train, test = benchmark["cifar10"].split(n_train=100, seed=0)
    assert len(train) == len(train.architectures.distinct()) == 100
    assert not set(train.architectures.canonical().keys()) & set(test.architectures.canonical().keys())
    assert len(test) > 15_000


def test_all_tasks_share_a_space_and_so_its_canonical_forms(benchmark):
    assert len({id(task.space) for task in benchmark.values()}) == 1
