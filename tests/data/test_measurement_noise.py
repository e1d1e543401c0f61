import numpy as np
import pytest
from scipy.special import digamma, polygamma

import augury
from augury.data import MeasurementNoise, Metric, Task, seed_weights
from augury.spaces import ChoiceSpace, InputError, UnknownNameError


def test_by_hand():
    # sample variances 2, 18, 1 with 1, 1, 2 degrees of freedom: their mean is (2 + 18 + 2 · 1) / 4 = 5.5
    values = np.array([[1.0, 3.0, np.nan], [0.0, np.nan, 6.0], [5.0, 7.0, 6.0], [4.0, np.nan, np.nan]])
    noise = MeasurementNoise.of(values)
    assert noise.pooled == pytest.approx(5.5)
    assert noise.counts.tolist() == [2, 2, 3, 1]
    halves = np.array([0.5, 0.5, 1.0])
    e = np.log([2.0, 18.0, 1.0]) - digamma(halves) + np.log(halves)
    assert e.var(ddof=1) < polygamma(1, halves).mean()  # less than chance gives: one variance for all
    assert noise.freedom == np.inf
    np.testing.assert_allclose(noise.variances, 5.5)
    np.testing.assert_allclose(noise.weights, [1.0, 1.0, 1.5, 0.5])


def test_variances_are_drawn_half_way_where_the_prior_counts_as_much():
    values = np.random.default_rng(0).normal(size=(5000, 5)) * np.tile([0.1, 3.0], 2500)[:, None]
    noise = MeasurementNoise.of(values)
    squares = values.var(axis=1, ddof=1)
    d = noise.freedom
    np.testing.assert_allclose(noise.variances, (d * squares.mean() + 4 * squares) / (d + 4))
    # the equation that d solves, ψ'(d/2) = what the logarithms spread beyond chance
    spread = np.log(squares).var(ddof=1) - polygamma(1, 2.0)
    assert polygamma(1, d / 2) == pytest.approx(spread, rel=1e-9)


@pytest.mark.parametrize("freedom", [4.0, 20.0])
def test_the_degrees_of_freedom_that_variances_were_drawn_with_are_found(freedom):
    rng = np.random.default_rng(0)
    sigma = np.sqrt(freedom * 2.0 / rng.chisquare(freedom, size=20_000))
    noise = MeasurementNoise.of(rng.normal(size=(20_000, 3)) * sigma[:, None])
    assert noise.freedom == pytest.approx(freedom, rel=0.15)
    assert noise.pooled == pytest.approx(2.0 * freedom / (freedom - 2), rel=0.1)


def test_more_trainings_weigh_more_and_the_mean_is_one():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(100, 3))
    values[:50, 2] = np.nan
    weights = seed_weights(values)
    assert weights.mean() == pytest.approx(1.0)
    assert weights[50:].mean() / weights[:50].mean() == pytest.approx(1.5, rel=0.1)


def test_equal_trainings_leave_the_numbers_of_trainings():
    assert seed_weights([[1.0, 1.0, np.nan], [2.0, np.nan, np.nan], [3.0, 3.0, 3.0]]).tolist() == [1.0, 0.5, 1.5]
    one_apart = seed_weights([[1.0, 1.0], [2.0, 2.0], [2.0, 2.0], [3.0, 4.0]])
    assert np.isfinite(one_apart).all()
    assert one_apart[3] < one_apart[0]


@pytest.mark.parametrize("unit", [1e-300, 1e-160, 1e160, 1e200, 1e307])
def test_weights_are_the_same_in_any_unit(unit):
    values = np.random.default_rng(0).normal(size=(50, 3)) * np.tile([0.1, 3.0], 25)[:, None]
    values[::3, 1] = np.nan
    np.testing.assert_allclose(seed_weights(values * unit), seed_weights(values))


def test_values_without_a_variance_are_refused():
    with pytest.raises(InputError, match=r"at most 1e\+150 in size.*got 2e\+200\. Divide them"):
        MeasurementNoise.of([[1e200, -2e200], [np.nan, 1.0]])


def test_what_is_no_table_of_trainings_is_refused():
    with pytest.raises(InputError, match="two trainings"):
        seed_weights([[1.0], [2.0]])
    with pytest.raises(InputError, match="shape"):
        seed_weights([1.0, 2.0])
    with pytest.raises(InputError, match="infinities"):
        seed_weights([[1.0, np.inf], [2.0, 1.0]])


def test_a_task_finds_its_seeds():
    values = np.array([[1.0, 2.0], [3.0, 5.0], [6.0, np.nan]])
    architectures = ChoiceSpace({"layer": ("a", "b", "c")}).enumerate()
    columns = {"acc": np.nanmean(values, axis=1), "acc_seed0": values[:, 0], "acc_seed1": values[:, 1]}
    metrics = {name: Metric(column, "maximize") for name, column in columns.items()}
    task = Task("mine", architectures, metrics, objective="acc")
    np.testing.assert_array_equal(task.sample_weight(), seed_weights(values))
    np.testing.assert_array_equal(task.sample_weight(seeds=("acc_seed0", "acc_seed1")), seed_weights(values))
    with pytest.raises(UnknownNameError, match="acc_seed9"):
        task.sample_weight(seeds=("acc_seed9",))
    with pytest.raises(InputError, match="acc_seed0_seed0"):
        Task("other", architectures, metrics, objective="acc_seed0").sample_weight()


def test_nas_bench_201_has_seeds():
    task = augury.load_benchmark("nas-bench-201")["cifar100"].select(slice(0, 2000))
    weights = task.sample_weight()
    assert weights.shape == (2000,)
    assert weights.mean() == pytest.approx(1.0)
    assert weights.std() > 0.2
