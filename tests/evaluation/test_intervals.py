import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from augury.evaluation import across_tasks, mean_interval, task_mean_interval
from augury.evaluation.intervals import CORRELATIONS, bootstrap_weights, quantile_levels
from augury.spaces import InputError


def test_few_replicates_by_hand():
    # t = 12.706 of one degree of freedom, s = √½, so 12.706 · √½ ÷ √2 = 6.353 to each side
    np.testing.assert_allclose(mean_interval([0.0, 1.0]), [0.5, 0.5 - 6.353, 0.5 + 6.353], atol=1e-3)
    # t = 2.306 of eight, s = √7.5 of the numbers 1 to 9
    half = 2.306 * 7.5**0.5 / 3
    np.testing.assert_allclose(mean_interval(np.arange(1.0, 10.0)), [5, 5 - half, 5 + half], atol=1e-3)


@pytest.mark.parametrize("sign", [1, -1])
def test_an_interval_ends_where_correlations_do(sign):
    # mean 0.9667, s = 0.0577, t = 4.303 of two: ± 0.1434, of which the one end is beyond 1
    _, low, high = mean_interval(sign * np.array([1.0, 0.9, 1.0]), within=CORRELATIONS)
    np.testing.assert_allclose(sorted([sign * low, sign * high]), [0.8232, 1.0], atol=1e-4)
    values = np.random.default_rng(5).uniform(-0.1, 0.1, size=(6, 3))
    np.testing.assert_array_equal(mean_interval(values, within=CORRELATIONS), mean_interval(values))


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=12))
def test_within_bounds_it_still_holds_the_mean(values):
    mean, low, high = mean_interval(values, draws=50, within=CORRELATIONS)
    assert low <= mean <= high
    assert -1 - 1e-12 <= low <= high <= 1 + 1e-12


def test_what_cannot_be_has_no_interval():
    with pytest.raises(InputError, match=r"within -1 and 1; one given is 1\.5"):
        mean_interval([0.5, 1.5], within=CORRELATIONS)
    mean_interval([0.5, 1 + 1e-15], within=CORRELATIONS)  # which rounding can make of 1


def test_few_replicates_agree_with_scipy():
    values = np.random.default_rng(5).normal(size=(6, 3))
    _, low, high = mean_interval(values, level=0.8)
    theirs = stats.ttest_1samp(values, 0.0).confidence_interval(0.8)
    np.testing.assert_allclose([low, high], [theirs.low, theirs.high])


def test_ten_replicates_are_resampled():
    values = np.random.default_rng(6).normal(size=10)
    means = bootstrap_weights(10, 2000, np.random.default_rng(0)) @ values
    _, low, high = mean_interval(values)
    np.testing.assert_allclose([low, high], np.quantile(means, quantile_levels(10, 0.95)), rtol=1e-12)


def test_levels_by_hand():
    # ten replicates: t = 2.262 from the table, √(10/9) t = 2.384, and Φ(−2.384) = 0.0086
    low, high = quantile_levels(10, 0.95)
    assert low == pytest.approx(0.0086, abs=5e-5)
    assert high == pytest.approx(1 - 0.0086, abs=5e-5)


def test_agrees_with_scipy_at_the_same_levels():
    values = np.random.default_rng(0).exponential(size=12)
    level = 1 - 2 * quantile_levels(12, 0.9)[0]
    theirs = stats.bootstrap(
        (values,),
        np.mean,
        confidence_level=level,
        method="percentile",
        n_resamples=20_000,
        random_state=np.random.default_rng(1),
    ).confidence_interval
    _, low, high = mean_interval(values, level=0.9, draws=20_000, seed=2)
    assert float(low) == pytest.approx(theirs.low, rel=0.03)
    assert float(high) == pytest.approx(theirs.high, rel=0.03)


def test_covers_the_truth_about_as_often_as_it_says():
    samples = np.random.default_rng(3).normal(size=(10, 600))  # 600 experiments of 10 replicates each
    _, low, high = mean_interval(samples, draws=1000)
    assert 0.925 <= float(np.mean((low <= 0) & (high >= 0))) <= 0.975


@pytest.mark.parametrize(("n", "bootstrapped"), [(2, 0.49), (3, 0.76), (4, 0.87), (5, 0.92)])
def test_covers_it_as_often_with_very_few_which_the_bootstrap_would_not(n, bootstrapped):
    samples = np.random.default_rng(4).normal(size=(n, 4000))
    _, low, high = mean_interval(samples)
    assert float(np.mean((low <= 0) & (high >= 0))) == pytest.approx(0.95, abs=0.015)
    means = bootstrap_weights(n, 1000, np.random.default_rng(0)) @ samples
    low, high = np.quantile(means, quantile_levels(n, 0.95), axis=0)
    assert float(np.mean((low <= 0) & (high >= 0))) == pytest.approx(bootstrapped, abs=0.025)


@given(values=st.lists(st.floats(-10, 10), min_size=2, max_size=12), shift=st.floats(-5, 5), scale=st.floats(0.1, 5))
def test_moves_and_stretches_with_the_values(values, shift, scale):
    once = np.asarray(mean_interval(values, draws=50))
    again = np.asarray(mean_interval(scale * np.asarray(values) + shift, draws=50))
    np.testing.assert_allclose(again, scale * once + shift, atol=1e-9)
    assert once[1] <= once[0] <= once[2]


def test_a_single_replicate_has_no_interval():
    mean, low, high = mean_interval([[1.0, 2.0]])
    assert mean.tolist() == [1.0, 2.0]
    assert np.isnan([low, high]).all()


def test_the_same_seed_gives_the_same_interval():
    values = np.arange(12.0) ** 2
    assert mean_interval(values, seed=1) == mean_interval(values, seed=1)
    assert mean_interval(values, draws=7, seed=1) != mean_interval(values, draws=7, seed=2)


def test_tasks_are_fixed_and_seeds_are_not():
    apart = [[0.0, 0.0], [4.0, 4.0]]  # tasks differ, seeds do not
    mean, low, high = task_mean_interval(apart)
    assert (float(mean), float(low), float(high)) == (2.0, 2.0, 2.0)
    mean, low, high = across_tasks(apart)
    assert (float(mean), float(low), float(high)) == (2.0, 0.0, 4.0)


def test_one_seed_is_one_replicate_over_all_its_tasks():
    # what a seed wins on one task it loses on the other: no spread is left
    _, low, high = task_mean_interval([[0.0, 4.0], [4.0, 0.0]])
    assert (float(low), float(high)) == (2.0, 2.0)
    # and where a seed is lucky on both, the spread is that of one task
    both = task_mean_interval([[0.0, 4.0, 1.0], [0.0, 4.0, 1.0]])
    assert both == mean_interval([0.0, 4.0, 1.0])


def test_one_task_gives_no_interval_across_tasks():
    assert np.isnan(across_tasks([[1.0, 2.0]]).low)


def test_wrong_shapes_are_refused():
    with pytest.raises(InputError, match="replicates"):
        mean_interval(1.0)
    with pytest.raises(InputError, match="tasks, seeds"):
        task_mean_interval([1.0, 2.0])
    with pytest.raises(InputError, match="tasks, seeds"):
        across_tasks(np.zeros((0, 3)))
    with pytest.raises(InputError, match="between 0 and 1"):
        mean_interval([1.0, 2.0], level=95)
