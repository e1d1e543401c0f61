from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from scipy.stats import kendalltau, multivariate_normal

from augury.meta import CoregionalisedGP
from augury.meta import coregionalisation as module
from augury.meta.coregionalisation import Coregionalisation, CoregionalisedProcess, Observations
from augury.predictors.kernels import covariance, kernel_pairs
from augury.spaces import InputError

from .toy import EVERYTHING, TRUTH, support, task

RNG = np.random.default_rng(0)
PARTS = Coregionalisation(np.array([[1.0, 0.0], [0.5, -1.0]]), np.log([0.1, 0.2]), np.log([0.5, 1.0, 0.3, 0.7, 0.2]))


def kernel(groups, theta):
    inner = [kernel_pairs(k, g, g) for k, g in zip(module.KERNELS, groups, strict=True)]
    return covariance(module.KERNELS, inner, theta)


def observations(n=7, tasks=2):
    groups = [RNG.normal(size=(n, 3)), RNG.normal(size=(n, 2))]
    return Observations(groups, np.arange(n) % tasks, RNG.normal(size=n))


def test_tasks_by_hand():
    np.testing.assert_allclose(PARTS.B, [[1.1, 0.5], [0.5, 1.45]])


def test_all_tasks_at_all_points_have_the_kronecker_covariance():
    groups = [RNG.normal(size=(4, 3)), RNG.normal(size=(4, 2))]
    K = kernel(groups, PARTS.theta)
    tasks = np.repeat([0, 1], 4)
    np.testing.assert_allclose(PARTS.covariance(np.tile(K, (2, 2)), tasks, tasks), np.kron(PARTS.B, K))


def objective(seen):
    """The negative log of the normal density, the whole matrix written out."""

    def value(W, log_kappa, theta):
        parts = Coregionalisation(W, log_kappa, theta)
        full = parts.covariance(kernel(seen.groups, theta), seen.tasks, seen.tasks)
        full = full + (np.exp(theta[-1]) + 1e-8) * np.eye(len(full))
        return -multivariate_normal(np.zeros(len(full)), full).logpdf(seen.y)

    return value


def test_the_likelihood_and_its_slopes():
    seen = observations()
    value = objective(seen)
    K = kernel(seen.groups, PARTS.theta)
    loss, pull = PARTS._loss(K, seen)
    np.testing.assert_allclose(loss, value(PARTS.W, PARTS.log_kappa, PARTS.theta))
    W, kappa = PARTS._task_gradient(pull * K, seen.tasks)
    inner = [kernel_pairs(k, g, g) for k, g in zip(module.KERNELS, seen.groups, strict=True)]
    by_W = approx_fprime(PARTS.W.ravel(), lambda w: value(w.reshape(2, 2), PARTS.log_kappa, PARTS.theta), 1e-6)
    np.testing.assert_allclose(W.ravel(), by_W, atol=1e-4)
    by_kappa = approx_fprime(PARTS.log_kappa, lambda k: value(PARTS.W, k, PARTS.theta), 1e-6)
    np.testing.assert_allclose(kappa, by_kappa, atol=1e-4)
    by_theta = approx_fprime(PARTS.theta, lambda t: value(PARTS.W, PARTS.log_kappa, t), 1e-6)
    np.testing.assert_allclose(PARTS._kernel_gradient(pull, inner, seen.tasks), by_theta, atol=1e-4)


@pytest.mark.parametrize("offset", [0.0, 0.4])
def test_the_posterior_is_that_of_the_joint_normal_distribution(offset):
    seen, parts = observations(), replace(PARTS, offset=offset)
    new = [RNG.normal(size=(3, 3)), RNG.normal(size=(3, 2))]
    K = kernel([np.concatenate(pair) for pair in zip(seen.groups, new, strict=True)], PARTS.theta)
    tasks = np.append(seen.tasks, [1, 1, 1])
    joint = PARTS.B[np.ix_(tasks, tasks)] * K + offset * np.outer(tasks, tasks)  # the last task, 1, has the constant
    gain = joint[7:, :7] @ np.linalg.inv(joint[:7, :7] + 0.2 * np.eye(7))
    process = CoregionalisedProcess(parts, seen)
    mean, std = process.predict(new, 1)
    np.testing.assert_allclose(process.means(new), np.stack([process.predict(new, task)[0] for task in (0, 1)], axis=1))
    np.testing.assert_allclose(mean, gain @ seen.y, rtol=1e-6)
    np.testing.assert_allclose(std**2, np.diag(joint[7:, 7:] - gain @ joint[:7, 7:]), rtol=1e-6)
    again, wider = process.predict_evaluation(new, 1)
    np.testing.assert_array_equal(again, mean)
    np.testing.assert_allclose(wider**2, std**2 + 0.2)  # the noise


