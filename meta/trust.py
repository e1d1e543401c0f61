"""How far what sources agree on may be trusted on another task."""

from __future__ import annotations

import numpy as np

from .source_model import SourceModel
from .source_network import SCALE
from .sources import Sources

__all__ = ["trust_in_consensus"]

UNTESTED = 0.5  # in a single source
FEWEST = 10  # evaluations of a source that can tell


def trust_in_consensus(model: SourceModel, sources: Sources) -> float:
    """By how much a task's normal scores rise where the consensus of others rises by its standard deviation.

    It is found by leaving out one source after the other, and lies between 0, where sources have nothing in common, and
    1. A single source cannot tell, and gets one half.

    Args:
        model: Fitted to the sources.
        sources: Which.
    """
    slopes = []
    tasks = range(sources.scores.shape[1])
    for task in tasks if len(tasks) > 1 else ():
        known = np.flatnonzero(np.isfinite(sources.scores[:, task]))
        rows = known[np.random.default_rng(task).permutation(len(known))[:SCALE]]
        predictions, _ = model.transform(sources.architectures[rows])
        others = np.delete(predictions, task, axis=1).mean(axis=1)
        variance = others.var()
        if len(rows) >= FEWEST and variance > 1e-9:
            # the slope on a consensus whose standard deviation is 1
            slopes.append(np.cov(others, sources.scores[rows, task], bias=True)[0, 1] / variance**0.5)
    return float(np.clip(np.mean(slopes), 0.0, 1.0)) if slopes else UNTESTED
