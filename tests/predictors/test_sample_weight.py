"""What a weight means: it divides the variance of a value's noise."""

import numpy as np
import pytest
import torch
from scipy.optimize import approx_fprime
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold, cross_val_score
from sklearn.tree import DecisionTreeRegressor

from augury.data import Metric, Task
from augury.meta import TwoStageTransfer
from augury.meta import make as make_meta
from augury.predictors import (
    Calibration,
    ConformalPredictor,
    GaussianProcess,
    Predictor,
    RandomForest,
    available,
    make,
)
from augury.predictors import bayesian_ridge as ridge_module
from augury.predictors.bayesian_ridge import BayesianRidge
from augury.predictors.exact_gp import ExactGP, _loss
from augury.predictors.feature_predictor import FeaturePredictor
from augury.predictors.kernels import Kernel, LogNormal, kernel_pairs
from augury.predictors.losses import LOSSES
from augury.predictors.stacking import Stack, stacking_weights
from augury.spaces import ChoiceSpace, InputError, NASBench201Space, NASBenchGraphSpace

from ..contract.components import META_LEARNERS

rng = np.random.default_rng(0)
X, NEW = rng.normal(size=(12, 3)), rng.normal(size=(6, 3))
Y = np.sin(X[:, 0]) + 0.3 * rng.normal(size=12)
TWICE = np.append(np.arange(12), 4)
WEIGHTS = 1.0 + (np.arange(12) == 4)  # of row 4: 2
THETA = np.log([0.7, 1.3, 0.05])
SPACE = NASBenchGraphSpace()
ARCHITECTURES = SPACE.sample(40, np.random.default_rng(0))
VALUES = (ARCHITECTURES.genotypes == 1).sum(axis=1) + 0.3 * rng.normal(size=40)


def test_one_weighted_point_by_hand():
    # v = 2, noise = 1 of weight 4: mean = 2 / (2 + 1/4) · 3 = 8/3, variance = 2 − 2² / (9/4) = 2/9
    gp = ExactGP([Kernel("rbf")]).fit(
        [np.zeros((1, 1))], np.array([3.0]), theta=np.log([2.0, 1.0, 1.0]), weights=np.array([4.0])
    )
    mean, std = gp.predict([np.zeros((1, 1))])
    assert mean[0] == pytest.approx(8 / 3, rel=1e-6)
    assert std[0] ** 2 == pytest.approx(2 / 9, rel=1e-6)
    # a new evaluation has weight 1: 2/9 + 1
    assert gp.predict_evaluation([np.zeros((1, 1))])[1][0] ** 2 == pytest.approx(11 / 9, rel=1e-6)


def test_a_point_of_weight_two_is_two_points_to_a_process():
    weighted = ExactGP([Kernel("matern")]).fit([X], Y, theta=THETA, weights=WEIGHTS).predict([NEW])
    twice = ExactGP([Kernel("matern")]).fit([X[TWICE]], Y[TWICE], theta=THETA).predict([NEW])
    np.testing.assert_allclose(weighted, twice, rtol=1e-5)


def test_leave_one_out_with_weights():
    weights = np.linspace(0.5, 2.0, 12)
    means, stds = ExactGP([Kernel("matern")]).fit([X], Y, theta=THETA, weights=weights).leave_one_out()
    for i in (0, 7):
        rest = np.arange(12) != i
        gp = ExactGP([Kernel("matern")]).fit([X[rest]], Y[rest], theta=THETA, weights=weights[rest])
        mean, std = gp.predict([X[[i]]])
        assert means[i] == pytest.approx(mean[0], rel=1e-6)
        assert stds[i] ** 2 == pytest.approx(std[0] ** 2 + 0.05 / weights[i], rel=1e-6)


def test_the_likelihood_with_weights_and_its_gradient():
    weights = np.linspace(0.5, 2.0, 12)
    kernels, pairs = [Kernel("matern")], [kernel_pairs(Kernel("matern"), X, X)]
    arguments = (kernels, pairs, Y, np.zeros(3), np.full(3, 1e6), "sum", weights)
    r = np.sqrt(5 * pairs[0]) / 1.3
    K = 0.7 * (1 + r + r**2 / 3) * np.exp(-r) + np.diag(0.05 / weights)
    expected = 0.5 * (Y @ np.linalg.solve(K, Y) + np.linalg.slogdet(K)[1] + 12 * np.log(2 * np.pi))
    assert _loss(THETA, *arguments)[0] == pytest.approx(expected, rel=1e-6)
    slopes = approx_fprime(THETA, lambda at: _loss(at, *arguments)[0], 1e-6)
    np.testing.assert_allclose(_loss(THETA, *arguments)[1], slopes, rtol=1e-3, atol=1e-4)


