"""Evolution in which the oldest die."""

from __future__ import annotations

import numpy as np

from ..spaces import Architectures, concatenate
from .history import History
from .novelty import novel, random_novel
from .strategy import Strategy

__all__ = ["RegularizedEvolution"]

TRIES = 100  # rounds of mutation before a random architecture takes the place


class RegularizedEvolution(Strategy):
    """Regularised evolution (``real2019``), its population read off the history.

    The population is the last ``population`` evaluations that succeeded; while there are fewer, architectures are
    random. Then each proposal is a mutant of the best of ``tournament`` members drawn at random, no two of them the
    same, while the paper draws with replacement.

    Args:
        population: How many of the last evaluations are alive.
        tournament: How many of them compete to be the parent.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b") for i in range(6)})
    >>> history = History(space.from_genotypes([[0] * 6, [1] * 6]), np.array([0.0, 1.0]))
    >>> strategy = RegularizedEvolution(population=2, tournament=2)
    >>> int(strategy.propose(history, 1, np.random.default_rng(0)).genotypes.sum())  # one away from the better
    5
    """

    def __init__(self, *, population: int = 30, tournament: int = 10) -> None:
        self.population = population
        self.tournament = tournament

    def _propose(self, history: History, n: int, rng: np.random.Generator) -> Architectures:
        done = history.succeeded
        if len(done) < self.population:
            return random_novel(history, n, rng)
        alive, y = done.architectures[-self.population :], done.y[-self.population :]
        found = alive[:0]
        for _ in range(TRIES):
            entrants = np.stack([rng.permutation(len(y))[: self.tournament] for _ in range(n - len(found))])
            parents = entrants[np.arange(len(entrants)), y[entrants].argmax(axis=1)]
            children = history.space.mutate(alive[parents], rng)
            found = novel(concatenate([found, children]), history)
            if len(found) >= n:
                return found[:n]
        return novel(concatenate([found, random_novel(history, n, rng)]), history)[:n]
