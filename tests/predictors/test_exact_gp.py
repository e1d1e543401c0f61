import numpy as np
import pytest
from scipy.optimize import approx_fprime
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct, Matern, WhiteKernel

from augury.predictors.exact_gp import ExactGP, _loss
from augury.predictors.kernels import Kernel, LogNormal, kernel_pairs

rng = np.random.default_rng(0)
A, B = rng.normal(size=(30, 3)), rng.normal(size=(30, 2))
NEW_A, NEW_B = rng.normal(size=(7, 3)), rng.normal(size=(7, 2))
Y = np.sin(A[:, 0]) + B[:, 1] + 0.1 * rng.normal(size=30)
FLAT = LogNormal(1.0, 1e6)  # a prior that says nothing


def scikit(kernel, noise):
    return GaussianProcessRegressor(kernel + WhiteKernel(noise), optimizer=None, alpha=1e-8)


@pytest.mark.parametrize(
    ("kind", "theirs"),
    [
        ("matern", ConstantKernel(0.7) * Matern(1.3, nu=2.5)),
        ("rbf", ConstantKernel(0.7) * RBF(1.3)),
        ("linear", ConstantKernel(0.7) * DotProduct(1e-6, "fixed")),
    ],
)
def test_predictions_agree_with_scikit_learn(kind, theirs):
    theta = np.log([0.7, 0.05]) if kind == "linear" else np.log([0.7, 1.3, 0.05])
    mean, std = ExactGP([Kernel(kind)]).fit([A], Y, theta=theta).predict([NEW_A])
    expected, expected_std = scikit(theirs, 0.05).fit(A, Y).predict(NEW_A, return_std=True)
    np.testing.assert_allclose(mean, expected, rtol=1e-6)
    # scikit-learn's deviation is that of a new noisy value
    np.testing.assert_allclose(std**2 + 0.05, expected_std**2, rtol=1e-5)


def test_the_likelihood_agrees_with_scikit_learn():
    kernels = [Kernel("matern", FLAT, FLAT)]
    gp = scikit(ConstantKernel(0.7) * Matern(1.3, nu=2.5), 0.05).fit(A, Y)
    theta = np.log([0.7, 1.3, 0.05])
    squared = ((A[:, None] - A[None]) ** 2).sum(axis=2)
    loss, _ = _loss(theta, kernels, [squared], Y, np.zeros(3), np.full(3, 1e6))
    assert loss == pytest.approx(-gp.log_marginal_likelihood(gp.kernel_.theta), rel=1e-6)


def test_the_posterior_is_the_likelihood_times_the_priors():
    kernels, noise = [Kernel("matern", LogNormal(0.5, 0.8), LogNormal(1.0, 0.6))], LogNormal(0.1, 0.4)
    at = np.log([0.7, 1.3, 0.05])
    gp = scikit(ConstantKernel(0.7) * Matern(1.3, nu=2.5), 0.05).fit(A, Y)
    priors = sum(
        -0.5 * ((np.log(x / median)) / spread) ** 2
        for x, median, spread in ((0.7, 0.5, 0.8), (1.3, 1.0, 0.6), (0.05, 0.1, 0.4))
    )
    expected = gp.log_marginal_likelihood(gp.kernel_.theta) + priors
    assert ExactGP(kernels, noise=noise).fit([A], Y, theta=at).log_posterior() == pytest.approx(expected, rel=1e-6)


def test_the_optimum_is_as_likely_as_scikit_learn_s():
    kernel = ConstantKernel(1.0, (1e-3, 1e3)) * Matern(1.0, (1e-2, 1e2), nu=2.5) + WhiteKernel(0.1, (1e-4, 1e1))
    theirs = GaussianProcessRegressor(kernel, n_restarts_optimizer=3, random_state=0, alpha=1e-8).fit(A, Y)
    wide = LogNormal(1.0, 3.0)
    ours = ExactGP([Kernel("matern", wide, wide)], noise=LogNormal(0.1, 3.0)).fit([A], Y)
    found = theirs.log_marginal_likelihood(ours.theta)
    assert found >= theirs.log_marginal_likelihood_value_ - 0.2  # ours has priors, wide ones


def test_kernels_add_up():
    theta = np.log([0.7, 1.3, 0.4, 0.05])
    mean, _ = ExactGP([Kernel("rbf"), Kernel("linear")]).fit([A, B], Y, theta=theta).predict([NEW_A, NEW_B])

    def k(a, b, c, d):
        squared = ((a[:, None] - c[None]) ** 2).sum(axis=2)
        return 0.7 * np.exp(-squared / 2 / 1.3**2) + 0.4 * b @ d.T

    K = k(A, B, A, B) + 0.05 * np.eye(30)
    np.testing.assert_allclose(mean, k(NEW_A, NEW_B, A, B) @ np.linalg.solve(K, Y), rtol=1e-6)


@pytest.mark.parametrize("kinds", [("matern",), ("rbf", "linear"), ("matern", "rbf", "linear")])
def test_the_gradient_is_that_of_the_loss(kinds):
    kernels = [Kernel(kind) for kind in kinds]
    inner = [A @ A.T if kind == "linear" else ((A[:, None] - A[None]) ** 2).sum(axis=2) for kind in kinds]
    size = sum(kernel.sizes for kernel in kernels) + 1
    theta, centre, spread = rng.normal(size=size) * 0.3, np.zeros(size), np.ones(size)
    _, gradient = _loss(theta, kernels, inner, Y, centre, spread)
    for i in range(size):
        step = np.eye(size)[i] * 1e-5
        above, below = (_loss(theta + s, kernels, inner, Y, centre, spread)[0] for s in (step, -step))
        assert gradient[i] == pytest.approx((above - below) / 2e-5, rel=1e-4, abs=1e-6)


