import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augury.evaluation import (
    coverage,
    kendall_tau,
    nll,
    normalised_regret,
    rmse,
    spearman,
    top_k_precision,
    top_k_regret,
)
from augury.spaces import InputError

numbers = st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), min_size=2, max_size=20)


def test_kendall_tau_with_ties_by_hand():
    # of six pairs, four agree, one is tied in y alone, one in the prediction alone: 4 ÷ √(5 · 5)
    assert kendall_tau([1, 1, 2, 3], [1, 2, 2, 3]) == pytest.approx(0.8)


def test_spearman_with_ties_by_hand():
    # ranks 1.5, 1.5, 3 and 1, 2, 3: covariance 1.5, variances 1.5 and 2 → 1.5 ÷ √3
    assert spearman([5, 5, 9], [1, 2, 3]) == pytest.approx(1.5 / math.sqrt(3))


@pytest.mark.parametrize("correlation", [kendall_tau, spearman])
def test_a_constant_prediction_orders_nothing(correlation):
    assert correlation([1, 2, 3], [7, 7, 7]) == 0.0
    assert correlation([7, 7, 7], [1, 2, 3]) == 0.0
    assert correlation([1], [2]) == 0.0
    assert correlation([1, 2, 3], [math.inf] * 3) == 0.0


@pytest.mark.parametrize("correlation", [kendall_tau, spearman])
@given(pairs=numbers)
def test_rank_correlations_are_bounded_odd_and_symmetric(correlation, pairs):
    y, predicted = np.asarray(pairs, dtype=float).T
    value = correlation(y, predicted)
    assert -1 - 1e-12 <= value <= 1 + 1e-12
    assert correlation(y, -predicted) == pytest.approx(-value)
    assert correlation(predicted, y) == pytest.approx(value)
    assert correlation(y, np.exp(predicted)) == pytest.approx(value)  # only the order counts


@given(pairs=numbers)
def test_kendall_tau_counts_pairs(pairs):
    y, predicted = np.asarray(pairs, dtype=float).T
    i, j = np.triu_indices(len(y), 1)
    a, b = np.sign(y[i] - y[j]), np.sign(predicted[i] - predicted[j])
    scale = math.sqrt((a != 0).sum() * (b != 0).sum())
    assert kendall_tau(y, predicted) == pytest.approx((a * b).sum() / scale if scale else 0.0)


def test_top_k_by_hand():
    y, predicted = [10, 8, 8, 1], [0, 3, 1, 2]
    # the two predicted best have y = 8 and 1; the two measured best are 10 and either 8
    assert top_k_precision(y, predicted, k=2) == 0.5
    assert top_k_regret(y, predicted, k=2) == 2.0
    assert top_k_precision(y, predicted, k=4) == 1.0
    assert top_k_regret(y, predicted, k=4) == 0.0


@pytest.mark.parametrize("k", [0, 5])
def test_top_k_needs_a_k_that_exists(k):
    with pytest.raises(InputError, match="1 to 4"):
        top_k_regret([1, 2, 3, 4], [1, 2, 3, 4], k=k)


def test_rmse_by_hand():
    assert rmse([1, 2, 3], [1, 4, 3]) == pytest.approx(math.sqrt(4 / 3))


def test_nll_by_hand():
    # one standard deviation off at std 2: ½ log(2π · 4) + ½
    assert nll([3.0], [1.0], [2.0]) == pytest.approx(0.5 * math.log(8 * math.pi) + 0.5)


@pytest.mark.parametrize("unit", [1e-300, 1e-200, 1e200, 1e300])  # whose squares are 0, or infinite
def test_values_in_any_unit(unit):
    error = rmse(np.array([1, 2, 3]) * unit, np.array([1, 4, 3]) * unit)
    assert error == pytest.approx(math.sqrt(4 / 3) * unit, rel=1e-12, abs=0)
    expected = 0.5 * math.log(8 * math.pi) + math.log(unit) + 0.5
    assert nll([3.0 * unit], [1.0 * unit], [2.0 * unit]) == pytest.approx(expected)


def test_nll_is_least_at_the_true_spread():
    y = np.asarray([-1.0, 1.0])  # about mean 0, the likelihood is largest at std 1
    losses = [nll(y, np.zeros(2), np.full(2, std)) for std in (0.8, 1.0, 1.25)]
    assert min(losses) == losses[1]


def test_nll_refuses_a_deviation_of_zero():
    with pytest.raises(InputError, match="above 0"):
        nll([1.0], [1.0], [0.0])


def test_coverage_by_hand():
    # ±1.645 at 90 %: 1.6 is inside, 1.7 is not, and neither is 3.4 at std 2
    assert coverage([1.6, 1.7, -1.6, 3.4], np.zeros(4), [1, 1, 1, 2], level=0.9) == 0.5


@pytest.mark.parametrize("level", [0, 1, 95])
def test_coverage_needs_a_probability(level):
    with pytest.raises(InputError, match="between 0 and 1"):
        coverage([1.0], [1.0], [1.0], level=level)


def test_regret_by_hand():
    assert normalised_regret(10.0, [4.0, 8.0, 9.0, 10.0], 8.0).tolist() == [3.0, 1.0, 0.5, 0.0]


def test_regret_refuses_a_task_without_anything_to_find():
    with pytest.raises(InputError, match="half of the task"):
        normalised_regret(1.0, [1.0], 1.0)


@pytest.mark.parametrize("metric", [kendall_tau, spearman, rmse])
def test_wrong_arguments_are_named(metric):
    with pytest.raises(InputError, match="one length"):
        metric([1, 2], [1, 2, 3])
    with pytest.raises(InputError, match="at least 1"):
        metric([], [])
    with pytest.raises(InputError, match="predicted holds NaN at position 1"):
        metric([1, 2], [1, math.nan])
