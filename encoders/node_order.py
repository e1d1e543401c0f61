"""One order of a graph's nodes that does not depend on how they were numbered."""

from __future__ import annotations

import numpy as np

from ..spaces import GraphBatch
from ..spaces.fingerprint import colours
from ..spaces.graphs import INPUT, OUTPUT, PADDING

__all__ = ["ordered"]


def ordered(graphs: GraphBatch) -> GraphBatch:
    """The graphs with the input first, the output last, and every edge leading to a later node.

    Inner nodes come by the length of the longest path that leads to them, then by operation, then by their
    Weisfeiler-Lehman colour; nodes that are alike in all three, which are interchangeable in any but contrived graphs,
    keep their order. Padding stands between the inner nodes and the output, whose place is thus always the same.

    >>> ops, adjacency = np.array([[0, 3, 2, 1]]), np.zeros((1, 4, 4), dtype=bool)
    >>> adjacency[0, [0, 0, 1, 2], [1, 2, 3, 3]] = True
    >>> ordered(GraphBatch(ops, adjacency, ("input", "output", "conv", "pool"))).ops.tolist()
    [[0, 2, 3, 1]]
    """
    v = graphs.ops.shape[1]
    depth = graphs.depths()
    depth[graphs.ops == INPUT] = -1
    depth[graphs.ops == PADDING] = v
    depth[graphs.ops == OUTPUT] = v + 1
    colour = colours(graphs.ops + 1, graphs.adjacency.astype(np.int64), graphs.mask, v)[-1]
    return graphs.permuted(np.lexsort((colour, graphs.ops, depth), axis=-1))
