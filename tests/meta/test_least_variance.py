import numpy as np
import pytest

from augury.meta import least_variance_design
from augury.predictors import Kernel, LogNormal
from augury.predictors.kernels import covariance, kernel_pairs, prior_medians

KERNELS = [Kernel("linear", LogNormal(0.7, 1.0)), Kernel("rbf", LogNormal(0.3, 1.0), LogNormal(0.8, 1.0))]
NOISE = 0.05


@pytest.fixture
def groups():
    rng = np.random.default_rng(0)
    return [rng.normal(size=(40, 3)), rng.normal(size=(40, 2))]


def slow(groups, n):
    """Each next point by the posterior variances of all, by the textbook's formula."""
    pairs = [kernel_pairs(kernel, group, group) for kernel, group in zip(KERNELS, groups, strict=True)]
    K = covariance(KERNELS, pairs, prior_medians(KERNELS))

    def variance(some):
        known = K[np.ix_(some, some)] + NOISE * np.eye(len(some))
        return np.trace(K - K[:, some] @ np.linalg.solve(known, K[some]))

    chosen = []
    for _ in range(n):
        chosen.append(min((i for i in range(40) if i not in chosen), key=lambda i: variance([*chosen, i])))
    return chosen


def test_it_is_the_greedy_choice_by_mean_variance(groups):
    assert least_variance_design(KERNELS, groups, 8, noise=NOISE).tolist() == slow(groups, 8)


def test_all_there_are_and_each_once(groups):
    assert sorted(least_variance_design(KERNELS, groups, 100, noise=NOISE)) == list(range(40))


def test_of_equals_the_first():
    same = [np.ones((4, 1)), np.zeros((4, 1))]
    assert least_variance_design(KERNELS, same, 2, noise=NOISE).tolist() == [0, 1]
