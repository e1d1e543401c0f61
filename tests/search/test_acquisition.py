import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from augury.search import log_expected_improvement, transfer_acquisition


def test_by_hand():
    # botorch's example: mean 0, variance 1, best 0 → φ(0); and mean = best + 1 → φ(1) + Φ(1)
    values = np.exp(log_expected_improvement(np.array([0.0, 1.0]), np.ones(2), 0.0))
    np.testing.assert_allclose(values, [0.39894228, 1.08331547], rtol=1e-7)


@pytest.mark.parametrize(("mean", "std", "best"), [(0.3, 0.5, 1.0), (-2.0, 1.5, 0.5), (5.0, 0.1, 1.0)])
def test_agrees_with_integration(mean, std, best):
    expected, _ = quad(lambda y: (y - best) * norm.pdf(y, mean, std), best, best + 12 * std + abs(mean))
    value = np.exp(log_expected_improvement(np.array([mean]), np.array([std]), best))[0]
    assert value == pytest.approx(expected, rel=1e-6)


def test_scales_with_its_units():
    a = log_expected_improvement(np.array([1.0]), np.array([2.0]), 3.0)
    b = log_expected_improvement(np.array([10.0]), np.array([20.0]), 30.0)
    np.testing.assert_allclose(b - a, np.log(10))


def test_far_below_the_best_it_still_tells_apart():
    u = -np.array([1.0, 5, 30, 100, 1e3, 9e3, 1.1e4, 1e6])
    values = log_expected_improvement(u, np.ones(len(u)), 0.0)
    assert np.isfinite(values).all()
    assert (np.diff(values) < 0).all()
    # φ(u) / u² (1 − 3/u²) is the asymptotic series; ln φ(u) is up to 5e11, beside which the rest would not be seen
    np.testing.assert_allclose(values[3:] - norm.logpdf(u[3:]), -2 * np.log(-u[3:]), atol=5e-4)


def test_it_is_smooth_where_the_formulas_meet():
    for middle in (-1.0, -1e4):
        u = middle + np.linspace(-1, 1, 201) * abs(middle) * 1e-3
        slope = np.gradient(log_expected_improvement(u, np.ones(201), 0.0), u)
        assert np.abs(np.diff(slope)).max() < 1e-2 * np.abs(slope).max()


def test_the_transfer_acquisition_by_hand():
    # EI is φ(0) = 0.39894 for the first, φ(1) + Φ(1) = 1.08332 for the second (as above)
    # sources' improvements: 3 − 1 and none; none and 5 − 4
    means = np.array([[3.0, 2.0, 0.0], [0.0, 5.0, 1.0]])
    value = transfer_acquisition(means, np.ones(2), np.array([0.5, 0.25, 0.75]), np.array([1.0, 4.0, 0.0]))
    expected = np.array([0.5 * 2 + 0.75 * 0.39894228, 0.25 * 1 + 0.75 * 1.08331547]) / 1.5
    np.testing.assert_allclose(value, expected, rtol=1e-7)


def test_where_only_the_target_weighs_it_is_expected_improvement():
    means, std = np.array([[9.0, 0.3], [1.0, -1.0]]), np.array([0.5, 2.0])
    value = transfer_acquisition(means, std, np.array([0.0, 0.75]), np.array([0.0, 0.1]))
    np.testing.assert_allclose(np.log(value), log_expected_improvement(means[:, 1], std, 0.1))
