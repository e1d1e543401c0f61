from functools import cache

import numpy as np
import pytest

from augury.evaluation import kendall_tau
from augury.meta import Guard, MetaLearner, make
from augury.meta.dropping import Dropping, kept_sources
from augury.meta.subset_learner import SubsetLearner
from augury.spaces import InputError

from ..contract.components import META_LEARNERS
from .toy import EVERYTHING, TRUTH, shuffled, support, task

FEW = support(25)
SUBSETS = [
    *("rgpe", "two-stage", "task-similarity", "portfolio", "transfer-gp", "cross-space"),
    pytest.param("transfer-blend", marks=pytest.mark.slow),
]
SQUARED = task("squared", TRUTH**2)
TURNED = task("upside down", -3 * TRUTH)
SAME = task("same", TRUTH)


@cache
def learned(name, tasks=(SAME, TURNED, SQUARED)):
    return make(name, **META_LEARNERS[name][0]).fit(tasks)


def slow_loss(said, y):
    """The share of discordant pairs, equal opinions counting half, by loops."""
    pairs = [(i, j) for i in range(len(y)) for j in range(len(y)) if i != j]
    wrong = [0.5 * (1 - np.sign(y[i] - y[j]) * np.sign(said[i] - said[j])) * (y[i] != y[j]) for i, j in pairs]
    return np.mean(wrong)


def test_without_a_margin_it_goes_down_to_where_no_single_drop_helps():
    rng = np.random.default_rng(0)
    y = rng.normal(size=12).round(1)
    opinions = y[:, None] * np.array([1.0, 0.5, -0.5, 0.0, 0.0]) + rng.normal(size=(12, 5))
    kept = list(kept_sources(opinions, y, margin=0.0))
    loss = slow_loss(opinions[:, kept].mean(axis=1), y)
    assert loss < slow_loss(opinions.mean(axis=1), y)
    for out in kept:
        assert slow_loss(opinions[:, [i for i in kept if i != out]].mean(axis=1), y) >= loss - 1e-12


def test_a_wider_margin_drops_fewer():
    rng = np.random.default_rng(1)
    dropped = []
    for margin in (0.0, 1.0, 2.0, 50.0):
        y = rng.normal(size=(100, 10))
        dropped.append(np.mean([7 - len(kept_sources(rng.normal(size=(10, 7)), one, margin=margin)) for one in y]))
    assert dropped == sorted(dropped, reverse=True)
    assert dropped[-1] == 0


@pytest.mark.parametrize(("margin", "kept"), [(0.86, (0,)), (0.87, (0, 1)), (1.0, (0, 1))])
def test_the_standard_error_by_hand(margin, kept):
    # both together swap the first two, so that each of these is ranked wrongly with a third of the others: without the
    # second source the loss is less by 1/3, 1/3, 0 and 0, whose mean is 1/6 and whose deviation is 1 / (3 √3); of a
    # U-statistic of pairs the standard error is 2 / √4 times that, and 1/6 is √3/2 = 0.866 of it
    opinions = np.array([[0.0, 2.0], [1.0, 0.0], [2.0, 2.0], [3.0, 3.0]])
    assert kept_sources(opinions, np.arange(4.0), margin=margin) == kept


@pytest.mark.parametrize("k", [0, 1, 2])
def test_too_few_evaluations_drop_nothing(k):
    assert kept_sources(-np.arange(float(k))[:, None] * [1.0, 2.0], np.arange(float(k))) == (0, 1)


def test_equal_values_drop_nothing():
    assert kept_sources(np.random.default_rng(0).normal(size=(9, 3)), np.ones(9)) == (0, 1, 2)


@pytest.mark.parametrize("name", SUBSETS)
class TestSubset:
    def test_what_is_turned_upside_down_is_dropped(self, name):
        learner = learned(name, (TURNED, SAME, task("turned, too", -TRUTH)))
        assert isinstance(learner, SubsetLearner)
        assert learner.opinions(EVERYTHING[FEW]).shape == (25, 3)
        assert Dropping(learner).kept(EVERYTHING[FEW], TRUTH[FEW]) == (1,)

    def test_it_adapts_as_if_there_were_only_those(self, name):
        learner = learned(name)
        few = learner._subset([0, 2])
        assert few.sources_.all_names == ("same", "squared")
        np.testing.assert_array_equal(few.opinions(EVERYTHING), learner.opinions(EVERYTHING)[:, [0, 2]])
        for k in (0, 10):
            mean, std = learner.adapt_with([0, 2], EVERYTHING[FEW[:k]], TRUTH[FEW[:k]]).predict(EVERYTHING, True)
            assert kendall_tau(TRUTH, mean) > 0.7
            assert (std > 0).all()
        assert learner.sources_.all_names == ("same", "upside down", "squared")

    def test_all_sources_are_no_subset(self, name):
        learner = learned(name)
        everything = learner.adapt_with([0, 1, 2], EVERYTHING[FEW], TRUTH[FEW]).predict(EVERYTHING)
        np.testing.assert_allclose(everything, learner.adapt(EVERYTHING[FEW], TRUTH[FEW]).predict(EVERYTHING))


