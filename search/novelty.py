"""Which architectures may still be proposed."""

from __future__ import annotations

import numpy as np

from ..spaces import Architectures, concatenate
from .history import History

__all__ = ["novel", "random_novel"]

ROUNDS = 50  # draws of a batch before a space is taken for exhausted
MOST_LISTED = 2**17  # genotypes of a space that are gone through to see whether it is


def novel(proposals: Architectures, history: History) -> Architectures:
    """The proposals that may be evaluated: one of each canonical form, none seen, all among the candidates.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"first": ("a", "b", "c")})
    >>> history = History(space.from_genotypes([[0]]), np.array([1.0]))
    >>> novel(space.from_genotypes([[0], [2], [2], [1]]), history).genotypes.tolist()
    [[2], [1]]
    """
    allowed = ~proposals.isin(history.seen)
    if history.candidates is not None:
        allowed &= proposals.isin(history.candidates)
    left = proposals[allowed]
    return left[left.distinct()]


def random_novel(history: History, n: int, rng: np.random.Generator) -> Architectures:
    """Up to ``n`` random architectures that may be evaluated; fewer only when there are no more to be found."""
    if history.candidates is not None:
        shuffled = rng.permutation(len(history.candidates))
        some = novel(history.candidates[shuffled[: 4 * (n + len(history.seen))]], history)
        return some[:n] if len(some) >= n else novel(history.candidates[shuffled], history)[:n]
    found = history.architectures[:0]
    for _ in range(ROUNDS):
        drawn = history.space.sample(max(2 * (n - len(found)), 8), rng)
        found = novel(concatenate([found, drawn]), history)[:n]
        if len(found) == n:
            return found
    if history.space.size <= MOST_LISTED:
        left = novel(history.space.enumerate(), history)
        found = left[rng.permutation(len(left))[:n]]
    return found
