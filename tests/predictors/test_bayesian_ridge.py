import numpy as np
import pytest
from scipy.optimize import check_grad
from scipy.stats import multivariate_normal
from sklearn.linear_model import BayesianRidge as ScikitBayesianRidge

from augury.predictors import BayesianRidge
from augury.predictors.bayesian_ridge import NOISE, WEIGHTS, _loss

from ..contract.components import SPACES


@pytest.fixture(scope="module", params=[12, 150], ids=["fewer architectures than features", "more"])
def fitted(request):
    space = SPACES["nas-bench-graph"]
    architectures = space.sample(request.param, np.random.default_rng(0))
    y = (architectures.genotypes[:, 1:] == 1).sum(axis=1) + np.random.default_rng(1).normal(size=len(architectures))
    predictor = BayesianRidge(encoders=("one-hot",), target="standard").fit(architectures, y)
    new = space.sample(20, np.random.default_rng(2))
    return predictor, architectures, y, new


def scaled(predictor, architectures):
    return predictor._features.transform(architectures)[0]


def test_predictions_are_the_closed_form(fitted):
    predictor, architectures, y, new = fitted
    X, X_new = scaled(predictor, architectures), scaled(predictor, new)
    v, s = np.exp(predictor._logs)
    z = (y - y.mean()) / y.std()
    centre = X.mean(axis=0)
    covariance = np.linalg.inv((X - centre).T @ (X - centre) / s + np.eye(X.shape[1]) / v)
    weights = covariance @ (X - centre).T @ z / s
    mean, std = predictor.predict(new, return_std=True)
    np.testing.assert_allclose(mean, y.mean() + y.std() * (X_new - centre) @ weights, rtol=1e-8)
    variance = np.einsum("md,de,me->m", X_new - centre, covariance, X_new - centre) + s + s / len(y)
    np.testing.assert_allclose(std, y.std() * np.sqrt(variance), rtol=1e-8)


def test_a_flat_prior_of_the_intercept_is_a_very_wide_one(fitted):
    """The whole predictive distribution against a Gaussian process with a constant of variance 1,000."""
    predictor, architectures, y, new = fitted
    X, X_new = scaled(predictor, architectures), scaled(predictor, new)
    v, s = np.exp(predictor._logs)
    inverse = np.linalg.inv(v * X @ X.T + 1e3 + s * np.eye(len(y)))
    K = v * X_new @ X.T + 1e3
    mean, std = predictor.predict(new, return_std=True)
    np.testing.assert_allclose(mean, y.mean() + y.std() * K @ inverse @ ((y - y.mean()) / y.std()), rtol=2e-3)
    own = v * (X_new**2).sum(axis=1) + 1e3 + s
    variance = own - np.einsum("mn,nk,mk->m", K, inverse, K)
    np.testing.assert_allclose(std, y.std() * np.sqrt(variance), rtol=2e-3)


def test_the_evidence_is_the_density_of_the_values_along_all_contrasts(fitted):
    predictor, architectures, y, _ = fitted
    X, z = scaled(predictor, architectures), (y - y.mean()) / y.std()
    contrasts = np.linalg.svd(np.ones((1, len(z))))[2][1:]  # n - 1 directions that a constant does not move
    A = contrasts @ X

    def density(v, s):
        return multivariate_normal(cov=v * A @ A.T + s * np.eye(len(A))).logpdf(contrasts @ z)

    singular, turned = predictor._singular, predictor._turned
    rest = z @ z - turned @ turned

    def ours(v, s):
        logs = np.log([v, s])
        away = (logs - np.log([WEIGHTS.median, NOISE.median])) / [WEIGHTS.spread, NOISE.spread]
        return -_loss(logs, singular**2, turned**2, max(rest, 0.0), len(z))[0] + 0.5 * away @ away

    assert ours(0.3, 0.2) - ours(2.0, 0.5) == pytest.approx(density(0.3, 0.2) - density(2.0, 0.5), rel=1e-6)

    def loss(logs):
        return _loss(logs, singular**2, turned**2, max(rest, 0.0), len(z))

    start = np.log([0.3, 0.2])
    assert check_grad(lambda x: loss(x)[0], lambda x: loss(x)[1], start) < 1e-4
    for step in ([0.05, 0], [-0.05, 0], [0, 0.05], [0, -0.05]):
        assert loss(predictor._logs)[0] <= loss(predictor._logs + step)[0]


def test_many_architectures_make_the_priors_matter_little():
    """Then the variances are those that scikit-learn finds by the evidence alone."""
    space = SPACES["nas-bench-graph"]
    architectures = space.sample(2000, np.random.default_rng(0))
    y = architectures.genotypes[:, 1:] @ [1.0, 2.0, 0.0, 1.0] + np.random.default_rng(1).normal(size=2000)
    predictor = BayesianRidge(encoders=("one-hot",), target="standard").fit(architectures, y)
    theirs = ScikitBayesianRidge(max_iter=1000, tol=1e-9).fit(
        scaled(predictor, architectures), (y - y.mean()) / y.std()
    )
    v, s = np.exp(predictor._logs)
    assert s == pytest.approx(1 / theirs.alpha_, rel=0.01)
    assert v == pytest.approx(1 / theirs.lambda_, rel=0.15)
    new = space.sample(50, np.random.default_rng(2))
    expected = y.mean() + y.std() * theirs.predict(scaled(predictor, new))
    np.testing.assert_allclose(predictor.predict(new), expected, atol=0.01 * y.std())
