import math

import numpy as np
import pytest

from augury.encoders import ProxyTable
from augury.evaluation import kendall_tau
from augury.predictors import Blend, ExtraTrees, GaussianProcess, Predictor
from augury.predictors.candidates import candidates
from augury.spaces import ChoiceSpace, InputError, NASBench201Space

SPACE = NASBench201Space()


@pytest.fixture(scope="module")
def data():
    """60 cells: convolutions help, and half of the variance is noise."""
    rng = np.random.default_rng(0)
    architectures = SPACE.sample(60, rng)
    signal = (architectures.canonical().genotypes >= 2).sum(axis=1).astype(float)
    return architectures, signal + rng.normal(size=60) * signal.std()


def test_it_is_the_weighted_mean_of_its_members(data):
    architectures, y = data
    blend = Blend(target="standard").fit(architectures[:40], y[:40])
    chosen = [c for c in candidates(40, budget=5.0, encoders=(), target="standard", seed=0) if c.predictor is not None]
    means = [candidate.predictor.fit(architectures[:40], y[:40]).predict(architectures[40:]) for candidate in chosen]
    weights = [member.weight for member in blend.explain().members if member.weight > 0]
    np.testing.assert_allclose(blend.predict(architectures[40:]), np.transpose(means) @ weights, rtol=1e-9)


def test_a_standard_deviation_is_that_of_a_new_evaluation(data):
    architectures, y = data
    rng = np.random.default_rng(1)
    more = SPACE.sample(1_000, rng)
    signal = (more.canonical().genotypes >= 2).sum(axis=1).astype(float)
    noise = float(np.std((architectures.canonical().genotypes >= 2).sum(axis=1)))
    mean, std = Blend().fit(architectures, y).predict(more, return_std=True)
    measured = signal + rng.normal(size=1_000) * noise
    assert 0.84 < np.mean(np.abs(measured - mean) < 1.645 * std) < 0.97


def test_the_budget_decides_who_is_asked():
    def names(n, budget):
        found = candidates(n, budget=budget, encoders=(), target="standard", seed=0)
        assert sum(c.seconds for c in found if c.predictor is not None) <= max(budget, 0.01 * n)
        return [c.name for c in found if c.predictor is not None]

    def trees(n, budget):
        return candidates(n, budget=budget, encoders=(), target="standard", seed=0)[0].predictor.trees

    quick = ["extremely randomised trees", "Gaussian process on flows", "Gaussian process on all encoders"]
    assert names(100, 5.0) == [*quick, "graph isomorphism network"]
    assert names(100, 1.5) == quick
    assert names(50, 20.0) == quick  # too few
    assert names(5_000, 5.0) == quick[:1]
    assert trees(100, 5.0) == 200
    assert 50 < trees(400, 5.0) < 200  # what the others leave
    assert trees(5_000, 5.0) < 50
    assert trees(5_000, 0.1) == 10


def test_trees_count_less_and_flows_more_where_architectures_are_few():
    def priors(n):
        return [c.prior for c in candidates(n, budget=5.0, encoders=(), target="standard", seed=0)]

    assert priors(10)[:3] == pytest.approx([1 / 3, 2, 1])
    assert priors(20)[:3] == pytest.approx([1 / 2, 1.5, 1])
    assert priors(480) == pytest.approx([0.96, 1 + 1 / 48, 1, 1])
    assert priors(1)[:3] == pytest.approx([1 / 21, 2, 1])


def test_decisions_take_the_place_of_flows_where_all_graphs_have_one_shape():
    def members(space, n=10):
        rows = space.sample(n, np.random.default_rng(0))
        blend = Blend(budget=1.0).fit(rows, np.arange(n))
        return [(candidate.name, candidate.prior) for candidate in blend._candidates()[1:3]]

    every = ("Gaussian process on all encoders", 1)
    grid = ChoiceSpace({"width": (16, 32), "operation": ("conv", "pool"), "rate": (0.1, 1.0)})
    assert members(grid) == [("Gaussian process on decisions", 1), every]
    assert members(SPACE) == [("Gaussian process on flows", 2), every]


