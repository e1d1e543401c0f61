import numpy as np
import pytest
from scipy.stats import kendalltau

from augury import Metric, Task
from augury.meta import TransferGP, least_variance_design, load
from augury.meta.encodings import ENCODERS
from augury.meta.meta_learner import DESIGN_NOISE, MetaLearner
from augury.predictors import GaussianProcess
from augury.spaces import ChoiceSpace

ALL = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)}).enumerate()
TRUTH = ALL.genotypes @ np.array([4.0, 2.0, 1.0, 1.0])


def learner(*values):
    tasks = [Task(str(i), ALL, {"a": Metric(y, "maximize")}, objective="a") for i, y in enumerate(values)]
    return TransferGP(members=1, hidden=8, epochs=5).fit(tasks)


def test_the_consensus_is_trusted_as_far_as_sources_followed_each_other():
    chance = [np.random.default_rng(seed).permutation(TRUTH) for seed in range(3)]
    few, y = ALL[::9], TRUTH[::9]
    assert learner(TRUTH, TRUTH).adapt(few, y).trust == 0.5  # never more than half
    assert learner(TRUTH).adapt(few, y).trust == 0.5  # a single source cannot tell
    assert learner(TRUTH, -TRUTH).adapt(few, y).trust == pytest.approx(0.0, abs=0.05)
    assert learner(*chance).adapt(few, y).trust < 0.25


def test_sources_that_tell_nothing_leave_nearly_the_process_without_them():
    chance = [np.random.default_rng(seed).permutation(TRUTH) for seed in range(3)]
    useless = learner(*chance)
    cold = GaussianProcess(encoders=ENCODERS)
    agreements, before = [], []
    for seed in range(8):
        few = np.random.default_rng(seed).permutation(len(ALL))[:12]
        adapted = useless.adapt(ALL[few], TRUTH[few])
        alone = cold.fit(ALL[few], TRUTH[few]).predict(ALL)
        agreements.append(np.corrcoef(adapted.predict(ALL), alone)[0, 1])
        adapted.trust = 0.5  # as if the sources had followed each other
        before.append(np.corrcoef(adapted.fit(ALL[few], TRUTH[few]).predict(ALL), alone)[0, 1])
    assert np.mean(agreements) > 0.97
    assert np.mean(agreements) > np.mean(before) + 0.02


@pytest.fixture(scope="module")
def agreed():
    tasks = [Task(str(i), ALL, {"a": Metric(TRUTH, "maximize")}, objective="a") for i in range(2)]
    return TransferGP(members=1, hidden=16, epochs=60).fit(tasks)


def test_sources_that_a_search_contradicts_are_turned_around(agreed):
    """What a search has that believed them: much of what they praise, and little else."""
    rows = np.append(np.argsort(-TRUTH)[:30:4], [0, 5])
    for y, turned in ((-TRUTH, True), (TRUTH, False)):
        told = agreed.surrogate(ALL[rows], y[rows])
        assert (told._slope < 0) == turned
        assert np.corrcoef(y, told.predict(ALL))[0, 1] > 0.8
    np.testing.assert_array_equal(told.predict(ALL), agreed.adapt(ALL[rows], TRUTH[rows]).predict(ALL))


def test_two_evaluations_turn_nothing_around(agreed):
    rows = np.argsort(-TRUTH)[[0, -1]]
    assert agreed.surrogate(ALL[rows], -TRUTH[rows])._slope > 0


def test_what_is_loaded_need_not_find_out_how_far_to_trust(agreed, tmp_path, monkeypatch):
    agreed.save(tmp_path / "meta.safetensors")
    monkeypatch.setattr("augury.meta.transfer_gp.trust_in_consensus", lambda *_: pytest.fail("worked out again"))
    assert load(tmp_path / "meta.safetensors")._trust == agreed._trust


def test_an_informative_design_tells_more_than_a_random_one():
    """Sources that differ in the first two layers, whose weights are what the target is to be asked about."""
    weights = np.array([[4.0, 1.0, 1.0, 0.5], [1.0, 4.0, 1.0, 0.5], [-2.0, 3.0, 0.5, 0.5]])
    meta = learner(*(ALL.genotypes @ weights.T).T)

    def told(few):
        rows = np.array([np.flatnonzero((ALL.genotypes == row).all(axis=1))[0] for row in few.genotypes])
        taus = []
        for own in ([3.0, -2.0, 1.0, 0.5], [2.0, 2.5, 1.0, 0.5], [-3.0, 3.0, 0.5, 1.0]):
            y = ALL.genotypes @ np.array(own)
            taus.append(kendalltau(y, meta.adapt(few, y[rows]).predict(ALL)).statistic)
        return np.mean(taus)

    at_random = [told(ALL[np.random.default_rng(seed).permutation(len(ALL))[:8]]) for seed in range(10)]
    assert told(meta.informative_design(8)) > np.mean(at_random) + 0.02


def test_the_sources_have_a_say_in_what_is_informative():
    without = learner(TRUTH)
    design = without.informative_design(12)
    kernels, groups = MetaLearner._design_inputs(without, ALL)
    cold = ALL[least_variance_design(kernels, groups, 12, noise=DESIGN_NOISE)]
    assert sorted(design.keys()) != sorted(cold.keys())
    kernels, groups = without._design_inputs(ALL)
    assert len(kernels) == len(groups) == 5  # constant, sources, hidden units, graph features, genotype
    assert groups[1].shape == (81, 1)
