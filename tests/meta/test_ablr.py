import numpy as np
import torch
from scipy.stats import kendalltau, multivariate_normal
from sklearn.linear_model import BayesianRidge

from augury.meta import ABLR
from augury.meta.ablr import linear_head

from .toy import EVERYTHING, TRUTH, support, task


def features(n=12, d=3):
    rng = np.random.default_rng(0)
    phi = rng.normal(size=(n, d))
    return phi, phi @ rng.normal(size=d) + 0.3 * rng.normal(size=n)


def head(phi, z, alpha, beta, padding=0):
    padded = torch.zeros((1, len(z) + padding, phi.shape[1]), dtype=torch.float64)
    padded[0, : len(z)] = torch.from_numpy(phi)
    values = torch.zeros((1, len(z) + padding), dtype=torch.float64)
    values[0, : len(z)] = torch.from_numpy(z)
    precisions = torch.tensor([[np.log(alpha), np.log(beta)]], dtype=torch.float64)
    evidence, mean = linear_head(padded, values, torch.tensor([float(len(z))]), precisions)
    return evidence.item(), mean[0].numpy()


def test_the_evidence_is_that_of_the_normal_distribution():
    phi, z = features()
    evidence, _ = head(phi, z, 0.7, 4.0)
    covariance = phi @ phi.T / 0.7 + np.eye(len(z)) / 4.0
    np.testing.assert_allclose(evidence, multivariate_normal(np.zeros(len(z)), covariance).logpdf(z))


def test_the_mean_by_hand_and_by_scikit_learn():
    # one feature: β φᵀz / (α + β φᵀφ) = 2 · 4 / (1 + 2 · 2)
    np.testing.assert_allclose(head(np.ones((2, 1)), np.array([1.0, 3.0]), 1.0, 2.0)[1], [8 / 5])
    phi, z = features()
    ridge = BayesianRidge(fit_intercept=False).fit(phi, z)
    np.testing.assert_allclose(head(phi, z, ridge.lambda_, ridge.alpha_)[1], ridge.coef_, rtol=1e-6)


def test_padding_does_not_matter():
    phi, z = features()
    for found, expected in zip(head(phi, z, 0.7, 4.0, padding=5), head(phi, z, 0.7, 4.0), strict=True):
        np.testing.assert_allclose(found, expected)


def test_the_targets_posterior_is_that_of_linear_regression_about_the_sources_heads():
    learner = ABLR(points=60, features=6, hidden=12, layers=1, steps=60).fit([task("a", TRUTH), task("b", TRUTH**2)])
    rows = support(15)
    predictor = learner.adapt(EVERYTHING[rows], TRUTH[rows])
    z = predictor.target_.transform(TRUTH[rows])
    log_constant, log_variance, log_noise = predictor._head.theta
    alpha, beta = np.exp(-np.append(log_constant, np.full(6, log_variance))), 1 / (np.exp(log_noise) + 1e-8)
    new = np.column_stack([np.ones(len(TRUTH)), learner._shared(EVERYTHING)])
    phi, prior = new[rows], np.append(0.0, learner._shared.heads.mean(axis=0))
    K = np.diag(alpha) + beta * phi.T @ phi
    mean, std = predictor._predict(EVERYTHING)
    expected = new @ (prior + beta * np.linalg.solve(K, phi.T @ (z - phi @ prior)))
    np.testing.assert_allclose(mean, expected, atol=1e-7)
    variance = np.einsum("nd,dn->n", new, np.linalg.solve(K, new.T))
    np.testing.assert_allclose(std, np.sqrt(variance + np.exp(log_noise)), atol=1e-6)


def test_with_no_evaluation_it_is_the_mean_of_the_sources_heads_as_far_as_it_is_trusted():
    learner = ABLR(points=100, features=10, hidden=16, steps=150).fit([task("a", TRUTH), task("b", TRUTH**2)])
    mean, std = learner.adapt(EVERYTHING[:0], []).predict(EVERYTHING, return_std=True)
    by_source = learner._shared(EVERYTHING) @ learner._shared.heads.T
    average = by_source.mean(axis=1)
    trust = learner._shared.trust
    np.testing.assert_allclose(mean, trust * average / average.std())
    np.testing.assert_allclose(std, np.sqrt(1 - trust**2 / 2))  # of two sources
    assert np.corrcoef(mean, TRUTH)[0, 1] > 0.9


def test_evaluations_that_the_sources_all_praise_leave_the_order_as_it_is():
    learner = ABLR().fit([task(name, TRUTH) for name in "abc"])
    praised = np.argsort(TRUTH)[-10:]
    nothing, told = (
        learner.adapt(EVERYTHING[rows], TRUTH[rows]).predict(EVERYTHING) for rows in (praised[:0], praised)
    )
    assert kendalltau(told, TRUTH).statistic > 0.9 * kendalltau(nothing, TRUTH).statistic > 0.7
