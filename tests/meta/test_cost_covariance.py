import numpy as np
import pytest

from augury.meta.cost_covariance import CostCovariance, matrix_normal, root
from augury.spaces import ChoiceSpace

SPACE = ChoiceSpace({f"layer{i}": ("skip", "conv3", "conv5") for i in range(3)} | {"width": ("narrow", "wide")})
EVERYONE = SPACE.enumerate()


def summed(layers, widths):
    """``(n, t)``: each device's sum of costs, ``(t, 3, 3)`` by layer and ``(t, 2)`` by width."""
    genotypes = EVERYONE.genotypes
    parts = [layers[:, i, genotypes[:, i]] for i in range(3)] + [widths[:, genotypes[:, 3]]]
    return np.sum(parts, axis=0).T


def test_factors_are_those_that_made_the_draws():
    rng = np.random.default_rng(0)
    rows = np.array([[1.0, 0.8, 0.0], [0.8, 1.0, 0.0], [0.0, 0.0, 4.0]])
    columns = np.array([[1.5, -0.5], [-0.5, 0.5]])
    draws = np.einsum("ij,sjk,lk->sil", root(rows), rng.normal(size=(20_000, 3, 2)), root(columns))
    across, within = matrix_normal(draws)
    np.testing.assert_allclose(np.diag(across), np.diag(rows), rtol=0.05)
    np.testing.assert_allclose(np.diag(within), np.diag(columns), rtol=0.05)
    assert across[0, 1] == pytest.approx(0.95 * 0.8, abs=0.03)  # shrunk
    assert within[0, 1] == pytest.approx(0.95 * -0.5, abs=0.03)


def test_factors_make_the_likelihood_greatest():
    """Shrinkage moves them a little; by a quarter more or less, they are less likely."""
    rng = np.random.default_rng(1)
    draws = rng.normal(size=(50, 3, 2)) * [[1.0], [2.0], [0.5]]
    across, within = matrix_normal(draws)

    def log_likelihood(across, within):
        covariance = np.kron(across, within)
        flat = draws.reshape(len(draws), -1)
        return -0.5 * (
            np.linalg.slogdet(covariance)[1]
            + np.einsum("si,ij,sj->", flat, np.linalg.inv(covariance), flat) / len(flat)
        )

    best = log_likelihood(across, within)
    for scale in (0.8, 1.25):
        assert log_likelihood(across * scale, within) < best
        stretched = across * np.outer([scale, 1, 1], [scale, 1, 1])
        assert log_likelihood(stretched, within) < best


def test_inner_products_are_the_covariance_written_out():
    rng = np.random.default_rng(2)
    values = summed(rng.normal(size=(5, 3, 3)), rng.normal(size=(5, 2)))
    costs = CostCovariance().fit(EVERYONE, values)
    a, b, c, d = costs.transform(EVERYONE[[0, 7, 20, 53]])
    covariance = np.zeros((11, 11))
    for places, across, within in costs._factors:
        flat = places.ravel()
        covariance[np.ix_(flat, flat)] = np.kron(across @ across.T, within @ within.T)
    one_hot = costs._encoder.transform(EVERYONE[[0, 7, 20, 53]]).astype(float)
    expected = (one_hot[0] - one_hot[1]) @ covariance @ (one_hot[2] - one_hot[3])
    assert (a - b) @ (c - d) * costs._scale**2 == pytest.approx(expected)


def test_over_the_sources_architectures_the_mean_is_0_and_the_mean_variance_1():
    rng = np.random.default_rng(3)
    some = EVERYONE[::2]
    values = summed(rng.normal(size=(4, 3, 3)), rng.normal(size=(4, 2)))[::2]
    features = CostCovariance().fit(some, values).transform(some)
    np.testing.assert_allclose(features.mean(axis=0), 0, atol=1e-12)
    assert (features**2).sum(axis=1).mean() == pytest.approx(1)


def test_what_no_source_pays_for_is_expected_to_cost_nothing():
    rng = np.random.default_rng(4)
    costs = CostCovariance().fit(EVERYONE, summed(rng.normal(size=(4, 3, 3)), np.zeros((4, 2))))
    narrow, wide = costs.transform(SPACE.from_genotypes([[0, 1, 2, 0], [0, 1, 2, 1]]))
    other, _ = costs.transform(SPACE.from_genotypes([[1, 1, 2, 0], [1, 1, 2, 1]]))
    assert np.square(narrow - wide).sum() < 1e-4 * np.square(narrow - other).sum()


def test_costs_alike_in_all_positions_are_expected_to_be_so_again():
    rng = np.random.default_rng(5)
    everywhere = np.repeat(rng.normal(size=(6, 1, 3)), 3, axis=1)
    costs = CostCovariance().fit(EVERYONE, summed(everywhere, np.zeros((6, 2))))
    none, first, last = costs.transform(SPACE.from_genotypes([[0, 0, 0, 0], [2, 0, 0, 0], [0, 0, 2, 0]]))
    alike = (first - none) @ (last - none) / np.square(first - none).sum()
    assert alike == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize("sources", [1, 3])
def test_sources_that_do_not_vary_give_no_covariance(sources):
    costs = CostCovariance().fit(EVERYONE, np.zeros((len(EVERYONE), sources)))
    assert (costs.transform(EVERYONE) == 0).all()
