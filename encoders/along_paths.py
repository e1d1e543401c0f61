"""Values of operations, added up along the paths of graphs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..spaces import GraphBatch
from ..spaces.graphs import INPUT, OUTPUT

__all__ = ["along_paths", "by_label"]


def by_label(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """``(labels + 1,)`` from a value for each operation: nothing for input, output, and, at the end, padding."""
    return np.concatenate([[0.0, 0.0], np.asarray(values, dtype=np.float64), [0.0]])


def along_paths(graphs: GraphBatch, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The largest sum of values on a path from input to output; 0 if there is none.

    Args:
        graphs: ``n`` graphs of ``v`` nodes in topological order.
        values: ``(n, v)``, or ``(n, v, f)`` for several at once.

    Returns:
        ``(n,)``, or ``(n, f)``.
    """
    more = (...,) + (None,) * (values.ndim - 2)
    best = np.where((graphs.ops == INPUT)[more], np.zeros_like(values), -np.inf)
    for j in range(1, graphs.ops.shape[1]):  # topological: all that leads to j comes before it
        before = np.where(graphs.adjacency[:, :j, j][more], best[:, :j], -np.inf).max(axis=1)
        best[:, j] = np.where((graphs.ops[:, j] == INPUT)[more], 0.0, before + values[:, j])
    end: npt.NDArray[np.float64] = best[np.arange(len(best)), (graphs.ops == OUTPUT).argmax(axis=1)]
    return np.where(np.isfinite(end), end, 0.0)
