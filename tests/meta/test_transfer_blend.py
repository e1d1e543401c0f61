import numpy as np
import pytest
from sklearn.base import clone

from augury.evaluation import kendall_tau
from augury.meta import MetaLearner, TransferBlend, TransferGP
from augury.meta import transfer_blend_predictor as module
from augury.meta.guard import COLD
from augury.predictors import Blend
from augury.predictors.candidates import process_on_all
from augury.predictors.gaussian_process import GaussianProcess
from augury.spaces import InputError

from .toy import EVERYTHING, TRUTH, shuffled, support, task

QUICK = {"members": 1, "hidden": 16, "layers": 2, "wide_members": 1, "wide_hidden": 12, "epochs": 40, "trees": 30}
FEW = support(20)


def learner(*sources):
    return TransferBlend(**QUICK).fit([task(f"source {i}", y) for i, y in enumerate(sources)])


def cold_weight(meta, rows=FEW):
    members = meta.adapt(EVERYTHING[rows], TRUTH[rows]).explain().members
    return next(member.weight for member in members if member.name == COLD)


def helped_by(i):
    return task(f"source {i}", TRUTH + i * np.sin(TRUTH))


@pytest.fixture(scope="module")
def helped():
    return TransferBlend(**QUICK).fit([helped_by(0), helped_by(1)])


@pytest.fixture(scope="module")
def misled():
    return learner(shuffled(1), shuffled(2), shuffled(3))


def test_trust_is_how_far_sources_follow_each_other(helped, misled):
    assert helped._trust > 0.9
    assert misled._trust < 0.2
    assert learner(TRUTH)._trust == 0.5  # a single source cannot tell


def test_useless_sources_leave_the_weight_to_the_process_without_them(helped, misled):
    assert cold_weight(misled) > 0.5
    assert cold_weight(helped) < 0.3


@pytest.mark.parametrize("size", [10, 60, 1e9])
def test_from_many_evaluations_on_a_share_of_what_sources_weigh_is_the_others(helped, size, monkeypatch):
    monkeypatch.setattr(module, "SHRINKAGE", 1e9)  # so that weights are those before any evaluation
    monkeypatch.setattr(module, "FEWEST_FOR_A_NETWORK", 20)
    predictor = helped.adapt(EVERYTHING[FEW], TRUTH[FEW])
    few = clone(predictor).set_params(source_size=size).fit(EVERYTHING[FEW[:19]], TRUTH[FEW[:19]])
    many = clone(predictor).set_params(source_size=size).fit(EVERYTHING[FEW], TRUTH[FEW])
    usual = helped._trust / (helped._trust + 0.05)
    for one, with_sources in ((few, usual), (many, usual * (1 - 0.5 * 20 / (20 + size)))):
        expected = [0.5 * with_sources, 0.25 * with_sources, 0.25 * with_sources, 1 - with_sources]
        np.testing.assert_allclose(one._stack.weights, expected, atol=1e-6)


@pytest.mark.slow
def test_from_many_evaluations_on_small_sources_weigh_less_beside_a_whole_default_predictor(helped):
    rows = np.sort(support(100))  # as the members get them
    small = TransferBlend(**QUICK).fit([helped_by(i).select(support(20)) for i in (0, 1)])
    predictor = helped.adapt(EVERYTHING[rows], TRUTH[rows])
    assert isinstance(predictor._members[COLD], Blend)
    assert predictor.source_size == len(TRUTH)
    assert small.adapt(EVERYTHING[rows], TRUTH[rows]).source_size == 20
    weights = []
    for size in (10, 100, 1_000):
        one = clone(predictor).set_params(source_size=size).fit(EVERYTHING[rows], TRUTH[rows])
        weights.append(next(member.weight for member in one.explain().members if member.name == COLD))
    assert weights == sorted(weights, reverse=True)
    assert weights[0] > weights[-1] + 0.2
    alone = Blend().fit(EVERYTHING[rows], TRUTH[rows])
    np.testing.assert_array_equal(predictor._members[COLD].held_out(), alone.held_out())


def test_useless_sources_do_no_harm(misled):
    others = np.setdiff1d(np.arange(len(TRUTH)), FEW)
    cold = process_on_all().fit(EVERYTHING[FEW], TRUTH[FEW]).predict(EVERYTHING[others])
    guarded = misled.adapt(EVERYTHING[FEW], TRUTH[FEW]).predict(EVERYTHING[others])
    assert kendall_tau(TRUTH[others], guarded) > kendall_tau(TRUTH[others], cold) - 0.05


def test_contradicting_sources_are_turned_around():
    meta = learner(-TRUTH, -TRUTH - np.sin(TRUTH))
    others = np.setdiff1d(np.arange(len(TRUTH)), FEW)
    guarded = meta.adapt(EVERYTHING[FEW], TRUTH[FEW]).predict(EVERYTHING[others])
    cold = process_on_all().fit(EVERYTHING[FEW], TRUTH[FEW]).predict(EVERYTHING[others])
    assert kendall_tau(TRUTH[others], guarded) > kendall_tau(TRUTH[others], cold) - 0.05


def test_with_no_evaluation_it_is_the_consensus_as_far_as_it_is_trusted(helped):
    predictor = helped.adapt(EVERYTHING[:0], [])
    predictions, _ = helped._model.transform(EVERYTHING)
    np.testing.assert_allclose(predictor.predict(EVERYTHING), helped._trust * helped._model.consensus(predictions))
    assert [member.weight for member in predictor.explain().members] == [1.0]


def test_nothing_can_be_held_out_of_nothing():
    alone = TransferGP(members=1, hidden=8, epochs=5).fit([task("source", TRUTH)])
    with pytest.raises(InputError, match="at least one evaluation"):
        alone.adapt(EVERYTHING[:0], []).held_out()