@pytest.fixture
def fixed_variances(monkeypatch):
    """Bayesian ridge whose variances are known: 0.5 of a coefficient, 0.2 of the noise."""
    monkeypatch.setattr(ridge_module, "WEIGHTS", LogNormal(0.5, 1e-9))
    monkeypatch.setattr(ridge_module, "NOISE", LogNormal(0.2, 1e-9))


@pytest.mark.usefixtures("fixed_variances")
def test_a_row_of_weight_two_is_two_rows_to_bayesian_ridge():
    weights = 1.0 + (np.arange(40) == 4)
    weighted, twice = BayesianRidge(target="standard"), BayesianRidge(target="standard")
    twice.fit(ARCHITECTURES, VALUES)  # the same map of values for both
    weighted.space_, weighted.target_ = SPACE, twice.target_
    z = twice.target_.transform(VALUES)
    weighted._fit_weighted(ARCHITECTURES, z, weights)
    rows = np.append(np.arange(40), 4)
    twice._fit(ARCHITECTURES[rows], z[rows])
    mean, std = weighted._predict(ARCHITECTURES)
    expected, expected_std = twice._predict(ARCHITECTURES)
    np.testing.assert_allclose(mean, expected, rtol=1e-8, atol=1e-10)
    # the intercept's share, s / n, counts rows
    np.testing.assert_allclose(std**2 - 0.2 / 40, expected_std**2 - 0.2 / 41, rtol=1e-8)


@pytest.mark.usefixtures("fixed_variances")
def test_weighted_bayesian_ridge_is_scikit_learn_s_weighted_ridge():
    weights = 0.2 + rng.random(40)
    predictor = BayesianRidge(target="standard").fit(ARCHITECTURES, VALUES, weights)
    features = predictor._matrix(ARCHITECTURES)
    ridge = Ridge(alpha=0.2 / 0.5).fit(features, VALUES, sample_weight=weights / weights.mean())
    np.testing.assert_allclose(predictor.predict(ARCHITECTURES), ridge.predict(features), rtol=1e-6)


def test_the_evidence_of_weighted_rows_is_that_of_rows_scaled_by_roots(monkeypatch):
    # y_i = x_i w + b + e_i, Var e_i = s / c_i, b flat: the density of the n − 1 contrasts, by hand
    seen = []
    usual = ridge_module._loss
    monkeypatch.setattr(
        ridge_module, "_loss", lambda logs, *rest: seen.append((logs, usual(logs, *rest))) or seen[-1][1]
    )
    weights = 0.2 + rng.random(40)
    predictor = BayesianRidge(encoders=("graph-features",), target="standard").fit(ARCHITECTURES, VALUES, weights)
    Z, z = predictor._matrix(ARCHITECTURES), predictor.target_.transform(VALUES)
    contrasts = np.eye(40)[1:] - np.eye(40)[:1]

    def density(logs):
        v, s = np.exp(logs)
        cov = contrasts @ (v * Z @ Z.T + np.diag(s * weights.mean() / weights)) @ contrasts.T
        u = contrasts @ z
        away = (logs - np.log([0.5, 0.1])) / 1.0
        return 0.5 * (u @ np.linalg.solve(cov, u) + np.linalg.slogdet(cov)[1] + away @ away)

    (first, (loss, _)), (other, (other_loss, _)) = seen[0], seen[-1]
    assert other_loss - loss == pytest.approx(density(other) - density(first), rel=1e-5, abs=1e-6)


def test_calibration_counts_a_weight_as_copies():
    z = rng.normal(size=30)
    outputs = z + rng.normal(size=(5, 30))
    bag = rng.poisson(1, size=(5, 30))
    rows = np.append(np.arange(30), [3, 3])
    weighted = Calibration().fit(outputs, z, bag, 1.0 + 2.0 * (np.arange(30) == 3)).state()
    copied = Calibration().fit(outputs[:, rows], z[rows], bag[:, rows]).state()
    for name, value in copied.items():
        np.testing.assert_allclose(weighted[name], value, rtol=1e-9)


