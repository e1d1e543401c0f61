import numpy as np

from augury.search import History, RegularizedEvolution
from augury.spaces import ChoiceSpace

SPACE = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(5)})


def test_the_oldest_are_dead():
    # the best is the oldest; with a population of two, children are of the other two
    architectures = SPACE.from_genotypes([[0] * 5, [1] * 5, [2] * 5])
    history = History(architectures, np.array([9.0, 1.0, 2.0]))
    strategy = RegularizedEvolution(population=2, tournament=2)
    for seed in range(10):
        child = strategy.propose(history, 1, np.random.default_rng(seed)).genotypes[0]
        assert (child != 2).sum() == 1  # the better of the two living


def test_a_tournament_of_one_takes_any_parent():
    architectures = SPACE.from_genotypes([[1] * 5, [2] * 5])
    history = History(architectures, np.array([1.0, 2.0]))
    strategy = RegularizedEvolution(population=2, tournament=1)
    children = [strategy.propose(history, 1, np.random.default_rng(seed)).genotypes[0] for seed in range(20)]
    parents = {int(np.bincount(child).argmax()) for child in children}
    assert parents == {1, 2}


def test_failures_are_no_parents():
    architectures = SPACE.from_genotypes([[0] * 5, [1] * 5, [2] * 5])
    history = History(architectures, np.array([1.0, 2.0, np.nan]))
    child = RegularizedEvolution(population=2, tournament=2).propose(history, 1, np.random.default_rng(0)).genotypes[0]
    assert (child != 1).sum() == 1
