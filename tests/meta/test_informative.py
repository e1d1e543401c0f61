import numpy as np
import pytest

from augury.meta import informative_design
from augury.predictors import Kernel, LogNormal
from augury.predictors.kernels import covariance, kernel_pairs, prior_medians

KERNELS = [Kernel("linear", LogNormal(0.7, 1.0)), Kernel("rbf", LogNormal(0.3, 1.0), LogNormal(0.8, 1.0))]
NOISE = 0.05


@pytest.fixture
def groups():
    rng = np.random.default_rng(0)
    return [rng.normal(size=(40, 3)), rng.normal(size=(40, 2))]


def slow(groups, n):
    """Each next point by the determinant of the covariance of all that would be measured."""
    pairs = [kernel_pairs(kernel, group, group) for kernel, group in zip(KERNELS, groups, strict=True)]
    K = covariance(KERNELS, pairs, prior_medians(KERNELS)) + NOISE * np.eye(40)
    chosen = []
    for _ in range(n):
        left = [i for i in range(40) if i not in chosen]
        chosen.append(max(left, key=lambda i: np.linalg.slogdet(K[np.ix_([*chosen, i], [*chosen, i])])[1]))
    return chosen


def test_it_is_the_greedy_choice_by_determinant(groups):
    assert informative_design(KERNELS, groups, 8, noise=NOISE).tolist() == slow(groups, 8)


def test_all_there_are_and_each_once(groups):
    assert sorted(informative_design(KERNELS, groups, 100, noise=NOISE)) == list(range(40))


def test_of_equals_the_first():
    same = [np.ones((4, 1)), np.zeros((4, 1))]
    assert informative_design(KERNELS, same, 2, noise=NOISE).tolist() == [0, 1]
