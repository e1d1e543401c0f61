"""What a sampler of Optuna would try next."""

from __future__ import annotations

import warnings
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np
import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, IntDistribution
from optuna.exceptions import ExperimentalWarning
from optuna.trial import FrozenTrial, TrialState, create_trial

from ..spaces import Architectures, SearchSpace, concatenate
from ..spaces.number_ranks import number_ranks
from .history import History
from .novelty import novel, random_novel
from .quiet import quiet
from .strategy import Strategy

__all__ = ["OptunaSampling"]


class OptunaSampling(Strategy):
    """A strategy that asks a sampler of Optuna, which knows positions and no graphs, for a comparison.

    Positions whose choices are numbers are integers to it, by their rank; all others are categories. Where it proposes
    what is evaluated or under way already, which Optuna would evaluate again, a neighbour of that takes its place.

    >>> from augury.spaces import ChoiceSpace
    >>> class Quasi(OptunaSampling):
    ...     def _sampler(self, seed):
    ...         return optuna.samplers.QMCSampler(seed=seed, warn_asynchronous_seeding=False)
    >>> history = History.empty(ChoiceSpace({"depth": (1, 2, 3), "width": (16, 32)}))
    >>> len(Quasi().propose(history, 6, np.random.default_rng(0)))
    6
    """

    @abstractmethod
    def _sampler(self, seed: int) -> optuna.samplers.BaseSampler:
        """A new one."""

    def _check(self, history: History | None) -> None:
        """Whether Optuna makes the sampler."""
        with quiet(), warnings.catch_warnings():
            warnings.simplefilter("ignore", ExperimentalWarning)
            self._sampler(0)

    def _propose(self, history: History, n: int, rng: np.random.Generator) -> Architectures:
        with quiet(), warnings.catch_warnings():
            warnings.simplefilter("ignore", ExperimentalWarning)
            study = optuna.create_study(sampler=self._sampler(int(rng.integers(2**31))), direction="maximize")
        parameters = _Parameters(history.space)
        study.add_trials(parameters.trials(history))
        found = history.architectures[:0]
        for _ in range(n):
            proposed = parameters.architectures(study.ask(parameters.distributions).params)
            found = concatenate([found, _novel_near(proposed, found, history, rng)])
        return found


class _Parameters:
    """Positions of genotypes as Optuna's parameters, in which numbers have an order."""

    def __init__(self, space: SearchSpace) -> None:
        self.space = space
        self.distributions: dict[str, BaseDistribution] = {}
        self._ranks: list[list[int]] = []  # of each position's choices
        for i, choices in enumerate(space.positions().values()):
            ranks = number_ranks(choices)
            self._ranks.append(list(range(len(choices)) if ranks is None else ranks))
            size = len(choices)
            self.distributions[str(i)] = (
                CategoricalDistribution(range(size)) if ranks is None else IntDistribution(0, size - 1)
            )

    def trials(self, history: History) -> list[FrozenTrial]:
        """What is evaluated, and what is under way."""
        found = []
        for genotype, y in zip(history.architectures.genotypes.tolist(), history.y.tolist(), strict=True):
            failed = not np.isfinite(y)
            state, value = (TrialState.FAIL, None) if failed else (TrialState.COMPLETE, y)
            found.append(self._trial(genotype, state, value))
        return found + [self._trial(one, TrialState.RUNNING, None) for one in history.pending.genotypes.tolist()]

    def _trial(self, genotype: list[int], state: TrialState, value: float | None) -> FrozenTrial:
        values = {str(i): self._ranks[i][gene] for i, gene in enumerate(genotype)}
        return create_trial(params=values, distributions=self.distributions, state=state, value=value)

    def architectures(self, values: Mapping[str, Any]) -> Architectures:
        """The one that they stand for; none where it is not valid."""
        genotypes = np.array([[ranks.index(values[str(i)]) for i, ranks in enumerate(self._ranks)]])
        return self.space.from_genotypes(genotypes[self.space.valid(genotypes)])


def _novel_near(
    proposed: Architectures, found: Architectures, history: History, rng: np.random.Generator
) -> Architectures:
    """It, or a neighbour, or any other, whichever of them is the first that may be evaluated; none if nothing is."""

    def left(some: Architectures) -> Architectures:
        some = novel(some, history)
        return some[~some.isin(found)]

    if len(new := left(proposed)):
        return new
    near = left(history.space.neighbours(proposed[0])) if len(proposed) else proposed
    if len(near):
        return near[[int(rng.integers(len(near)))]]
    return left(random_novel(history, len(found) + 1, rng))[:1]
