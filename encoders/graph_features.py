"""Interpretable features of the graph: counts, paths and degrees over subsets of operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, product
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures, SearchSpace
from ..spaces.graphs import INPUT, OUTPUT, PADDING, GraphBatch
from .encoder import Encoder
from .sizes import size_names, size_sums
from .used_operations import pruned_samples, used_operations

__all__ = ["GraphFeatures"]

FEW = 5  # up to so many operations, every subset of them is taken
CHUNK = 4096  # architectures at once, which bounds memory
KINDS = (
    "shortest path using only {}",
    "has a path using only {}",
    "most {} on one path",
    "number of {} right after the input",
    "number of {} right before the output",
    "edges among {}",
)


class GraphFeatures(Encoder):
    """Neural graph features (``kadlecova2024``), of graphs without dead branches.

    For every subset of operations: the length of the shortest path from input to output that meets only these
    operations, and whether there is one; the largest number of these operations on one path; how many of these the
    input leads to and the output takes from; how many edges lead from one of these to another. Then the number of
    nodes with each operation and, where nodes have sizes, `size_sums`.

    With at most five operations these are all subsets, otherwise those of up to ``subset_size`` operations and those
    that lack up to ``subset_size``. What an architecture reaches without an operation tells as much as what it
    reaches with one. The paper takes all subsets always, which for nine operations is five times as many features and
    no more accurate.

    Args:
        subset_size: The most operations in a subset, or left out of it, where the space has more than five.
        canonical: Encode the canonical form.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool")})
    >>> features = GraphFeatures().fit(space.sample(1, np.random.default_rng(0)))
    >>> row = features.transform(space.parse("first=conv, second=pool"))[0]
    >>> named = dict(zip(features.get_feature_names_out(), row.tolist()))
    >>> named["number of conv"], named["has a path using only conv"], named["most pool on one path"]
    (1.0, 0.0, 1.0)
    >>> named["shortest path using only conv, pool"]
    3.0
    """

    _least: ClassVar[Mapping[str, int]] = {"subset_size": 0}

    def __init__(self, *, subset_size: int = 2, canonical: bool = True) -> None:
        super().__init__(canonical=canonical)
        self.subset_size = subset_size

    def _subsets(self, space: SearchSpace) -> list[tuple[int, ...]]:
        count = len(space.operations)
        few = {*range(1, self.subset_size + 1), *range(count - self.subset_size, count + 1)}
        sizes = [size for size in range(1, count + 1) if count <= FEW or size in few]
        return [subset for size in sizes for subset in combinations(range(count), size)]

    def _feature_names(self, space: SearchSpace) -> list[str]:
        subsets = [_in_words(subset, space.operations) for subset in self._subsets(space)]
        return [
            *(kind.format(subset) for kind in KINDS for subset in subsets),
            *(f"number of {name}" for name in space.operations),
            *size_names(space),
        ]

    def distinct_names(self) -> list[str]:
        """The same names, save that an operation that no node carries, as ``none`` of a cell, makes no difference.

        >>> from augury.spaces import NASBench201Space
        >>> features = GraphFeatures().fit(NASBench201Space().enumerate()[:1])
        >>> column = features.feature_names_.index("most none, nor_conv_3x3 on one path")
        >>> features.distinct_names()[column]
        'most nor_conv_3x3 on one path'
        """
        names = super().distinct_names()
        used = {int(label) - 2 for label in used_operations(pruned_samples(self.space_))}
        subsets = [frozenset(subset) & used for subset in self._subsets(self.space_)]
        alike: dict[tuple[str, frozenset[int]], list[int]] = {}
        for column, (kind, subset) in enumerate(product(KINDS, subsets)):
            alike.setdefault((kind, subset), []).append(column)
        for columns in alike.values():
            shortest = min((names[column] for column in columns), key=len)
            for column in columns:
                names[column] = shortest
        return names

    def _encode(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        subsets = self._subsets(architectures.space)
        member = np.zeros((len(subsets), len(architectures.space.labels) + 1), dtype=bool)  # the last is padding
        for row, subset in enumerate(subsets):
            member[row, np.asarray(subset) + 2] = True
        parts = []
        for start in range(0, max(len(architectures), 1), CHUNK):
            graphs = architectures[start : start + CHUNK].graphs().pruned().topological()
            parts.append(np.concatenate([_chunk(graphs, member), size_sums(graphs, architectures.space)], axis=1))
        return np.concatenate(parts)


def _in_words(subset: tuple[int, ...], operations: Sequence[str]) -> str:
    """The names of its operations, or of those that it lacks where that is shorter."""
    left_out = [name for i, name in enumerate(operations) if i not in subset]
    if len(operations) <= FEW or len(subset) <= len(left_out):
        return ", ".join(operations[i] for i in subset)
    return f"operations other than {', '.join(left_out)}" if left_out else "operations of any kind"


def _chunk(graphs: GraphBatch, member: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    """All features of one batch, but for sizes; ``member`` is ``(s, labels + 1)``: which subsets hold which labels."""
    n, v = graphs.ops.shape
    inside = np.ascontiguousarray(member[:, graphs.ops].transpose(2, 1, 0))  # (v, n, s)
    is_input, is_output = (graphs.ops == INPUT), (graphs.ops == OUTPUT)
    whole = np.min_scalar_type(-(v + 1) * v // 2)  # holds the number of edges, and one more than that of nodes
    far = v  # longer than any path
    shortest = np.full(inside.shape, far, dtype=whole)  # edges on the shortest path that ends here
    longest = np.full(inside.shape, -1, dtype=whole)  # of these operations on a path that ends here; -1: none does
    shortest[is_input.T] = 0
    longest[is_input.T] = 0
    within = np.zeros(inside.shape[1:], dtype=whole)
    for j in range(v):  # topological: all that leads to j comes before it
        for i in range(j):
            edge = graphs.adjacency[:, i, j, None]
            if not edge.any():
                continue
            may = edge & (inside[i] | is_input[:, i, None])
            shortest[j] = np.where(may, np.minimum(shortest[j], shortest[i] + 1), shortest[j])
            longest[j] = np.where(edge, np.maximum(longest[j], longest[i]), longest[j])
            within += edge & inside[i] & inside[j]
        longest[j] += inside[j] & (longest[j] >= 0)
        shortest[j] = np.minimum(shortest[j], far)
    rows = np.arange(n)
    end = is_output.argmax(axis=1)
    start = is_input.argmax(axis=1)
    from_input = np.einsum("bj,jbs->bs", graphs.adjacency[rows, start].astype(whole), inside.astype(whole))
    to_output = np.einsum("bi,ibs->bs", graphs.adjacency[rows, :, end].astype(whole), inside.astype(whole))
    path = shortest[end, rows]
    counts = (graphs.ops[:, :, None] == np.arange(2, len(graphs.labels))).astype(np.float32)  # (n, v, operations)
    blocks = [path, path < far, np.maximum(longest[end, rows], 0), from_input, to_output, within]
    return np.concatenate([*blocks, counts.sum(axis=1)], axis=1, dtype=np.float32)


assert PADDING == -1, "padding indexes the last column of member"
