"""Local search: climb by the neighbours, start anew at the top."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from ..spaces import Architectures, concatenate
from .history import History
from .novelty import novel, random_novel
from .strategy import Strategy

__all__ = ["LocalSearch"]


class LocalSearch(Strategy):
    """Hill climbing (``white2021local``) that moves on as soon as a neighbour is better, read off the history.

    It begins at the best of ``initial`` random architectures and evaluates neighbours of the present one in random
    order; a better one takes its place. When no neighbour is left to evaluate, it begins again at a random one.

    Args:
        initial: How many random architectures come first.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b") for i in range(6)})
    >>> history = History(space.from_genotypes([[0] * 6, [1] * 6]), np.array([0.0, 1.0]))
    >>> strategy = LocalSearch(initial=2)
    >>> strategy.propose(history, 9, np.random.default_rng(0)).genotypes[:6].sum(axis=1).tolist()
    [5, 5, 5, 5, 5, 5]
    """

    _least: ClassVar[Mapping[str, int]] = {"initial": 1}

    def __init__(self, *, initial: int = 10) -> None:
        self.initial = initial

    def _propose(self, history: History, n: int, rng: np.random.Generator) -> Architectures:
        if len(history.succeeded) < self.initial:
            return random_novel(history, n, rng)
        near = novel(history.space.neighbours(history.architectures[self._present(history)]), history)
        near = near[rng.permutation(len(near))[:n]]
        if len(near) == n:
            return near
        return novel(concatenate([near, random_novel(history, n, rng)]), history)[:n]

    def _present(self, history: History) -> int:
        """The index of the architecture that the climb has reached, by following the history from its start."""
        y = np.where(np.isfinite(history.y), history.y, -np.inf)
        begin = int(np.flatnonzero(np.isfinite(history.y))[self.initial - 1]) + 1
        present = int(y[:begin].argmax())
        keys = history.architectures.canonical().keys().tolist()
        first = {key: index for index, key in reversed(list(enumerate(keys)))}  # evaluation of each form
        exhausted = _exhausted(history, present, first)
        for index in range(begin, len(y)):
            if y[index] > y[present] or (exhausted < index and np.isfinite(y[index])):
                present = index
                exhausted = _exhausted(history, present, first)
        return present


def _exhausted(history: History, present: int, first: Mapping[bytes, int]) -> int:
    """The evaluation after which no neighbour that may be evaluated was left; past the last if one still is."""
    near = history.space.neighbours(history.architectures[present])
    if history.candidates is not None:
        near = near[near.isin(history.candidates)]
    return max((first.get(key, len(history)) for key in near.canonical().keys().tolist()), default=-1)
