"""One order of a graph's nodes that does not depend on how they were numbered."""

from __future__ import annotations

import numpy as np

from ..spaces import GraphBatch
from ..spaces.fingerprint import colours
from ..spaces.graphs import INPUT, OUTPUT, PADDING

__all__ = ["ordered"]

FACTOR = 0x9E3779B97F4A7C1  # odd, so that labels and sizes are scattered


def ordered(graphs: GraphBatch) -> GraphBatch:
    """The graphs with the input first, the output last, and every edge leading to a later node.

    Inner nodes come by the length of the longest path that leads to them, then by operation, sizes and
    Weisfeiler-Lehman colour, which sees the sizes of others, then by the places of those that lead to them; nodes that
    are alike in all these, which are interchangeable in any but contrived graphs, keep their order. Padding stands
    between the inner nodes and the output, whose place is thus always the same.

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
    sizes = np.moveaxis(graphs.attributes + np.float32(0), 2, 0)  # (f, n, v), without -0
    labels = graphs.ops + 1
    for size in sizes:
        labels = labels * FACTOR + size.view(np.int32)  # modulo 2⁶⁴
    colour = colours(labels, graphs.adjacency.astype(np.int64), graphs.mask, v)[-1]
    keys = (colour, *sizes[::-1], graphs.ops, depth)
    order = np.lexsort(keys, axis=-1)
    for _ in range(v):  # each time, one more depth has its final places
        weight = 0.5 ** np.argsort(order, axis=1)
        leading = np.einsum("bi,bij->bj", weight, graphs.adjacency)
        before, order = order, np.lexsort((-leading, *keys), axis=-1)
        if np.array_equal(order, before):
            break
    return graphs.permuted(order)
