import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from augury.predictors.stacking import Stack, stacking_weights


def test_two_members_by_hand():
    # w = (1 + d) / 2 on z and (1 − d) / 2 on −z leave (1 − d)² |z|² + λ d² / 2: d = |z|² / (|z|² + λ / 2) = 5 / 8
    z = np.array([1.0, -2.0])
    weights = stacking_weights(np.stack([z, -z], axis=1), z, shrinkage=6.0)
    assert weights.tolist() == pytest.approx([13 / 16, 3 / 16], rel=1e-6)


@given(st.integers(1, 30), st.integers(1, 4), st.floats(0.1, 100), st.integers(0, 99))
def test_they_are_the_best_of_the_simplex(n, k, shrinkage, seed):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=n)
    held_out = z[:, None] + rng.normal(size=(n, k)) * 2

    def loss(w):
        return ((z - held_out @ w) ** 2).sum() + shrinkage * ((w - 1 / k) ** 2).sum()

    weights = stacking_weights(held_out, z, shrinkage=shrinkage)
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1)
    other = minimize(
        loss,
        np.full(k, 1 / k),
        bounds=[(0, 1)] * k,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        method="SLSQP",
    )
    assert loss(weights) <= other.fun * (1 + 1e-5) + 1e-9


def test_a_prior_pulls_to_itself():
    z = np.array([1.0, -2.0])
    weights = stacking_weights(np.stack([z, z], axis=1), z, shrinkage=1.0, prior=[6.0, 2.0])
    assert weights.tolist() == pytest.approx([0.75, 0.25], rel=1e-6)  # they say the same, so that nothing else decides


def test_a_stack_of_two_by_hand():
    # both are off by 1 to either side of z = 0, so that the weights are equal and the residuals 0
    means, stds = np.array([[1.0, -1.0]] * 10), np.full((10, 2), 3.0)
    stack = Stack().fit(means, stds, np.zeros(10), shrinkage=1.0)
    mean, std = stack.predict(means[:1], stds[:1])
    assert mean[0] == pytest.approx(0, abs=1e-9)
    # the mixture's variance is 3² + 1², times (0 + 10) / (10 + 10)
    assert std[0] ** 2 == pytest.approx(10 / 2, rel=1e-6)
