import numpy as np
import pytest

import augury
from augury import Metric, Task
from augury.predictors import Predictor, RandomForest, normal_scores
from augury.search import Bayesian, History, simulate, transfer_acquisition
from augury.spaces import ChoiceSpace, InputError, UnknownNameError, concatenate

SPACE = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(5)})
EVERYTHING = SPACE.enumerate()


def value(architectures):
    return architectures.genotypes @ np.array([5.0, 3.0, 2.0, 1.0, 0.5])


class Oracle(Predictor):
    """Knows the truth; equally sure everywhere."""

    def __init__(self, *, std=1.0, target="standard"):
        super().__init__(target=target)
        self.std = std

    def _fit(self, architectures, z):
        self.seen_ = len(z)

    def _predict(self, architectures):
        return value(architectures), np.full(len(architectures), self.std)

    def _state(self):
        return {}

    def _restore(self, arrays):
        pass


def history(n, **more):
    some = EVERYTHING[np.random.default_rng(0).permutation(len(EVERYTHING) - 1)[:n]]  # never the best
    return History(some, value(some), **more)


def test_the_most_promising_of_the_pool_is_chosen():
    proposed = Bayesian(predictor=Oracle()).propose(history(12), 3, np.random.default_rng(0))
    left = EVERYTHING[~np.isin(EVERYTHING.keys(), history(12).architectures.keys())]
    best = np.sort(value(left))[::-1][:3]
    np.testing.assert_allclose(value(proposed), best)


def test_pending_evaluations_count_as_begun():
    waiting = EVERYTHING[-3:]
    known = history(7, pending=waiting)
    proposed = Bayesian(predictor=Oracle(), initial=10).propose(known, 1, np.random.default_rng(0))
    left = EVERYTHING[~np.isin(EVERYTHING.keys(), known.seen.keys())]
    assert value(proposed)[0] == value(left).max()


def test_the_first_are_random_when_cold():
    firsts = {str(Bayesian().propose(history(2), 1, np.random.default_rng(seed))[0]) for seed in range(8)}
    assert len(firsts) > 4


@pytest.fixture(scope="module")
def meta():
    noisy = value(EVERYTHING) + np.random.default_rng(0).normal(size=len(EVERYTHING))
    source = Task("source", EVERYTHING, {"accuracy": Metric(noisy, "maximize")}, objective="accuracy")
    return augury.meta.make("transfer-gp", members=1, hidden=16, layers=2, steps=200, batch=128).fit([source])


def test_a_meta_learner_designs_the_first_and_finds_the_best_sooner(meta):
    target = Task("target", EVERYTHING, {"accuracy": Metric(3 * value(EVERYTHING), "maximize")}, objective="accuracy")
    warm = simulate(Bayesian(meta=meta, initial=3, pool=300), target, 15, seed=0)
    assert warm.architectures[:3] == meta.initial_design(3)
    cold = simulate(Bayesian(pool=300), target, 15, seed=0)
    assert warm.best_so_far()[5] > cold.best_so_far()[5]
    assert warm.best_so_far()[-1] >= np.sort(target.y)[-3]


def test_a_meta_learner_may_begin_with_nothing(meta):
    proposed = Bayesian(meta=meta, initial=0).propose(History.empty(SPACE), 2, np.random.default_rng(0))
    assert (value(proposed) > np.quantile(value(EVERYTHING), 0.9)).all()


def test_one_random_evaluation_follows_the_first_or_the_design(meta):
    rng, highest = np.random.default_rng, np.quantile(value(EVERYTHING), 0.9)
    seconds = [Bayesian(meta=meta).propose(history(1), 1, rng(seed)) for seed in range(8)]
    assert min(value(second)[0] for second in seconds) < np.median(value(EVERYTHING))
    assert Bayesian(meta=meta).propose(history(2), 1, rng(0)) == Bayesian(meta=meta, probes=0).propose(
        history(2), 1, rng(0)
    )
    for seed in range(3):
        assert (value(Bayesian(meta=meta, probes=0).propose(history(1), 1, rng(seed))) > highest).all()
    batches = [Bayesian(meta=meta, probes=2).propose(History.empty(SPACE), 4, rng(seed)) for seed in range(8)]
    told = np.stack([value(batch) > highest for batch in batches])
    assert told[:, 0].all()
    assert not told[:, 1:3].all(axis=0).any()
    designed = Bayesian(meta=meta, initial=3).propose(History.empty(SPACE), 4, rng(0))
    assert designed[:3] == meta.initial_design(3)
    assert designed[3:] == Bayesian(meta=meta, initial=3).propose(History.empty(SPACE), 5, rng(0))[3:4]


def test_what_the_sources_praise_least_follows_where_a_random_one_is_better(meta):
    lowest, highest = np.quantile(value(EVERYTHING), (0.02, 0.9))
    for flipped in (False, True):
        for initial, praised in ((0, EVERYTHING[-1:]), (3, meta.initial_design(3))):
            some = concatenate([praised, EVERYTHING[9:10]])
            known = History(some, value(some) * (-1 if flipped else 1))
            chosen = Bayesian(meta=meta, initial=initial).propose(known, 2, np.random.default_rng(0))
            assert value(chosen)[0] <= lowest if flipped else value(chosen)[0] > highest
    for y in ([0.0, np.nan], [0.0, 0.0]):
        unclear = History(EVERYTHING[[-1, 9]], np.array(y))
        assert value(Bayesian(meta=meta).propose(unclear, 1, np.random.default_rng(0)))[0] > highest


