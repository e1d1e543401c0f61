"""Which sequences of operations lead from input to output."""

from __future__ import annotations

from itertools import product
from typing import Self

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures, InputError, SearchSpace
from ..spaces.graphs import INPUT, OUTPUT, GraphBatch
from .encoder import Encoder
from .sizes import empty_graphs, size_names, size_sums
from .used_operations import pruned_samples, used_operations

__all__ = ["Path"]

MOST_COLUMNS = 5000
MOST_CELLS = 2**26  # bytes that hold the sequences of all nodes of a batch


class Path(Encoder):
    """The path encoding (``white2021bananas``), of graphs without dead branches.

    A column for each sequence of operations, shorter sequences first: 1 if a path from input to output meets exactly
    these operations in this order. A last column tells whether there is any path besides. Where nodes have sizes,
    `size_sums` follow.

    All sequences get a column if these are at most 5,000, otherwise the shorter ones do, as the paper's truncated
    encoding has it. Which operations and lengths there are is read off a fixed sample of the space, so that columns
    do not depend on the data. In a space whose paths are all longer than ``length``, such as a long chain of
    decisions, this encoder sees next to nothing.

    Args:
        length: The most operations on a path that gets a column; None for as many as 5,000 columns hold.
        canonical: Encode the canonical form.

    Raises:
        InputError: ``length`` is negative, or needs more than 5,000 columns; raised by ``fit``.

    >>> from augury.spaces import EdgeCellSpace
    >>> space = EdgeCellSpace(operations=("none", "conv", "pool"), nodes=3)
    >>> cell = space.parse("|conv~0|+|pool~0|conv~1|")
    >>> encoder = Path().fit(cell)
    >>> encoder.get_feature_names_out().tolist()[:5]
    ['path[]', 'path[conv]', 'path[pool]', 'path[conv→conv]', 'path[conv→pool]']
    >>> [name for name, value in zip(encoder.get_feature_names_out(), encoder.transform(cell)[0]) if value]
    ['path[pool]', 'path[conv→conv]']
    """

    def __init__(self, *, length: int | None = None, canonical: bool = True) -> None:
        super().__init__(canonical=canonical)
        self.length = length

    def _fit_space(self, space: SearchSpace) -> Self:
        samples = pruned_samples(space)
        self._used = used_operations(samples)
        longest = max(0, *(int(batch.depths().max(initial=0)) - 1 for batch in samples))  # the output is no operation
        fits = max(length for length in range(longest + 1) if _columns(len(self._used), length) <= MOST_COLUMNS)
        wanted = fits if self.length is None else min(self.length, longest)
        if not 0 <= wanted <= fits:
            raise InputError(
                f"length={self.length!r} is not possible: {MOST_COLUMNS:,} columns hold the paths of up to {fits} of "
                f"the {len(self._used)} operations of {space}; choose 0 to {fits}, or None."
            )
        self._length = wanted
        self.counted_ = _columns(len(self._used), wanted) + 1
        return super()._fit_space(space)

    def _feature_names(self, space: SearchSpace) -> list[str]:
        names = [space.labels[code] for code in self._used]
        paths = [path for size in range(self._length + 1) for path in product(names, repeat=size)]
        return [*(f"path[{'→'.join(path)}]" for path in paths), "another path", *size_names(space)]

    def _encode(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        columns = _columns(len(self._used), self._length)
        nodes = empty_graphs(architectures.space).ops.shape[1]
        chunk = max(1, MOST_CELLS // ((columns + 1) * nodes))
        parts = []
        for start in range(0, max(len(architectures), 1), chunk):
            graphs = architectures[start : start + chunk].graphs().pruned().topological()
            parts.append(
                np.concatenate(
                    [_paths(graphs, self._used, self._length), size_sums(graphs, architectures.space)], axis=1
                )
            )
        return np.concatenate(parts, dtype=np.float32)


def _columns(operations: int, length: int) -> int:
    """How many sequences of up to ``length`` operations there are."""
    return sum(operations**k for k in range(length + 1))


def _paths(graphs: GraphBatch, used: npt.NDArray[np.int64], length: int) -> npt.NDArray[np.bool_]:
    """``(n, c + 1)``: which sequences lead to the output, and whether one does that has no column.

    Sequences are numbered like the nodes of a heap: the empty one is 0, and number ``s`` followed by the ``o``-th of
    ``k`` operations is ``k · s + o + 1``. Sets of sequences grow along the topological order of the nodes.
    """
    n, v = graphs.ops.shape
    k = len(used)
    c = _columns(k, length)
    shorter = _columns(k, length - 1)  # so many sequences have room for one more operation
    leads = np.zeros((v, n, c + 1), dtype=bool)  # sequences of paths that end at a node, itself included
    for j in range(v):
        into = np.zeros((n, c + 1), dtype=bool)
        for i in range(j):
            edge = graphs.adjacency[:, i, j]
            if edge.any():
                into |= edge[:, None] & leads[i]
        holds = graphs.ops[:, j, None] == used  # (n, k)
        longer = (into[:, :shorter, None] & holds[:, None, :]).reshape(n, shorter * k)  # numbers 1 … c - 1
        ends = graphs.ops[:, j] == OUTPUT
        leads[j, :, 1:c] = np.where(ends[:, None], into[:, 1:c], longer)
        leads[j, :, 0] = np.where(ends, into[:, 0], graphs.ops[:, j] == INPUT)
        lost = into[:, shorter:c].any(axis=1) | (into.any(axis=1) & ~holds.any(axis=1))
        leads[j, :, c] = into[:, c] | (lost & ~ends)
    found: npt.NDArray[np.bool_] = leads[(graphs.ops == OUTPUT).argmax(axis=1), np.arange(n)]
    return found
