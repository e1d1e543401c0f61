"""Sizes of nodes, such as widths, summed by operation."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..spaces import GraphBatch, SearchSpace

__all__ = ["empty_graphs", "size_names", "size_sums"]


def empty_graphs(space: SearchSpace) -> GraphBatch:
    """No graph at all, which still tells how many nodes a graph of the space has room for, and their sizes' names."""
    return space.graphs(space.from_genotypes([]))


def size_names(space: SearchSpace) -> list[str]:
    """The names of `size_sums`; none where nodes have no sizes.

    >>> from augury.spaces import ChoiceSpace
    >>> size_names(ChoiceSpace({"layer": ("conv", "pool"), "width": (16, 32)}))
    ['sum of size over conv', 'sum of size over pool', 'sum of size over width']
    """
    return [f"sum of {size} over {name}" for size in empty_graphs(space).attribute_names for name in space.operations]


def size_sums(graphs: GraphBatch) -> npt.NDArray[np.float32]:
    """``(n, f · operations)``: for each size, its sum over the nodes of each operation."""
    holds = (graphs.ops[:, :, None] == np.arange(2, len(graphs.labels))).astype(np.float32)  # (n, v, operations)
    sums: npt.NDArray[np.float32] = np.einsum("bvo,bvf->bfo", holds, graphs.attributes)
    return sums.reshape(len(graphs), sums.shape[1] * sums.shape[2])
