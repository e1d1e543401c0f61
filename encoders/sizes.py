"""Sizes of nodes, such as widths, and where they lie among those of the space."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..spaces import GraphBatch, SearchSpace

__all__ = ["empty_graphs", "size_names", "size_ranks", "size_sums"]

SAMPLE = 2048  # architectures that tell, beside one with each choice of each position, which sizes there are
MOST = 8

Known = dict[tuple[int, int], npt.NDArray[np.float32]]

_recent: list[tuple[SearchSpace, Known]] = []  # of the last spaces asked for, which need not be hashable


def empty_graphs(space: SearchSpace) -> GraphBatch:
    """No graph at all, which still tells how many nodes a graph of the space has room for, and their sizes' names."""
    return space.graphs(space.from_genotypes([]))


def size_names(space: SearchSpace) -> list[str]:
    """The names of `size_sums`; none where nodes have no sizes.

    >>> from augury.spaces import ChoiceSpace
    >>> size_names(ChoiceSpace({"layer": ("conv", "pool"), "width": (16, 32)}))[2:]
    ['sum of size over width', 'size rank over conv', 'size rank over pool', 'size rank over width']
    """
    sizes = empty_graphs(space).attribute_names
    said = [*(f"sum of {size}" for size in sizes), *(f"{size} rank" for size in sizes)]
    return [f"{what} over {name}" for what in said for name in space.operations]


def size_sums(graphs: GraphBatch, space: SearchSpace) -> npt.NDArray[np.float32]:
    """``(n, 2f · operations)``: for each size, its sum over the nodes of each operation; then those of `size_ranks`."""
    holds = (graphs.ops[:, :, None] == np.arange(2, len(graphs.labels))).astype(np.float32)  # (n, v, operations)
    both = np.concatenate([graphs.attributes, size_ranks(graphs, space)], axis=2)
    sums: npt.NDArray[np.float32] = np.einsum("bvo,bvf->bfo", holds, both)
    return sums.reshape(len(graphs), sums.shape[1] * sums.shape[2])


def size_ranks(graphs: GraphBatch, space: SearchSpace) -> npt.NDArray[np.float32]:
    """``(n, v, f)``: the rank of each node's size among those of its operation in the space, from −1 to 1.

    It has no unit: learning rates of .001 and .1 are as far apart as widths of 16 and 64. Of an operation that has
    a single size it is 0.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"layer": ("conv", "pool"), "rate": (0.001, 0.01, 0.1), "width": (16, 64)})
    >>> size_ranks(space.parse("layer=conv, rate=0.01, width=64").graphs(), space)[0, :, 0].tolist()
    [0.0, 0.0, 0.0, 1.0, 0.0]
    """
    ranks = np.zeros_like(graphs.attributes)
    if graphs.attribute_names:
        for (label, size), known in _known(space).items():
            nodes = graphs.ops == label
            ranks[nodes, size] = np.interp(graphs.attributes[nodes, size], known, np.linspace(-1, 1, len(known)))
    return ranks


def _known(space: SearchSpace) -> Known:
    """Label and size → the different numbers that there are, in order, where there is more than one."""
    global _recent
    found = next((known for of, known in _recent if of is space or of == space), None)
    if found is None:
        found = _found(space)
    _recent = [(space, found), *(pair for pair in _recent if pair[1] is not found)][:MOST]
    return found


def _found(space: SearchSpace) -> Known:
    cardinalities = np.asarray(space.cardinalities)
    each = np.arange(cardinalities.max())[:, None] % cardinalities  # every choice of every position
    rows = [each[space.valid(each)], space.sample(SAMPLE, np.random.default_rng(0)).genotypes]
    graphs = space.from_genotypes(np.concatenate(rows)).graphs()
    found = {
        (label, size): np.unique(graphs.attributes[graphs.ops == label, size])
        for label in range(len(graphs.labels))
        for size in range(len(graphs.attribute_names))
    }
    return {place: known for place, known in found.items() if len(known) > 1}