def test_stacking_counts_a_weight_as_copies():
    z = rng.normal(size=10)
    held_out = z[:, None] + rng.normal(size=(10, 3)) * [0.5, 1.0, 1.5]
    rows, twice = np.append(np.arange(10), 3), 1.0 + (np.arange(10) == 3)
    expected = stacking_weights(held_out[rows], z[rows], shrinkage=2.0)
    np.testing.assert_allclose(stacking_weights(held_out, z, shrinkage=2.0, sample_weight=twice), expected, rtol=1e-6)
    stds = np.ones((10, 3))
    weighted = Stack().fit(held_out, stds, z, shrinkage=0.2, sample_weight=twice)
    copied = Stack().fit(held_out[rows], stds[rows], z[rows], shrinkage=0.2)
    np.testing.assert_allclose(weighted.predict(held_out, stds), copied.predict(held_out, stds), rtol=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_losses_count_a_weight_as_copies(name):
    p, t = torch.from_numpy(rng.normal(size=(2, 6))), torch.from_numpy(rng.normal(size=6))
    rows = torch.tensor([0, 1, 2, 3, 4, 5, 2])
    weights = torch.ones(2, 6, dtype=p.dtype)
    copied = LOSSES[name](p[:, rows], t[rows], weights[:, rows])
    weights[:, 2] = 2.0
    weighted = LOSSES[name](p, t, weights)
    assert weighted.item() == pytest.approx(copied.item(), rel=1e-6)


def test_trees_follow_the_heavy_of_two_values():
    # one architecture, two values: a leaf's mean is the weighted mean (in some bags one of them is missing)
    both = ARCHITECTURES[[0, 0, 1, 1]]
    y = np.array([0.0, 4.0, 8.0, 12.0])
    forest = RandomForest(trees=400, target="standard")
    usual = forest.fit(both, y).predict(both[::2])
    heavy = forest.fit(both, y, [9.0, 1.0, 9.0, 1.0]).predict(both[::2])
    leaf = DecisionTreeRegressor().fit([[0], [0]], [0.0, 4.0], sample_weight=[9.0, 1.0]).predict([[0]])
    assert leaf[0] == pytest.approx(0.4)
    assert (heavy < usual - 0.8).all()


def test_every_row_is_drawn_as_often_whatever_its_weight():
    forest, weights = RandomForest(), np.array([1.0, 1, 1, 5, 5, 0.2])
    forest._units = np.array([0, 0, 0, 1, 2, 3])  # three equivalent rows
    counts = np.mean([forest._drawn(weights, np.random.RandomState(seed)) for seed in range(8000)], axis=0)
    np.testing.assert_allclose(counts, weights, rtol=0.05)
    near = [forest._drawn(1 + w, np.random.RandomState(0)) for w in (np.zeros(6), 1e-9 * np.arange(6))]
    np.testing.assert_allclose(*near)


def test_what_a_tree_says_of_a_heavy_row_is_not_learned_from_it():
    rng = np.random.default_rng(0)
    cells = NASBench201Space().sample(60, rng)
    cells = cells[cells.distinct()][:40]
    weights = np.where(np.arange(40) < 4, 20.0, 1.0)
    errors = []
    for _ in range(10):  # pure noise
        y = rng.normal(size=40)
        held_out, _ = RandomForest(target="standard").fit(cells, y, weights).held_out()
        errors.append(((held_out[:4] - (y[:4] - y.mean()) / y.std()) ** 2).mean())
    assert np.mean(errors) > 0.8  # in the bag they are about 0.2


def test_who_is_in_every_bag_is_held_out_as_the_mean_of_all():
    forest = RandomForest(trees=1, target="standard").fit(ARCHITECTURES, VALUES)
    unseen = forest._drawn(np.ones(40), np.random.RandomState(np.random.RandomState(0).randint(2**31 - 1))) == 0
    mean, std = forest.held_out()
    np.testing.assert_allclose(mean[~unseen], forest._value[0])
    np.testing.assert_allclose(std[~unseen] ** 2, forest._variance[0])
    own, _ = forest._predict(ARCHITECTURES)
    np.testing.assert_array_equal(mean[unseen], own[unseen])


def test_a_noisy_value_of_little_weight_is_not_believed():
    y = VALUES.copy()
    y[7] += 100.0
    weights = np.where(np.arange(40) == 7, 1e-4, 1.0)
    for predictor in (GaussianProcess(target="standard"), BayesianRidge(target="standard")):
        misled = predictor.fit(ARCHITECTURES, y).score(ARCHITECTURES, VALUES)
        assert predictor.fit(ARCHITECTURES, y, weights).score(ARCHITECTURES, VALUES) > max(misled, 0.1)


class Mute(Predictor):
    """Learns nothing, weights least of all."""

    def _fit(self, architectures, z):
        self.seen = len(z)

    def _predict(self, architectures):
        return np.zeros(len(architectures)), np.ones(len(architectures))

    def _state(self):
        return {}

    def _restore(self, arrays):
        pass


def test_who_cannot_weigh_says_so():
    with pytest.raises(InputError, match="Mute cannot weigh evaluations"):
        Mute().fit(ARCHITECTURES, VALUES, np.arange(1.0, 41.0))
    assert Mute().fit(ARCHITECTURES, VALUES, np.ones(40)).seen == 40


def test_an_adapted_predictor_refuses_weights():
    architectures = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(3)}).enumerate()
    y = architectures.genotypes.sum(axis=1)
    source = Task("source", architectures, {"m": Metric(y, "maximize")}, "m")
    adapted = TwoStageTransfer(points=20).fit([source]).adapt(architectures[:9], y[:9])
    with pytest.raises(InputError, match="TwoStagePredictor cannot weigh"):
        adapted.fit(architectures[:9], y[:9], np.arange(1.0, 10.0))


