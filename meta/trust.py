"""How far what sources agree on may be trusted on another task."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures
from .source_network import SCALE
from .sources import Sources

__all__ = ["LEAST_SLOPE", "trust_in_consensus", "with_no_evaluation"]

Array = npt.NDArray[np.float64]

UNTESTED = 0.5  # in a single source
FEWEST = 10  # evaluations of a source that can tell
LEAST_SLOPE = 0.05  # so that the order of the consensus is kept
LEAST_STD = 0.1


def trust_in_consensus(predict: Callable[[Architectures], Array], sources: Sources) -> float:
    """By how much a task's scores rise where the consensus of others rises by its standard deviation.

    It is found by leaving out one source after the other, and lies between 0, where sources have nothing in common, and
    1. A single source cannot tell, and gets one half.

    Args:
        predict: Architectures → ``(n, t)``, the predicted scores of each source.
        sources: Which.
    """
    slopes = []
    tasks = range(sources.scores.shape[1])
    for task in tasks if len(tasks) > 1 else ():
        known = np.flatnonzero(np.isfinite(sources.scores[:, task]))
        rows = known[np.random.default_rng(task).permutation(len(known))[:SCALE]]
        others = np.delete(predict(sources.architectures[rows]), task, axis=1).mean(axis=1)
        variance = others.var()
        if len(rows) >= FEWEST and variance > 1e-9:
            # the slope on a consensus whose standard deviation is 1
            slopes.append(np.cov(others, sources.scores[rows, task], bias=True)[0, 1] / variance**0.5)
    return float(np.clip(np.mean(slopes), 0.0, 1.0)) if slopes else UNTESTED


def with_no_evaluation(consensus: Array, trust: float, sources: int) -> tuple[Array, Array]:
    """Mean ``τ c`` and standard deviation ``√(1 − τ² (t − 1) ÷ t)`` of a new task's scores, of which none is known.

    Scores have a variance of 1, of which a line on the consensus explains ``τ²``, as far as the sources show. One more
    is taken to follow no other, so that a single source, which shows nothing, explains nothing for sure. The line
    always rises, so that the order of the consensus is kept.

    Args:
        consensus: ``(n,)``, of standard deviation 1.
        trust: ``τ``, as `trust_in_consensus` finds it.
        sources: ``t``, how many there are.

    >>> mean, std = with_no_evaluation(np.array([-1.0, 0.0, 2.0]), trust=0.8, sources=4)  # 1 - 0.64 * 3 / 4 = 0.52
    >>> mean.tolist(), std.round(3).tolist()
    ([-0.8, 0.0, 1.6], [0.721, 0.721, 0.721])
    """
    slope = max(trust, LEAST_SLOPE)
    left = 1.0 - slope**2 * (sources - 1) / sources
    return slope * consensus, np.full(len(consensus), max(left**0.5, LEAST_STD))
