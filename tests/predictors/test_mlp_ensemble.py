import numpy as np
import pytest

from augury.predictors import MLPEnsemble
from augury.predictors.mlp_ensemble import _calibrated
from augury.spaces import NASBenchGraphSpace


def test_a_network_is_a_chain_of_matrix_products():
    """A second implementation, member by member in NumPy."""
    architectures = NASBenchGraphSpace().sample(30, np.random.default_rng(0))
    predictor = MLPEnsemble(members=3, hidden=8, layers=2, steps=5, target="standard")
    y = np.random.default_rng(1).normal(size=30)
    mean, std = predictor.fit(architectures, y).predict(architectures, return_std=True)
    arrays = predictor._state()
    X = (predictor._encoded(architectures) - arrays["centre"]) * arrays["scale"]
    answers = []
    for member in range(3):
        h = X
        for layer in ("0", "2", "4"):
            h = h @ arrays[f"{layer}.weight"][member] + arrays[f"{layer}.bias"][member]
            h = h if layer == "4" else np.maximum(h, 0)
        answers.append(h[:, 0])
    a, b = arrays["spread"]
    np.testing.assert_allclose(mean, y.mean() + y.std() * np.mean(answers, axis=0), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(std, y.std() * np.sqrt(a * np.var(answers, axis=0) + b), rtol=1e-4)


def test_rare_columns_stay_small():
    architectures = NASBenchGraphSpace().sample(300, np.random.default_rng(3))
    predictor = MLPEnsemble(members=1, hidden=2, steps=1).fit(architectures, np.arange(300))
    X = predictor._matrix(architectures).numpy()
    encoded = predictor._encoded(architectures)
    rms = np.sqrt((encoded.std(axis=0) ** 2).mean())
    assert np.abs(X).max() < 1.5 / rms  # a path met once in 300 would stand at 17 deviations otherwise
    assert not X[:, predictor._scale == 0].any()


@pytest.mark.parametrize("members", [10, 60])
def test_calibration_finds_the_noise_and_the_scale(members):
    """Members that stray by s about a centre, which is off by √½ s from a truth whose values have noise of variance 0.2."""
    rng = np.random.default_rng(0)
    n = 4000
    spread = rng.uniform(0.2, 1.5, size=n)
    centre = rng.normal(size=n)
    z = centre + np.sqrt(0.5) * spread * rng.normal(size=n) + np.sqrt(0.2) * rng.normal(size=n)
    answers = centre + spread * rng.normal(size=(members, n))
    unseen = rng.random((members, n)) < 0.37
    scale, noise = _calibrated(answers, z, unseen)
    error = np.mean((z - answers.mean(axis=0)) ** 2)
    assert np.mean(scale * answers.var(axis=0, ddof=1) + noise) == pytest.approx(error, rel=0.06)
    if members == 60:  # few members tell s² too roughly for the scale to be found
        assert scale == pytest.approx(0.5, abs=0.1)
        assert noise == pytest.approx(0.2, abs=0.06)


def test_without_a_held_out_value_the_priors_say_all():
    nothing = np.zeros((2, 1), dtype=bool)
    np.testing.assert_allclose(_calibrated(np.zeros((2, 1)), np.zeros(1), nothing), [1.0, 0.1], rtol=1e-4)


def test_intervals_are_honest_on_noisy_values():
    space = NASBenchGraphSpace()
    shares = []
    for seed in range(4):
        rng = np.random.default_rng(seed)
        architectures = space.sample(460, rng)
        y = (architectures.genotypes[:, 1:] == 1).sum(axis=1) + rng.normal(size=460)
        predictor = MLPEnsemble(hidden=32, encoders=("one-hot",), seed=seed).fit(architectures[:60], y[:60])
        mean, std = predictor.predict(architectures[60:], return_std=True)
        shares.append(np.mean(np.abs(y[60:] - mean) <= 1.645 * std))
    assert 0.82 < np.mean(shares) < 0.97