@pytest.mark.slow
def test_networks_join_from_100_architectures_on(tmp_path):
    architectures = SPACE.sample(100, np.random.default_rng(0))
    y = (architectures.canonical().genotypes == 3).sum(axis=1) + 1e-3 * np.arange(100)
    blend = Blend().fit(architectures, y)
    last = blend.explain().members[-1]
    assert last.name == "graph isomorphism network"
    assert last.weight > 0
    assert last.held_out_tau > 0.5
    blend.save(tmp_path / "saved")
    np.testing.assert_array_equal(
        Predictor.load(tmp_path / "saved").predict(architectures), blend.predict(architectures)
    )


def test_a_single_architecture_is_no_several(data):
    architectures, y = data
    text = str(Blend(budget=1.0).fit(architectures[:1], y[:1]).explain())
    assert "Learned from 1 architecture, within 1 s" in text


def test_explanations_and_importances_can_be_read_after_loading(data, tmp_path):
    architectures, y = data
    blend = Blend(budget=1.0).fit(architectures, y)
    text = str(blend.explain())
    assert "Learned from 60 architectures, within 1 s" in text
    assert "graph isomorphism network: 1.14 s; left out, as it needs 100 architectures" in text
    assert "trees; at first counts 0.75 times as much" in text
    assert sum(member.weight for member in blend.explain().members) == pytest.approx(1)
    assert math.isnan(blend.explain().members[-1].held_out_tau)
    blend.save(tmp_path / "saved")
    loaded = Predictor.load(tmp_path / "saved")
    assert str(loaded.explain()) == text
    assert loaded.feature_importances() == blend.feature_importances()
    assert sum(blend.feature_importances().values()) == pytest.approx(1)


def test_features_of_one_name_share_their_importance(data):
    architectures, y = data
    importances = Blend(encoders=("operation-counts",), budget=1.0).fit(architectures, y).feature_importances()
    assert sum(importances.values()) == pytest.approx(1)
    assert list(importances.values()) == sorted(importances.values(), reverse=True)


def test_proxies_join_every_member(data):
    architectures, _ = data
    rng = np.random.default_rng(2)
    hidden = rng.normal(size=60)  # what only the table tells
    table = ProxyTable(architectures=architectures, columns={"snip": hidden})
    blend = Blend(encoders=(table,), budget=1.0).fit(architectures[:40], hidden[:40])
    assert kendall_tau(hidden[40:], blend.predict(architectures[40:])) > 0.6
    assert (
        kendall_tau(hidden[40:], Blend(budget=1.0).fit(architectures[:40], hidden[:40]).predict(architectures[40:]))
        < 0.4
    )


def test_what_it_holds_out_is_what_its_members_do(data, tmp_path):
    blend = Blend(budget=1.0).fit(*data)
    mean, std = blend.held_out()
    means = np.stack([member.held_out()[0] for member in blend._members])
    np.testing.assert_allclose(mean, blend._stack.weights @ means)
    z = blend.target_.transform(data[1])
    assert 0.8 < np.mean(np.abs(z - mean) < 1.645 * std) <= 1
    blend.save(tmp_path / "saved")
    with pytest.raises(InputError, match="fit it again"):
        Predictor.load(tmp_path / "saved").held_out()


def test_held_out_predictions_are_those_of_others(data):
    architectures, _ = data
    noise = np.random.default_rng(3).normal(size=60)
    for predictor in (ExtraTrees(trees=50), GaussianProcess()):
        held_out, std = predictor.fit(architectures, noise).held_out()
        assert abs(kendall_tau(noise, held_out)) < 0.3  # there is nothing to be learned
        assert (std > 0).all()


def test_a_loaded_forest_has_forgotten_what_it_held_out(data, tmp_path):
    architectures, y = data
    ExtraTrees(trees=5).fit(architectures, y).save(tmp_path / "saved")
    with pytest.raises(InputError, match="fit it again"):
        Predictor.load(tmp_path / "saved").held_out()


def test_a_budget_of_nothing_is_refused(data):
    architectures, y = data
    with pytest.raises(InputError, match="seconds above 0; got 0"):
        Blend(budget=0).fit(architectures, y)