def test_leave_one_out_is_what_leaving_out_gives():
    theta = np.log([0.7, 1.3, 0.05])
    means, stds = ExactGP([Kernel("matern")]).fit([A], Y, theta=theta).leave_one_out()
    for i in (0, 11, 29):
        rest = np.arange(30) != i
        mean, std = ExactGP([Kernel("matern")]).fit([A[rest]], Y[rest], theta=theta).predict([A[[i]]])
        assert means[i] == pytest.approx(mean[0], rel=1e-6)
        assert stds[i] ** 2 == pytest.approx(std[0] ** 2 + 0.05, rel=1e-6)


def test_units_are_left_out_together():
    theta = np.log([0.7, 1.3, 0.05])
    units = np.arange(30) // 2 * (np.arange(30) < 8)  # pairs, then the first one's many
    means, stds = ExactGP([Kernel("matern")]).fit([A], Y, theta=theta).leave_one_out(units)
    for i in (0, 5, 29):
        rest = units != units[i]
        mean, std = ExactGP([Kernel("matern")]).fit([A[rest]], Y[rest], theta=theta).predict([A[[i]]])
        assert means[i] == pytest.approx(mean[0], rel=1e-5)
        assert stds[i] ** 2 == pytest.approx(std[0] ** 2 + 0.05, rel=1e-5)


def test_one_point_by_hand():
    # v = 2, noise = 1: mean = 2 / (2 + 1) · 3 = 2, variance = 2 − 2² / 3 = 2/3
    gp = ExactGP([Kernel("rbf")]).fit([np.zeros((1, 1))], np.array([3.0]), theta=np.log([2.0, 1.0, 1.0]))
    mean, std = gp.predict([np.zeros((1, 1))])
    assert mean[0] == pytest.approx(2.0, rel=1e-7)
    assert std[0] ** 2 == pytest.approx(2 / 3, rel=1e-6)
    # a new evaluation there has the noise besides: 2/3 + 1
    again, wider = gp.predict_evaluation([np.zeros((1, 1))])
    assert again[0] == mean[0]
    assert wider[0] ** 2 == pytest.approx(5 / 3, rel=1e-6)


def test_a_new_evaluation_has_scikit_learn_s_deviation():
    gp = ExactGP([Kernel("matern")]).fit([A], Y, theta=np.log([0.7, 1.3, 0.05]))
    _, expected = scikit(ConstantKernel(0.7) * Matern(1.3, nu=2.5), 0.05).fit(A, Y).predict(NEW_A, return_std=True)
    np.testing.assert_allclose(gp.predict_evaluation([NEW_A])[1], expected, rtol=1e-5)


def test_a_product_of_rbf_kernels_is_one_on_all_features():
    rng = np.random.default_rng(0)
    a, b, y = rng.normal(size=(12, 2)), rng.normal(size=(12, 3)), rng.normal(size=12)
    new = [rng.normal(size=(4, 2)), rng.normal(size=(4, 3))]
    # exp(−|a|² / 2 · 2²) exp(−|b|² / 2 · 3²) is exp(−|(a / 2, b / 3)|² / 2)
    product = ExactGP([Kernel("rbf"), Kernel("rbf")], combine="product")
    product.fit([a, b], y, theta=np.log([0.5, 2.0, 3.0, 3.0, 0.1]))
    whole = ExactGP([Kernel("rbf")])
    whole.fit([np.hstack([a / 2, b / 3])], y, theta=np.log([1.5, 1.0, 0.1]))
    np.testing.assert_allclose(product.predict(new), whole.predict([np.hstack([new[0] / 2, new[1] / 3])]), rtol=1e-9)


def test_the_slopes_of_a_product():
    rng = np.random.default_rng(0)
    kernels = [Kernel("matern"), Kernel("rbf"), Kernel("linear")]
    groups = [rng.normal(size=(9, 2)) for _ in kernels]
    inner = [kernel_pairs(kernel, group, group) for kernel, group in zip(kernels, groups, strict=True)]
    theta = rng.normal(size=6) * 0.3
    arguments = (kernels, inner, rng.normal(size=9), np.zeros(6), np.ones(6), "product")
    slopes = approx_fprime(theta, lambda at: _loss(at, *arguments)[0], 1e-6)
    np.testing.assert_allclose(_loss(theta, *arguments)[1], slopes, rtol=1e-3, atol=1e-4)


def test_the_mean_is_linear_in_the_columns_of_a_linear_kernel():
    # ridge regression by hand: Σ x y ÷ (Σ x² + σ² ÷ v) = 5 ÷ (5 + 2)
    x, y = np.array([[1.0], [2.0]]), np.array([1.0, 2.0])
    gp = ExactGP([Kernel("linear")]).fit([x], y, theta=np.log([0.5, 1.0]))
    np.testing.assert_allclose(gp.linear_weights(0), [5 / 7], rtol=1e-6)


def test_the_summands_of_the_mean_add_up_to_it():
    gp = ExactGP([Kernel("matern"), Kernel("linear"), Kernel("rbf")]).fit([A, B, A], Y)
    new = [NEW_A, NEW_B, NEW_A]
    summands = gp.summands(new)
    np.testing.assert_allclose(summands.sum(axis=1), gp.mean(new), rtol=1e-9)
    np.testing.assert_allclose(summands[:, 1], NEW_B @ gp.linear_weights(1), rtol=1e-9)
