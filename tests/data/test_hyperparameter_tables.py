import numpy as np
import pytest

from augury.data import load_benchmark


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("AUGURY_CACHE", str(tmp_path))


def test_multilayer_perceptrons():
    benchmark = load_benchmark("hpobench-mlp")
    assert len(benchmark) == 8
    task = benchmark["vehicle"]
    assert task.architectures == task.space.enumerate()
    assert 95 < task.y.max() < 100
    assert 15 < task.y.min() < 25  # balanced accuracy of four classes: 25 is chance
    # wider and deeper costs time; a far too small learning rate learns nothing in the time there is
    column = dict(zip(task.space.decisions, task.architectures.genotypes.T, strict=True))
    time = task.metrics["training_time"].values
    assert np.median(time[column["width"] == 9]) > np.median(time[column["width"] == 0])
    assert np.median(time[column["depth"] == 2]) > np.median(time[column["depth"] == 0])
    assert np.median(time[column["batch_size"] == 0]) > np.median(time[column["batch_size"] == 9])
    assert task.y[column["learning_rate_init"] == 0].mean() < task.y[column["learning_rate_init"] == 5].mean()


def test_fully_connected_networks():
    benchmark = load_benchmark("hpolib-fcnet")
    assert len(benchmark) == 4
    task = benchmark["protein_structure"]
    assert task.architectures == task.space.enumerate()
    assert task.metrics["valid_loss"].direction == "minimize"
    assert task.y.max() == -task.metrics["valid_loss"].values.min()
    assert 0.2 < -task.y.max() < 0.25
    # 9 features, two hidden layers and one output, with biases, in millions
    units = np.array([16, 32, 64, 128, 256, 512])
    first, second = units[task.architectures.genotypes[:, 7]], units[task.architectures.genotypes[:, 8]]
    expected = (9 + 1) * first + (first + 1) * second + (second + 1)
    np.testing.assert_allclose(task.metrics["parameters"].values, expected / 1e6)
