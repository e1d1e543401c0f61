import numpy as np
import pytest

from augury.evaluation import kendall_tau
from augury.meta import Guard, MetaLearner
from augury.predictors.candidates import process_on_all
from augury.spaces import InputError

from .toy import EVERYTHING, TRUTH, shuffled, support, task

FEW = support(25)
OTHERS = np.setdiff1d(np.arange(len(TRUTH)), FEW)


def tau(predictor):
    return kendall_tau(TRUTH[OTHERS], predictor.predict(EVERYTHING[OTHERS]))


@pytest.mark.parametrize("learner", ["portfolio", "rgpe", "task-similarity"])
class TestGuard:
    def test_sources_that_mislead_lose_their_say(self, learner):
        guard = Guard(learner=learner).fit([task("upside down", -TRUTH), task("noise", shuffled(0))])
        guarded = guard.adapt(EVERYTHING[FEW], TRUTH[FEW])
        cold = process_on_all().fit(EVERYTHING[FEW], TRUTH[FEW])
        assert tau(guarded) > tau(cold) - 0.05
        weight = guarded.explain().members[0].weight
        assert weight < 0.5 or learner == "rgpe"  # which has a process of the target alone by itself

    def test_sources_that_help_keep_it(self, learner):
        guarded = Guard(learner=learner).fit([task("same", TRUTH)]).adapt(EVERYTHING[FEW], TRUTH[FEW])
        assert guarded.explain().members[0].weight > 0.5
        assert tau(guarded) > 0.9

    def test_with_no_evaluation_it_is_the_meta_learner(self, learner):
        guard = Guard(learner=learner).fit([task("same", TRUTH)])
        nothing = guard.adapt(EVERYTHING[:0], [])
        inside = guard._inner.adapt(EVERYTHING[:0], [])
        np.testing.assert_array_equal(nothing.predict(EVERYTHING), inside.predict(EVERYTHING))
        assert [member.weight for member in nothing.explain().members] == [1.0]


def test_what_is_held_out_was_not_seen():
    guard = Guard(learner="portfolio").fit([task("same", TRUTH)])
    repeated = np.repeat(FEW[:10], 2)
    noise = np.random.default_rng(0).normal(size=20)
    predictor = guard.adapt(EVERYTHING[repeated], noise)
    mean, _ = predictor._held_out(EVERYTHING[repeated], predictor.target_.transform(noise))
    np.testing.assert_allclose(mean[::2], mean[1::2])  # both copies by the same others


def test_parameters_reach_the_meta_learner_and_the_file(tmp_path):
    guard = Guard(learner="rgpe", parameters={"points": 20}).fit([task("same", TRUTH)])
    assert guard._inner.points == 20
    guard.save(tmp_path / "guard")
    loaded = MetaLearner.load(tmp_path / "guard").adapt(EVERYTHING[FEW], TRUTH[FEW])
    np.testing.assert_array_equal(
        loaded.predict(EVERYTHING), guard.adapt(EVERYTHING[FEW], TRUTH[FEW]).predict(EVERYTHING)
    )


def test_one_fold_is_refused():
    with pytest.raises(InputError, match="folds=1"):
        Guard(folds=1).fit([task("same", TRUTH)]).adapt(EVERYTHING[FEW], TRUTH[FEW])


def test_without_folds_each_evaluation_is_told_by_all_others(tmp_path):
    guard = Guard(learner="rgpe", parameters={"points": 20}, folds=None, drop=False).fit([task("same", shuffled(0))])
    rows = np.append(FEW[:8], FEW[2])  # one is measured twice
    values = np.append(TRUTH[FEW[:8]], TRUTH[FEW[2]] + 0.5)
    predictor = guard.adapt(EVERYTHING[rows], values)
    z = predictor.target_.transform(values)
    mean, std = predictor._held_out(EVERYTHING[rows], z)
    keys = EVERYTHING[rows].canonical().keys()
    for i in range(9):
        rest = keys != keys[i]
        assert rest.sum() == (7 if i in (2, 8) else 8)
        alone = guard._inner.adapt(EVERYTHING[rows[rest]], z[rest])
        expected = alone.predict(EVERYTHING[rows[[i]]], return_std=True)
        np.testing.assert_allclose([mean[[i]], std[[i]]], expected, rtol=1e-9)
    as_many = Guard(learner="rgpe", parameters={"points": 20}, folds=8, drop=False).fit([task("same", shuffled(0))])
    weights = [some.adapt(EVERYTHING[rows], values).explain().members[0].weight for some in (guard, as_many)]
    assert weights[0] == weights[1]
    guard.save(tmp_path / "guard")
    loaded = MetaLearner.load(tmp_path / "guard")
    assert loaded.get_params()["folds"] is None
    np.testing.assert_array_equal(
        loaded.adapt(EVERYTHING[rows], values).predict(EVERYTHING), predictor.predict(EVERYTHING)
    )
    with pytest.raises(InputError, match=r"folds=2\.5"):
        Guard(folds=2.5).fit([task("same", TRUTH)])