@pytest.mark.parametrize("name", ["rgpe", "portfolio", "task-similarity", "cross-space"])
def test_a_subset_is_what_a_fit_to_it_gives(name):
    every, some = (make(name, points=243).fit(tasks) for tasks in ([SAME, TURNED, SQUARED], [SAME, SQUARED]))
    subset = every.adapt_with([0, 2], EVERYTHING[FEW], TRUTH[FEW]).predict(EVERYTHING)
    anew = some.adapt(EVERYTHING[FEW], TRUTH[FEW]).predict(EVERYTHING)
    np.testing.assert_allclose(subset, anew, rtol=1e-5, atol=1e-6)


class TestGuard:
    def test_what_was_dropped_is_told(self):
        predictor = Guard(learner="portfolio").fit([SAME, TURNED]).adapt(EVERYTHING[FEW], TRUTH[FEW])
        assert predictor.dropped_ == ("upside down",)
        last = predictor.explain().members[-1]
        assert (last.name, last.weight) == ("source upside down", 0.0)
        assert last.held_out_tau < -0.9
        assert "source upside down: dropped" in str(predictor.explain())

    def test_it_helps(self):
        tasks, left = [SAME, TURNED, task("noise", shuffled(3))], np.setdiff1d(np.arange(len(TRUTH)), FEW)
        taus = []
        for drop in (True, False):
            predictor = Guard(learner="portfolio", drop=drop).fit(tasks).adapt(EVERYTHING[FEW], TRUTH[FEW])
            taus.append(kendall_tau(TRUTH[left], predictor.predict(EVERYTHING[left])))
        assert taus[0] > taus[1]

    def test_without_dropping_all_stay(self):
        predictor = Guard(learner="portfolio", drop=False).fit([SAME, TURNED]).adapt(EVERYTHING[FEW], TRUTH[FEW])
        assert predictor.dropped_ == ()
        assert len(predictor.explain().members) == 2

    def test_the_fold_has_no_part_in_what_is_dropped_for_it(self):
        seen = []

        class Watched(Dropping):
            def kept(self, architectures, y):
                seen.append(len(y))
                return super().kept(architectures, y)

        guard = Guard(learner="portfolio").fit([SAME, TURNED])
        guard._dropping = Watched(guard._inner)
        guard.adapt(EVERYTHING[FEW], TRUTH[FEW])
        assert sorted(seen)[:5] == [20] * 5

    def test_one_that_must_learn_anew_says_so_and_does_on_request(self, tmp_path):
        learner = {"learner": "additive-gp", "parameters": {"points": 60}}
        kept = Guard(**learner).fit([SAME, TURNED]).adapt(EVERYTHING[FEW], TRUTH[FEW])
        assert kept.dropped_ == ()
        assert "drop='refit'" in kept.explain().heading
        guard = Guard(**learner, drop="refit").fit([SAME, TURNED])
        predictor = guard.adapt(EVERYTHING[FEW], TRUTH[FEW])
        assert predictor.dropped_ == ("upside down",)
        assert "refit" not in predictor.explain().heading
        guard.save(tmp_path / "guard")
        loaded = MetaLearner.load(tmp_path / "guard").adapt(EVERYTHING[FEW], TRUTH[FEW])
        np.testing.assert_array_equal(loaded.predict(EVERYTHING), predictor.predict(EVERYTHING))

    def test_what_only_the_dropped_evaluated_is_not_learned_from(self):
        tasks = [task("same", TRUTH, support(60, 1)), task("upside down", -TRUTH, support(60, 2))]
        guard = Guard(learner="ablr", parameters={"steps": 5}, drop="refit").fit(tasks)
        assert guard.adapt(EVERYTHING[FEW], TRUTH[FEW]).dropped_ == ("upside down",)
        (anew,) = guard._dropping._refitted.values()
        assert len(anew.sources_.architectures) == 60
        assert np.isfinite(anew.sources_.scores).all()

    def test_another_word_is_refused(self):
        with pytest.raises(InputError, match="drop is True, False or 'refit'; got 'sometimes'"):
            Guard(drop="sometimes").fit([SAME]).adapt(EVERYTHING[FEW], TRUTH[FEW])
