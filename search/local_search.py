"""Local search: climb by the neighbours, start anew at the top."""

from __future__ import annotations

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
        around = _around(history, present)
        keys = history.architectures.canonical().keys()
        for index in range(begin, len(y)):
            exhausted = np.isin(around, keys[:index]).all()
            if y[index] > y[present] or (exhausted and np.isfinite(y[index])):
                present = index
                around = _around(history, present)
        return present


def _around(history: History, index: int) -> np.ndarray:
    """The canonical keys of an architecture's neighbours that may be evaluated."""
    keys = history.space.neighbours(history.architectures[index]).canonical().keys()
    if history.candidates is not None:
        keys = keys[np.isin(keys, history.candidates.canonical().keys())]
    return keys
