"""Episodes for meta-training: a source task, a few of its evaluations, and others to predict from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from .sources import Sources

__all__ = ["Episode", "Episodes"]


@dataclass(frozen=True)
class Episode:
    """What a meta-learner sees of one source task at a time.

    Attributes:
        task: The source's column.
        support: ``(k,)`` rows of the sources' architectures; ``k`` may be 0.
        support_y: ``(k,)`` float32 normal scores.
        query: ``(q,)`` other rows, at least one.
        query_y: ``(q,)`` float32 normal scores.
    """

    task: int
    support: Tensor
    support_y: Tensor
    query: Tensor
    query_y: Tensor


class Episodes:
    """Draws episodes from the sources, each source as often as any other.

    Args:
        sources: What the sources say.
        support: The most rows of a support. Its size is drawn log-uniformly, so that small ones, and none, come often.
        query: The most rows of a query set; fewer only if a source has no more.
        seed: Of all draws.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"first": ("a", "b", "c"), "second": ("a", "b")})
    >>> sources = Sources(("one",), space.enumerate(), np.arange(6, dtype=np.float32)[:, None])
    >>> episode = Episodes(sources, support=3, query=2, seed=0).draw()
    >>> len(episode.support) <= 3, len(episode.query)
    (True, 2)
    """

    def __init__(self, sources: Sources, *, support: int, query: int, seed: int) -> None:
        self.support = support
        self.query = query
        self.rng = np.random.default_rng(seed)
        self._scores = sources.scores
        self._known = [np.flatnonzero(np.isfinite(column)) for column in sources.scores.T]

    def draw(self) -> Episode:
        """One episode."""
        task = self.task()
        known = len(self._known[task])
        k = min(int(np.exp(self.rng.uniform(0, np.log(self.support + 2)))) - 1, known - 1)
        rows, y = self.rows(task, k + min(self.query, known - k))
        return Episode(task, rows[:k], y[:k], rows[k:], y[k:])

    def task(self) -> int:
        """A source at random."""
        return int(self.rng.integers(len(self._known)))

    def rows(self, task: int, n: int) -> tuple[Tensor, Tensor]:
        """``n`` distinct rows that a source knows, or all if it knows fewer, with its scores."""
        known = self._known[task]
        chosen: npt.NDArray[np.int64] = self.rng.choice(known, size=min(n, len(known)), replace=False, shuffle=True)
        return torch.from_numpy(chosen), torch.from_numpy(self._scores[chosen, task])
