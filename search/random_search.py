"""Random search: the strategy to beat."""

from __future__ import annotations

import numpy as np

from ..spaces import Architectures
from .history import History
from .novelty import random_novel
from .strategy import Strategy

__all__ = ["RandomSearch"]


class RandomSearch(Strategy):
    """Architectures drawn at random, none of a canonical form twice (``li2020random``).

    >>> from augury.spaces import ChoiceSpace
    >>> history = History.empty(ChoiceSpace({"first": ("a", "b"), "second": ("a", "b")}))
    >>> len(RandomSearch().propose(history, 3, np.random.default_rng(0)))
    3
    """

    def _propose(self, history: History, n: int, rng: np.random.Generator) -> Architectures:
        return random_novel(history, n, rng)