@pytest.mark.parametrize("name", ["ablr", "additive-gp", "cross-space", "help", "quantile"])
def test_adapted_processes_do_not_believe_a_noisy_value_of_little_weight(name):
    architectures = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)}).enumerate()
    y = architectures.genotypes.sum(axis=1).astype(float)
    learner = make_meta(name, **META_LEARNERS[name][0])
    learner.fit([Task(f"source{i}", architectures, {"m": Metric(y * (1 + i), "maximize")}, "m") for i in range(2)])
    few, wrong = np.arange(0, 81, 4), y.copy()
    wrong[0] = 8.0  # the worst as the best
    weights = np.where(few == 0, 1e-4, 1.0)
    told, weighed = (learner.adapt(architectures[few], wrong[few], w).predict(architectures) for w in (None, weights))
    without = learner.adapt(architectures[few[1:]], wrong[few[1:]]).predict(architectures)
    assert abs(weighed[0] - without[0]) < 0.6 * abs(told[0] - without[0])  # as if it were not there
    assert np.abs(weighed - y).mean() < np.abs(told - y).mean()


def test_conformal_residuals_are_those_of_weighted_fits():
    weights = 1.0 + np.arange(40) % 2
    predictor = ConformalPredictor(predictor="bayesian-ridge", folds=4).fit(ARCHITECTURES, VALUES, weights)
    held = predictor._fold == 1
    inside = BayesianRidge().fit(ARCHITECTURES[~held], VALUES[~held], weights[~held])
    mean, std = inside.predict(ARCHITECTURES[held], return_std=True)
    residuals = np.abs(VALUES[held] - mean) / std
    np.testing.assert_allclose(predictor._residuals[held], residuals, rtol=1e-5)


def test_scikit_learn_passes_weights_on():
    weights = 1.0 + np.arange(40) % 2
    folds = KFold(2)
    scores = cross_val_score(
        BayesianRidge(), ARCHITECTURES, VALUES, cv=folds, params={"sample_weight": weights}, error_score="raise"
    )
    expected = [
        BayesianRidge().fit(ARCHITECTURES[a], VALUES[a], weights[a]).score(ARCHITECTURES[b], VALUES[b])
        for a, b in folds.split(ARCHITECTURES)
    ]
    np.testing.assert_allclose(scores, expected, rtol=1e-9)


def test_predictors_tell_whether_they_weigh():
    class Cannot(Predictor):
        def _fit(self, architectures, z):
            pass

        _predict = _state = _restore = None

    class CannotEither(FeaturePredictor):
        def _fit_features(self, X, z):
            pass

        _predict_features = None

    class Around(ConformalPredictor):
        def _new_predictor(self):
            return Cannot()

    assert all(make(name).takes_weights for name in available())
    for predictor in (Cannot(), CannotEither(), Around()):
        assert not predictor.takes_weights
        with pytest.raises(InputError, match="cannot weigh evaluations"):
            predictor.fit(ARCHITECTURES[:3], VALUES[:3], [1.0, 2.0, 3.0])
