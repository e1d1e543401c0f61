"""Automatic relevance determination: a length for each column."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, Matern, WhiteKernel

from augury.predictors import GaussianProcess, Predictor
from augury.predictors.exact_gp import ExactGP, _loss
from augury.predictors.kernels import Kernel, LogNormal, covariance, kernel_pairs, variances
from augury.predictors.relevance import Columns, length_pulls, scaled_distances
from augury.spaces import ChoiceSpace, InputError, NASBench201Space

rng = np.random.default_rng(0)
A, B, NEW = rng.normal(size=(15, 3)), rng.normal(size=(15, 2)), rng.normal(size=(6, 3))
Y = np.sin(2 * A[:, 1]) + 0.1 * rng.normal(size=15)
LENGTHS = np.array([0.5, 1.3, 4.0])
# length 2 in common, so that the columns' own are half of LENGTHS
THETA = np.log([0.7, 2.0, *(LENGTHS / 2), 0.05])
KERNEL = Kernel("rbf-ard", columns=3)
THEIRS = {"rbf-ard": RBF(LENGTHS), "matern-ard": Matern(LENGTHS, nu=2.5)}


@pytest.mark.parametrize("kind", THEIRS)
def test_the_kernel_is_scikit_learn_s(kind):
    kernel = Kernel(kind, columns=3)
    K = covariance([kernel], [kernel_pairs(kernel, NEW, A)], THETA)
    np.testing.assert_allclose(K, 0.7 * THEIRS[kind](NEW, A), rtol=1e-10)
    np.testing.assert_allclose(variances([kernel], THETA, [NEW]), 0.7)


@pytest.mark.parametrize("kind", THEIRS)
def test_predictions_and_likelihood_agree_with_scikit_learn(kind):
    kernel = Kernel(kind, columns=3)
    theirs = GaussianProcessRegressor(
        ConstantKernel(0.7) * THEIRS[kind] + WhiteKernel(0.05), optimizer=None, alpha=1e-8
    )
    theirs.fit(A, Y)
    mean, std = ExactGP([kernel]).fit([A], Y, theta=THETA).predict([NEW])
    expected, expected_std = theirs.predict(NEW, return_std=True)
    np.testing.assert_allclose(mean, expected, rtol=1e-6)
    np.testing.assert_allclose(std**2 + 0.05, expected_std**2, rtol=1e-5)
    loss, _ = _loss(THETA, [kernel], [Columns(A, A)], Y, np.zeros(6), np.full(6, 1e6))
    assert loss == pytest.approx(-theirs.log_marginal_likelihood(theirs.kernel_.theta), rel=1e-6)


@pytest.mark.parametrize("combine", ["sum", "product"])
def test_the_gradient_is_that_of_the_loss(combine):
    kernels = [
        Kernel("matern"),
        KERNEL,
        Kernel("linear"),
        Kernel("rbf-ard", columns=2),
        Kernel("matern-ard", columns=2),
    ]
    groups = [B, A, A, B, B]
    inner = [kernel_pairs(kernel, group, group) for kernel, group in zip(kernels, groups, strict=True)]
    size = 2 + 5 + 1 + 4 + 4 + 1
    theta = np.random.default_rng(1).normal(size=size) * 0.3
    arguments = (kernels, inner, Y, np.zeros(size), np.ones(size), combine, np.linspace(0.5, 2.0, 15))
    slopes = approx_fprime(theta, lambda at: _loss(at, *arguments)[0], 1e-6)
    np.testing.assert_allclose(_loss(theta, *arguments)[1], slopes, rtol=1e-3, atol=1e-4)


def test_pulls_of_lengths_without_all_pairs_of_columns():
    pull = rng.normal(size=(15, 15))
    pull += pull.T
    slow = np.einsum("ik,ikj->j", pull, (A[:, None] - A[None]) ** 2) / LENGTHS**2
    np.testing.assert_allclose(length_pulls(A, np.log(LENGTHS), pull), slow, rtol=1e-9)
    distances = (((A[:, None] - NEW[None]) / LENGTHS) ** 2).sum(axis=2)
    np.testing.assert_allclose(scaled_distances(Columns(A, NEW), np.log(LENGTHS)), distances, rtol=1e-9)


def test_equal_columns_are_the_kernel_of_one_length():
    one = ExactGP([Kernel("rbf")]).fit([A], Y, theta=np.log([0.7, 1.3, 0.05])).predict([NEW])
    ard = ExactGP([KERNEL]).fit([A], Y, theta=np.log([0.7, 1.3, 1.0, 1.0, 1.0, 0.05])).predict([NEW])
    np.testing.assert_allclose(ard, one, rtol=1e-9)


def test_the_prior_of_a_column_s_length_has_two_parts():
    # what maximises the two parts for a given sum loses as a normal density of their joint covariance does
    shared, own = 0.7, 0.5
    kernel = Kernel("rbf-ard", length=LogNormal(1.0, shared), relevance=LogNormal(1.0, own), columns=2)
    assert kernel.sizes == 4
    logs = np.array([0.4, -0.3])
    joint = shared**2 * np.ones((2, 2)) + own**2 * np.eye(2)
    common = np.linspace(-1, 1, 20_001)
    least = (common**2 / shared**2 + (((logs[:, None] - common) / own) ** 2).sum(axis=0)).min()
    assert least == pytest.approx(logs @ np.linalg.solve(joint, logs), rel=1e-6)


@pytest.mark.parametrize("kind", THEIRS)
def test_the_column_that_counts_gets_the_shortest_length(kind):
    x = np.random.default_rng(0).normal(size=(60, 4))
    gp = ExactGP([Kernel(kind, columns=4)]).fit([x], np.sin(2 * x[:, 2]))
    assert gp.theta[2:6].argmin() == 2
    assert gp.theta[4] < gp.theta[[2, 3, 5]].min() - 0.3
    few = ExactGP([Kernel(kind, columns=4)]).fit([x[:1]], np.zeros(1))
    np.testing.assert_allclose(few.theta[2:6], 0.0, atol=1e-3)  # one value tells nothing of lengths


def test_the_predictor_s_kernel(tmp_path):
    space = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)})
    architectures = space.sample(40, np.random.default_rng(0))
    y = architectures.genotypes[:, 1] ** 2  # the second choice alone counts
    predictor = GaussianProcess(encoders=("one-hot", "path"), kernel=("rbf-ard", "matern"))
    predictor.fit(architectures[:30], y[:30])
    assert len(predictor._gp.theta) == 2 + predictor._gp.groups[0].shape[1] + 2 + 1
    assert predictor.score(architectures[30:], y[30:]) > 0.5
    predictor.save(tmp_path / "saved")
    loaded = Predictor.load(tmp_path / "saved")
    np.testing.assert_array_equal(loaded.predict(architectures), predictor.predict(architectures))
    with pytest.raises(InputError, match="rbf-ard"):
        GaussianProcess(kernel="ard").fit(architectures, y)


def test_in_spaces_of_one_shape_each_decision_has_a_length_of_its_own():
    grid = ChoiceSpace({"depth": (1, 2, 3, 4), "rate": (0.1, 0.01, 0.001), "operation": ("conv", "pool")})
    architectures = grid.sample(60, np.random.default_rng(0))
    y = (architectures.genotypes[:, 1] - 1.2) ** 2
    usual = GaussianProcess().fit(architectures, y)
    assert usual._gp.theta[2:6].argmin() == 1  # of depth, rate, and both operations
    given = GaussianProcess(encoders=("decisions", "graph-features"), kernel=("matern-ard", "matern"))
    np.testing.assert_array_equal(given.fit(architectures, y).predict(architectures), usual.predict(architectures))
    cells = NASBench201Space().sample(12, np.random.default_rng(0))
    given = GaussianProcess(encoders=("graph-features", "one-hot"), kernel="matern").fit(cells, np.arange(12))
    np.testing.assert_array_equal(given.predict(cells), GaussianProcess().fit(cells, np.arange(12)).predict(cells))
