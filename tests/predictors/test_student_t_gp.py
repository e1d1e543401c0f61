import numpy as np
import pytest

from augury.predictors.exact_gp import ExactGP
from augury.predictors.kernels import Kernel, LogNormal
from augury.predictors.student_t_gp import DEGREES, DEGREES_BELOW, ROUNDS, StudentTGP

X = np.random.default_rng(0).normal(size=(30, 2))
Y = X @ [1.0, -2.0] + 0.1 * np.random.default_rng(1).normal(size=30)
KERNELS = [Kernel("linear"), Kernel("rbf")]
NOISE = LogNormal(0.01, 1.0)


@pytest.mark.parametrize(("y", "degrees"), [(3.0, DEGREES), (-3.0, DEGREES_BELOW)])
def test_one_value_by_hand(y, degrees):
    """With one value, f given y has mean y v w / (v w + s) and variance v s / (v w + s), where v and s are variances."""
    v, s, w = 2.0, 0.5, 1.0
    for _ in range(ROUNDS):
        mean, variance = y * v * w / (v * w + s), v * s / (v * w + s)
        w = (degrees + 1) / (degrees + ((y - mean) ** 2 + variance) / s)
    gp = StudentTGP([Kernel("linear")]).fit([np.ones((1, 1))], np.array([y]), theta=np.log([v, s]))
    assert gp.weights[0] == pytest.approx(w, rel=1e-6)
    assert gp.mean([np.ones((1, 1))])[0] == pytest.approx(y * v * w / (v * w + s), rel=1e-6)


@pytest.mark.parametrize("side", [1, -1])
def test_measurements_gone_wrong_hardly_count(side):
    y = Y.copy()
    y[[3, 8]] += side * np.array([4.0, 6.0])
    robust, plain = (kind(KERNELS[:1], noise=NOISE).fit([X], y) for kind in (StudentTGP, ExactGP))
    clean = ExactGP(KERNELS[:1], noise=NOISE).fit([X], Y)
    new = np.random.default_rng(2).normal(size=(200, 2))
    errors = [np.abs(gp.mean([new]) - clean.mean([new])).mean() for gp in (robust, plain)]
    assert errors[0] < 0.25 * errors[1]
    assert robust.weights[[3, 8]].max() < 0.1 < 0.5 < np.median(robust.weights)


def test_without_such_it_is_nearly_the_usual_process():
    robust, plain = (kind(KERNELS[:1], noise=NOISE).fit([X], Y) for kind in (StudentTGP, ExactGP))
    new = np.random.default_rng(2).normal(size=(200, 2))
    assert np.abs(robust.mean([new]) - plain.mean([new])).max() < 0.05


def test_hyper_parameters_tell_the_whole_process():
    learned = StudentTGP(KERNELS, noise=NOISE).fit([X, X], Y)
    again = StudentTGP(KERNELS, noise=NOISE).fit([X, X], Y, theta=learned.theta)
    np.testing.assert_array_equal(again.mean([X, X]), learned.mean([X, X]))
    np.testing.assert_array_equal(again.weights, learned.weights)


def test_the_noise_has_its_tails():
    gp = StudentTGP(KERNELS, noise=NOISE).fit([X, X], Y)
    assert gp.noise_variance == pytest.approx(DEGREES / (DEGREES - 2) * np.exp(gp.theta[-1]))
    _, std = gp.predict([X, X])
    np.testing.assert_allclose(gp.predict_evaluation([X, X])[1], np.sqrt(std**2 + gp.noise_variance))


def test_given_weights_stay_a_part_of_it():
    y = Y.copy()
    y[5] += 1.0
    new = np.zeros((1, 2)) + X[5]
    light, heavy = (
        StudentTGP(KERNELS, noise=NOISE).fit([X, X], y, weights=np.where(np.arange(30) == 5, w, 1.0))
        for w in (0.01, 100)
    )
    assert abs(light.mean([new, new])[0] - Y[5]) < abs(heavy.mean([new, new])[0] - Y[5])


def test_values_far_too_low_count_less_than_those_far_too_high():
    low, high = Y.copy(), Y.copy()
    low[5], high[5] = Y[5] - 1.0, Y[5] + 1.0
    weights = [StudentTGP(KERNELS[:1], noise=NOISE).fit([X], y).weights[5] for y in (low, high)]
    assert weights[0] < 0.6 * weights[1]
