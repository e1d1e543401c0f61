"""A prior mean that is a line in the architecture's capacity."""

import numpy as np
import pytest

from augury.predictors import GaussianProcess, Predictor
from augury.predictors import gaussian_process as module
from augury.predictors.capacity import Capacity
from augury.spaces import ChoiceSpace, EdgeCellSpace, InputError, NASBench201Space, OperationCost

SPACE = NASBench201Space()
ARCHITECTURES = SPACE.sample(60, np.random.default_rng(0))
Y = np.random.default_rng(1).normal(size=60)


def test_capacity_counts_live_operations_that_learn():
    texts = [
        "|nor_conv_3x3~0|+|none~0|none~1|+|none~0|none~1|none~2|",  # leads nowhere
        "|nor_conv_3x3~0|+|none~0|none~1|+|none~0|avg_pool_3x3~1|none~2|",  # 1
        "|nor_conv_3x3~0|+|none~0|nor_conv_1x1~1|+|skip_connect~0|none~1|nor_conv_3x3~2|",  # 3
    ]
    nothing, one, three = Capacity(SPACE)(SPACE.parse(texts))
    assert (three - nothing) == pytest.approx(3 * (one - nothing))
    sample = Capacity(SPACE)(SPACE.sample(5000, np.random.default_rng(5)))
    assert sample.mean() == pytest.approx(0.0, abs=0.15)
    assert sample.std() == pytest.approx(1.0, abs=0.1)


def test_capacity_where_the_space_tells_no_costs():
    cell = EdgeCellSpace(operations=("none", "skip", "conv"), nodes=3)
    none, two = Capacity(cell)(cell.from_genotypes([[0, 0, 0], [2, 0, 2]]))
    assert two > none
    chain = ChoiceSpace({"first": ("a", "b"), "second": ("a", "b")})
    np.testing.assert_array_equal(Capacity(chain)(chain.enumerate()), 0.0)  # all are of one size
    told = EdgeCellSpace(operations=("none", "skip", "conv"), nodes=3, operation_costs={"conv": OperationCost(9, 9, 1)})
    skip, conv = Capacity(told)(told.from_genotypes([[1, 0, 1], [2, 0, 2]]))
    assert conv > skip


def test_one_value_leaves_the_prior_slope():
    predictor = GaussianProcess(mean="operation-knowledge", target="standard").fit(ARCHITECTURES[:1], [70.0])
    mean, capacity = predictor.predict(ARCHITECTURES), Capacity(SPACE)(ARCHITECTURES)
    assert np.corrcoef(mean, capacity)[0, 1] > 0.5
    plain = GaussianProcess(target="standard").fit(ARCHITECTURES[:1], [70.0])
    np.testing.assert_allclose(plain.predict(ARCHITECTURES), 70.0)


def test_it_is_a_line_with_a_normal_slope():
    # f = b c + g with b ~ N(SLOPE, v), g the rest: written as features, Bayesian linear regression with a known prior
    predictor = GaussianProcess(encoders=("one-hot",), kernel="linear", mean="operation-knowledge", target="standard")
    predictor.fit(ARCHITECTURES[:20], Y[:20])
    z = predictor.target_.transform(Y[:20])
    one_hot, slope, noise = np.exp(predictor._gp.theta)

    def features(architectures):
        groups = predictor._features.transform(architectures)
        return np.hstack([groups[0], Capacity(SPACE)(architectures)[:, None]])

    X, new = features(ARCHITECTURES[:20]), features(ARCHITECTURES[20:])
    prior = np.append(np.zeros(X.shape[1] - 1), module.SLOPE)
    precision = np.diag(1 / np.append(np.full(X.shape[1] - 1, one_hot), slope))
    posterior = np.linalg.solve(X.T @ X / noise + precision, X.T @ z / noise + precision @ prior)
    mean, std = predictor._predict(ARCHITECTURES[20:])
    np.testing.assert_allclose(mean, new @ posterior, rtol=1e-4, atol=1e-5)
    covariance = np.linalg.inv(X.T @ X / noise + precision)
    np.testing.assert_allclose(std**2, noise + np.einsum("nd,de,ne->n", new, covariance, new), rtol=1e-4)


def test_evaluations_turn_it_around():
    capacity = Capacity(SPACE)(ARCHITECTURES)
    predictor = GaussianProcess(mean="operation-knowledge").fit(ARCHITECTURES[:20], -capacity[:20])
    assert np.corrcoef(predictor.predict(ARCHITECTURES[20:]), -capacity[20:])[0, 1] > 0.9


def test_held_out_means_have_it_too_and_so_has_a_loaded_one(tmp_path):
    predictor = GaussianProcess(mean="operation-knowledge").fit(ARCHITECTURES[:20], Y[:20])
    mean, _ = predictor.held_out()
    gp, (groups, prior) = predictor._gp, predictor._inputs(ARCHITECTURES[:20])
    rest = np.arange(20) != 3
    again = predictor._new_gp(groups).fit([g[rest] for g in groups], gp.y[rest], theta=gp.theta)
    assert mean[3] == pytest.approx(again.mean([g[[3]] for g in groups])[0] + prior[3], rel=1e-5)
    predictor.save(tmp_path / "saved")
    loaded = Predictor.load(tmp_path / "saved")
    np.testing.assert_array_equal(loaded.held_out(), predictor.held_out())
    np.testing.assert_array_equal(loaded.predict(ARCHITECTURES), predictor.predict(ARCHITECTURES))


def test_another_mean_is_refused():
    with pytest.raises(InputError, match="got 'size'"):
        GaussianProcess(mean="size").fit(ARCHITECTURES, Y)
    with pytest.raises(InputError, match="combine='sum'"):
        GaussianProcess(mean="operation-knowledge", combine="product").fit(ARCHITECTURES, Y)
