import numpy as np
import pytest

from augury.encoders.groups import FeatureGroups
from augury.encoders.named_arrays import part
from augury.predictors import MLPEnsemble
from augury.spaces import InputError, NASBenchGraphSpace

SPACE = NASBenchGraphSpace()


def test_a_network_is_a_chain_of_matrix_products():
    """A second implementation, member by member in NumPy."""
    architectures = SPACE.sample(30, np.random.default_rng(0))
    predictor = MLPEnsemble(members=3, hidden=8, layers=2, steps=5, encoders=("path", "one-hot"), target="standard")
    y = np.random.default_rng(1).normal(size=30)
    mean, std = predictor.fit(architectures, y).predict(architectures, return_std=True)
    weights = part("network", predictor._state())
    X = np.concatenate(FeatureGroups(("path", "one-hot")).fit(SPACE).transform(architectures), axis=1)
    answers = []
    for member in range(3):
        h = X
        for layer in range(3):
            h = h @ weights[f"maps.{layer}.weight"][member] + weights[f"maps.{layer}.bias"][member]
            h = h if layer == 2 else np.maximum(h, 0)
        answers.append(h[:, 0])
    z, deviation = predictor._calibration.predict(np.stack(answers))
    np.testing.assert_allclose(mean, y.mean() + y.std() * z, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(std, y.std() * deviation, rtol=1e-3)


def test_without_features_there_is_nothing_to_see():
    with pytest.raises(InputError, match="such as encoders="):
        MLPEnsemble(encoders=()).fit(SPACE.sample(3, np.random.default_rng(0)), np.arange(3))


def test_intervals_are_honest_on_noisy_values():
    shares = []
    for seed in range(4):
        rng = np.random.default_rng(seed)
        architectures = SPACE.sample(460, rng)
        y = (architectures.genotypes[:, 1:] == 1).sum(axis=1) + rng.normal(size=460)
        predictor = MLPEnsemble(hidden=32, encoders=("one-hot",), seed=seed).fit(architectures[:60], y[:60])
        mean, std = predictor.predict(architectures[60:], return_std=True)
        shares.append(np.mean(np.abs(y[60:] - mean) <= 1.645 * std))
    assert 0.82 < np.mean(shares) < 0.97
