"""Networks over any number of architectures, so many graphs at a time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch

from ..encoders.tensors import GraphTensors, graph_tensors
from ..predictors.threads import single_threaded
from ..spaces import Architectures

__all__ = ["in_chunks"]

CHUNK = 512  # graphs at once, never fewer: how sums are rounded depends on the size of a batch


def in_chunks(architectures: Architectures, forward: Callable[[GraphTensors], torch.Tensor]) -> npt.NDArray[np.float32]:
    """What a network gives for each architecture, whichever others are asked for; without gradients.

    Args:
        architectures: ``n`` of them.
        forward: Takes 512 graphs to ``(512, w)`` numbers, one row a graph.

    Returns:
        ``(n, w)``.
    """
    n = len(architectures)
    graphs = graph_tensors(architectures[np.minimum(np.arange(max(-(-n // CHUNK), 1) * CHUNK), max(n - 1, 0))])
    with single_threaded(), torch.no_grad():
        parts = [forward(graphs[start : start + CHUNK]) for start in range(0, len(graphs), CHUNK)]
    return torch.cat(parts).numpy()[:n]
