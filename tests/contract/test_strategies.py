import numpy as np
import pytest
from sklearn.base import clone

import augury
from augury.search import History
from augury.spaces import InputError

from .components import SPACES, STRATEGIES

SLOW = {"optuna-gp"}  # half a second a proposal


def listed(names):
    return [pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in names]


def make(name, **changes):
    return augury.search.make(name, **(STRATEGIES[name][0] | changes))


def value(architectures):
    return (architectures.genotypes * np.arange(1, architectures.shape[1] + 1)).sum(axis=1).astype(float)


def evaluated(space, n, **more):
    architectures = space.sample(4 * n, np.random.default_rng(3))
    architectures = architectures[architectures.distinct()[:n]]
    return History(architectures, value(architectures), **more)


def run(strategy, space, budget, **more):
    history = History.empty(space, **more)
    while len(history) < budget:
        proposed = strategy.propose(history, 1, np.random.default_rng([0, len(history)]))
        if not len(proposed):
            break
        history = history.extended(proposed, value(proposed))
    return history


def test_every_strategy_is_listed():
    assert set(STRATEGIES) == set(augury.search.available())


@pytest.mark.parametrize("name", listed(STRATEGIES))
class TestStrategy:
    @pytest.mark.parametrize("space", SPACES)
    def test_proposals_are_new_and_distinct(self, name, space):
        history = evaluated(SPACES[space], 10)
        history = History(history.architectures, history.y, pending=SPACES[space].sample(2, np.random.default_rng(8)))
        proposed = make(name).propose(history, 4, np.random.default_rng(0))
        assert len(proposed) == 4
        keys = proposed.canonical().keys()
        assert len(set(keys)) == 4
        assert not np.isin(keys, history.seen.canonical().keys()).any()

    def test_the_same_history_and_seed_give_the_same_proposals(self, name):
        history = evaluated(SPACES["edge-cell"], 10)
        strategy = make(name)
        first = strategy.propose(history, 3, np.random.default_rng(5))
        strategy.propose(evaluated(SPACES["edge-cell"], 20), 3, np.random.default_rng(6))  # leaves no trace
        assert strategy.propose(history, 3, np.random.default_rng(5)) == first
        assert clone(strategy).propose(history, 3, np.random.default_rng(5)) == first

    def test_only_candidates_are_proposed_until_none_is_left(self, name):
        space = SPACES["nas-bench-201"]
        candidates = space.sample(15, np.random.default_rng(2))
        history = run(make(name), space, 100, candidates=candidates)
        assert set(history.architectures.canonical().keys()) == set(candidates.canonical().keys())

    def test_a_seed_is_no_generator(self, name):
        with pytest.raises(InputError, match=r"rng is a generator, .*got rng=3"):
            make(name).propose(evaluated(SPACES["edge-cell"], 4), 1, 3)

    def test_a_small_space_is_exhausted(self, name):
        space = augury.spaces.ChoiceSpace({"first": ("a", "b", "c"), "second": ("a", "b")})
        assert len(run(make(name), space, 100)) == 6

    def test_asked_for_more_than_there_are_it_gives_what_is_left(self, name):
        space = augury.spaces.ChoiceSpace({"first": ("a", "b", "c"), "second": ("a", "b")})
        for seed in range(5):
            proposed = make(name).propose(evaluated(space, 1), 50, np.random.default_rng(seed))
            assert len(proposed) == len(set(proposed.canonical().keys())) == 5

    def test_failures_are_survived(self, name):
        history = evaluated(SPACES["choice"], 8)
        for failed in (np.arange(8) % 2 == 0, np.ones(8, dtype=bool)):
            part = History(history.architectures, np.where(failed, np.nan, history.y))
            assert len(make(name).propose(part, 2, np.random.default_rng(0))) == 2

    def test_equal_values_are_survived(self, name):
        history = evaluated(SPACES["choice"], 8)
        flat = History(history.architectures, np.zeros(8))
        assert len(make(name).propose(flat, 2, np.random.default_rng(0))) == 2

    @pytest.mark.slow
    def test_each_argument_changes_something(self, name):
        history = evaluated(SPACES["nas-bench-201"], 20)
        usual = make(name).propose(history, 6, np.random.default_rng(0))
        changes = STRATEGIES[name][1]
        assert set(changes) == set(make(name).get_params()) - {
            "meta",
            "probes",
            "cold_after",
            "acquisition",
        }  # tests/search/test_bayesian.py
        for argument, other in changes.items():
            changed = make(name, **{argument: other}).propose(history, 6, np.random.default_rng(0))
            assert changed != usual, argument

    def test_no_proposals_are_not_asked_for(self, name):
        with pytest.raises(InputError, match="at least one"):
            make(name).propose(evaluated(SPACES["choice"], 3), 0, np.random.default_rng(0))


@pytest.mark.parametrize("name", listed(sorted(set(STRATEGIES) - {"random"})))
def test_beats_random_search(name):
    space = SPACES["nas-bench-201"]
    found = run(make(name), space, 60).best_so_far()[-1]
    by_chance = [run(make("random"), space, 60).best_so_far()[-1]]
    assert found > np.mean(by_chance)