def test_a_thin_one_adapts_nearly_as_the_whole(helped, tmp_path):
    whole_one = TransferBlend(**QUICK, points=30).fit([task("a", TRUTH), task("b", TRUTH + np.sin(TRUTH))])
    whole = whole_one.adapt(EVERYTHING[FEW], TRUTH[FEW]).predict(EVERYTHING)
    thin = whole_one.thinned(50)
    assert len(thin.sources_.architectures) < len(EVERYTHING) / 2
    less = thin.adapt(EVERYTHING[FEW], TRUTH[FEW]).predict(EVERYTHING)
    assert np.corrcoef(whole, less)[0, 1] > 0.98
    assert thin._trust == whole_one._trust
    assert thin._searcher._trust == whole_one._searcher._trust
    for ours, theirs in zip(thin._searcher._model.gps._gps, whole_one._searcher._model.gps._gps, strict=True):
        np.testing.assert_array_equal(ours.theta, theirs.theta)
    searched, less_searched = (
        one.surrogate(EVERYTHING[FEW], TRUTH[FEW]).predict(EVERYTHING) for one in (whole_one, thin)
    )
    assert np.corrcoef(searched, less_searched)[0, 1] > 0.9999
    thin.save(tmp_path / "thin")
    again = MetaLearner.load(tmp_path / "thin").adapt(EVERYTHING[FEW], TRUTH[FEW])
    np.testing.assert_array_equal(again.predict(EVERYTHING), less)


def test_in_a_search_it_is_the_process_alone(tmp_path):
    quick = {name: value for name, value in QUICK.items() if name != "trees" and not name.startswith("wide")}
    tasks = [task("a", TRUTH), task("b", TRUTH + np.sin(TRUTH))]
    blend, process = TransferBlend(**QUICK).fit(tasks), TransferGP(**quick).fit(tasks)
    expected = process.adapt(EVERYTHING[FEW], TRUTH[FEW]).predict(EVERYTHING)
    np.testing.assert_array_equal(blend.surrogate(EVERYTHING[FEW], TRUTH[FEW]).predict(EVERYTHING), expected)
    blend.save(tmp_path / "blend")
    again = MetaLearner.load(tmp_path / "blend").surrogate(EVERYTHING[FEW], TRUTH[FEW])
    np.testing.assert_array_equal(again.predict(EVERYTHING), expected)


def test_many_architectures_of_sources_bring_perceptrons(tmp_path):
    few, many = (TransferBlend(**QUICK, feature_from=n).fit([task("a", TRUTH)]) for n in (10**6, 10))
    assert [len(meta._model.networks) for meta in (few, many)] == [2, 3]
    many.save(tmp_path / "many")
    thin = many.thinned(5)  # has fewer architectures, and keeps them
    assert len(thin._model.networks) == len(MetaLearner.load(tmp_path / "many")._model.networks) == 3


def test_sources_that_disagree_are_heard_once_the_evaluations_speak_for_them():
    meta = learner(shuffled(1), shuffled(2), TRUTH)  # the third is the target itself
    meta._searcher._trust = 0.0
    assert not meta.sources_agree
    own = meta._searcher.adapt(EVERYTHING[FEW], TRUTH[FEW]).predict(EVERYTHING)
    cold = GaussianProcess().fit(EVERYTHING[FEW], TRUTH[FEW]).predict(EVERYTHING)
    heard = meta.surrogate(EVERYTHING[FEW], TRUTH[FEW]).predict(EVERYTHING)
    unheard = meta.surrogate(EVERYTHING[FEW[:2]], TRUTH[FEW[:2]])
    assert np.array_equal(heard, own)
    assert not np.array_equal(heard, cold)
    np.testing.assert_array_equal(
        unheard.predict(EVERYTHING), GaussianProcess().fit(EVERYTHING[FEW[:2]], TRUTH[FEW[:2]]).predict(EVERYTHING)
    )


def test_each_member_of_a_network_has_a_kernel_of_its_own():
    blend = TransferBlend(**(QUICK | {"members": 2, "feature_from": 10, "feature_members": 3})).fit([task("a", TRUTH)])
    process = blend.adapt(EVERYTHING[FEW], TRUTH[FEW])._members["transfer Gaussian process"]
    assert len(process._gp.kernels) == 2 + (2 + 3 + 1) + len(process.encoders)
    together = blend.surrogate(EVERYTHING[FEW], TRUTH[FEW])  # in a search
    assert len(together._gp.kernels) == 2 + 2 + len(together.encoders)


def test_networks_of_another_width_are_left_out_on_request(tmp_path):
    meta = TransferBlend(**(QUICK | {"wide_members": 0})).fit([task("a", TRUTH)])
    assert [network.hidden for network in meta._model.networks] == [16]
    meta.save(tmp_path / "saved")
    expected = meta.adapt(EVERYTHING[FEW], TRUTH[FEW]).predict(EVERYTHING)
    again = MetaLearner.load(tmp_path / "saved").adapt(EVERYTHING[FEW], TRUTH[FEW]).predict(EVERYTHING)
    np.testing.assert_array_equal(again, expected)


def test_one_for_search_alone_searches_as_the_whole_one_does(helped):
    lean = helped.for_search().fit([task("source 0", TRUTH), task("source 1", TRUTH + np.sin(TRUTH))])
    assert [network.hidden for network in lean._model.networks] == [16]
    assert lean.sources_agree == helped.sources_agree
    for rows in (FEW[:0], FEW):
        one, other = (meta.surrogate(EVERYTHING[rows], TRUTH[rows]).predict(EVERYTHING) for meta in (lean, helped))
        np.testing.assert_array_equal(one, other)
