"""A few architectures of which one is good, whatever the task."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["greedy_portfolio"]


def greedy_portfolio(scores: npt.NDArray[np.floating], n: int) -> npt.NDArray[np.int64]:
    """The rows of a portfolio, in the order in which to evaluate them (``wistuba2015``, ``feurer2022``).

    Each further row is the one that raises the sum over tasks of the best score so far the most; where several do
    equally, or none does, the one with the largest sum of scores.

    Args:
        scores: ``(m, t)``: how good each architecture is on each task, larger is better.
        n: How many rows.

    Returns:
        ``(min(n, m),)`` indices.

    >>> greedy_portfolio(np.array([[2.0, 0.0], [0.0, 3.0], [1.6, 1.6]]), 2).tolist()
    [2, 1]
    """
    total = scores.sum(axis=1)
    best = np.full(scores.shape[1], -np.inf)
    chosen: list[int] = []
    left = np.ones(len(scores), dtype=bool)
    for _ in range(min(n, len(scores))):
        value = np.maximum(scores, best).sum(axis=1)
        value[~left] = -np.inf
        ties = np.flatnonzero(value >= value.max() - 1e-12)
        pick = int(ties[total[ties].argmax()])
        chosen.append(pick)
        left[pick] = False
        best = np.maximum(best, scores[pick])
    return np.asarray(chosen, dtype=np.int64)