class Worst(Oracle):
    """Thinks that the worst is best."""

    def _predict(self, architectures):
        mean, std = super()._predict(architectures)
        return -mean, std


def test_a_search_asks_the_surrogate_of_a_meta_learner(meta, monkeypatch):
    monkeypatch.setattr(meta, "surrogate", lambda architectures, scores: Worst().fit(architectures, scores))
    proposed = Bayesian(meta=meta).propose(history(6), 1, np.random.default_rng(0))
    assert value(proposed)[0] < np.quantile(value(EVERYTHING), 0.1)


def test_sources_that_have_nothing_in_common_leave_the_search_as_it_would_be_without():
    rng = np.random.default_rng(0)
    tasks = [
        Task(
            f"source {i}",
            EVERYTHING,
            {"accuracy": Metric(rng.normal(size=len(EVERYTHING)), "maximize")},
            objective="accuracy",
        )
        for i in range(3)
    ]
    useless = augury.meta.make("transfer-blend", members=1, hidden=16, layers=2, steps=50).fit(tasks)
    assert not useless.sources_agree
    target = Task("target", EVERYTHING, {"accuracy": Metric(value(EVERYTHING), "maximize")}, objective="accuracy")
    cold = simulate(Bayesian(pool=300), target, 12, seed=0)
    assert simulate(Bayesian(meta=useless, pool=300), target, 12, seed=0).architectures == cold.architectures


def test_after_a_while_every_second_proposal_is_made_without_the_sources(meta):
    strategy = Bayesian(meta=meta, predictor=Worst(), cold_after=8)
    middle = np.median(value(EVERYTHING))
    for begun, warm in [(6, True), (7, True), (8, False), (9, True), (10, False)]:
        for known in (history(begun), history(begun - 1, pending=EVERYTHING[:1])):
            assert (value(strategy.propose(known, 1, np.random.default_rng(0)))[0] > middle) == warm, begun
    values = value(strategy.propose(history(7), 4, np.random.default_rng(0)))
    assert (values > middle).tolist() == [True, False, True, False]
    never = Bayesian(meta=meta, predictor=Worst(), cold_after=None)
    assert value(never.propose(history(8), 1, np.random.default_rng(0)))[0] > middle


def test_a_batch_takes_all_that_is_left_where_the_pool_is_small():
    space = ChoiceSpace({f"layer{i}": ("a", "b") for i in range(5)})
    some = space.enumerate()[:20]
    strategy = Bayesian(predictor=RandomForest(trees=5), pool=1, elite=0)
    for seed in range(5):
        proposed = strategy.propose(History(some, np.arange(20.0)), 50, np.random.default_rng(seed))
        assert len(proposed) == len(set(proposed.keys())) == 12


@pytest.fixture(scope="module", params=["two-stage", "rgpe"])
def ensemble(request):
    opposed = [
        Task(name, EVERYTHING, {"a": Metric(s * value(EVERYTHING), "maximize")}, "a")
        for name, s in (("up", 1), ("down", -1))
    ]
    return augury.meta.make(request.param, points=60).fit(opposed)


def test_the_transfer_acquisition_asks_each_sources_model(ensemble):
    known = history(8)
    left = EVERYTHING[~np.isin(EVERYTHING.keys(), known.architectures.keys())]
    surrogate = ensemble.adapt(known.architectures, normal_scores(known.y))
    members, before = surrogate.members(left), surrogate.members(known.architectures)
    best = np.append(before.means[:, :2].max(axis=0), normal_scores(known.y).max())
    expected = transfer_acquisition(members.means, members.std, members.weights, best)
    strategy = Bayesian(meta=ensemble, pool=2000, acquisition="transfer")
    chosen = strategy.propose(history(8, candidates=EVERYTHING), 1, np.random.default_rng(0))
    at = np.flatnonzero(left.keys() == chosen.keys()[0])[0]
    np.testing.assert_allclose(expected[at], expected.max())


def test_a_search_with_the_transfer_acquisition_finds_the_best(ensemble):
    target = Task("target", EVERYTHING, {"accuracy": Metric(3 * value(EVERYTHING), "maximize")}, objective="accuracy")
    found = simulate(Bayesian(meta=ensemble, pool=300, acquisition="transfer"), target, 12, seed=0)
    assert found.best_so_far()[-1] >= np.sort(target.y)[-3]


def test_the_transfer_acquisition_needs_a_model_for_each_source(meta):
    for strategy in (Bayesian(acquisition="transfer"), Bayesian(meta=meta, acquisition="transfer")):
        with pytest.raises(InputError, match="a model for each source"):
            strategy.propose(history(12), 1, np.random.default_rng(0))
        with pytest.raises(InputError, match="a model for each source"):
            strategy.check(history(0))
    with pytest.raises(UnknownNameError, match="transfer"):
        Bayesian(acquisition="tranfser").propose(history(12), 1, np.random.default_rng(0))


def test_arguments_are_tried_on_candidates(monkeypatch):
    tried = []
    monkeypatch.setattr(Bayesian, "_surrogate", lambda self, meta, some, y: tried.append(some))
    for some in (EVERYTHING[5:9], EVERYTHING[5:6]):
        Bayesian().check(History.empty(SPACE, candidates=some))
    assert [len(some) for some in tried] == [3, 1]
    assert all(some.isin(EVERYTHING[5:9]).all() for some in tried)