def test_a_new_task_is_like_the_others_on_average():
    more = PARTS.with_task()
    np.testing.assert_allclose(more.W[-1], [0.75, -0.5])
    np.testing.assert_allclose(np.exp(more.log_kappa[-1]), 0.02**0.5)


def test_learning_a_target_leaves_the_sources_as_they_are():
    learner = CoregionalisedGP(points=100).fit([task("up", TRUTH), task("down", -TRUTH)])
    rows = support(20)
    predictor = learner.adapt(EVERYTHING[rows], TRUTH[rows])
    parts = predictor._process.parts
    np.testing.assert_array_equal(parts.W[:2], learner._parts.W)
    np.testing.assert_array_equal(parts.log_kappa[:2], learner._parts.log_kappa)
    assert parts.B[2, 0] > 0  # it goes with the one
    assert parts.B[2, 1] < 0  # and against the other
    left = np.setdiff1d(np.arange(len(TRUTH)), rows)
    assert np.corrcoef(predictor.predict(EVERYTHING)[left], TRUTH[left])[0, 1] > 0.95


def test_with_a_constant_it_learns_more_from_what_the_sources_all_praise(monkeypatch):
    taus = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        *sources, y = (TRUTH + 3.0 * rng.normal(size=len(TRUTH)) for _ in range(4))
        learner = CoregionalisedGP(points=150).fit([task(str(i), values) for i, values in enumerate(sources)])
        praised = EVERYTHING.isin(learner.initial_design(10))
        for offset in (0.0, 0.3):
            monkeypatch.setattr(module, "OFFSET", offset)
            predictor = learner.adapt(EVERYTHING[praised], y[praised])
            taus.append(kendalltau(predictor.predict(EVERYTHING[~praised]), TRUTH[~praised]).statistic)
    without, with_constant = np.reshape(taus, (3, 2)).T
    assert (with_constant > without).all()
    assert with_constant.mean() > without.mean() + 0.02


def test_the_constant_is_there_once_the_target_has_evaluations():
    learner = CoregionalisedGP(points=100).fit([task("up", TRUTH)])
    predictors = [learner.adapt(EVERYTHING[:k], TRUTH[:k]) for k in (0, 1)]
    assert [predictor._process.parts.offset for predictor in predictors] == [0.0, module.OFFSET]


def test_points_are_of_all_sources_together():
    learner = CoregionalisedGP(points=50).fit([task("up", TRUTH), task("down", -TRUTH, support(10))])
    assert [len(rows) for rows in learner._rows] == [25, 10]


def test_a_rank_of_nothing_is_refused():
    with pytest.raises(InputError, match="1 or more"):
        CoregionalisedGP(rank=0).fit([task("up", TRUTH)])


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ("W", np.full((2, 2), np.nan)),
        ("W", np.ones((3, 2))),
        ("log_kappa", np.zeros(1)),
        ("theta", np.zeros(2)),
        ("counts", np.array([40, -20])),
        ("counts", np.array([20, 1])),
        ("rows", -np.arange(20)),
    ],
)
def test_a_state_of_other_sources_is_refused(part, wrong):
    learner = CoregionalisedGP(points=20).fit([task("up", TRUTH), task("down", -TRUTH)])
    with pytest.raises(ValueError, match=r"evaluations|not of 2 tasks"):
        learner._relearn(learner.sources_, {**learner._state(), part: wrong})
