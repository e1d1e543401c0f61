"""What a network gives for architectures, one row each."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch

from ..encoders.tensors import GraphTensors, graph_tensors
from ..encoders.threads import single_threaded
from ..spaces import Architectures
from .chunks import in_chunks

__all__ = ["network_rows"]


def network_rows(
    forward: Callable[[GraphTensors], torch.Tensor], architectures: Architectures
) -> npt.NDArray[np.float32]:
    """``(n, w)``: the rows that a network gives, without gradients, whichever others are asked for.

    Args:
        forward: Takes 512 graphs to ``(512, w)`` float32 numbers, one row a graph.
        architectures: ``n >= 1`` of them.

    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({"first": ("a", "b"), "second": ("a", "b")}).enumerate()
    >>> network_rows(lambda graphs: graphs.x.sum(dim=2), architectures).shape[0]
    4
    """

    def rows(some: Architectures) -> npt.NDArray[np.float32]:
        found: npt.NDArray[np.float32] = forward(graph_tensors(some)).numpy()
        return found

    with single_threaded(), torch.no_grad():
        return in_chunks(rows, architectures)
