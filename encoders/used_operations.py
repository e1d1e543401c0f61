"""Which operations nodes of a space's graphs carry once dead branches are gone; ``none`` of a cell is on no node."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..spaces import GraphBatch, SearchSpace
from ..spaces.graphs import OUTPUT

__all__ = ["pruned_samples", "used_operations"]

SAMPLE = 1024  # architectures that tell


def pruned_samples(space: SearchSpace) -> list[GraphBatch]:
    """Graphs of a fixed sample of a space, as written and in canonical form, in topological order."""
    sample = space.sample(SAMPLE, np.random.default_rng(0))
    return [some.graphs().pruned().topological() for some in (sample, sample.canonical())]


def used_operations(samples: Sequence[GraphBatch]) -> npt.NDArray[np.int64]:
    """The labels of the operations on nodes of these graphs, in order.

    >>> from augury.spaces import NASBench201Space
    >>> space = NASBench201Space()
    >>> [space.labels[label] for label in used_operations(pruned_samples(space))]
    ['skip_connect', 'nor_conv_1x1', 'nor_conv_3x3', 'avg_pool_3x3']
    """
    used: npt.NDArray[np.int64] = np.unique(np.concatenate([batch.ops.ravel() for batch in samples]))
    return used[used > OUTPUT]
