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
