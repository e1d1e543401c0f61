"""Where in the graph operations stand, and the spectrum of the graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures, GraphBatch, SearchSpace
from ..spaces.graphs import INPUT, OUTPUT
from .encoder import Encoder
from .sizes import size_names, size_sums

__all__ = ["Positional"]

DISTANCES = ("shortest from input", "longest from input", "shortest to output", "longest to output")
DECIMALS = 5  # to which eigenvalues are rounded: float64 gives ten more
CHUNK = 8192  # architectures at once, which bounds memory


class Positional(Encoder):
    """Depths of operations and Laplacian eigenvalues, of graphs without dead branches.

    For each operation, over the nodes that hold it: the mean and the largest of the lengths, in edges, of the shortest
    and of the longest path from the input to the node and from the node to the output; 0 where no node does. Then the
    lengths of the shortest and of the longest path from input to output, 0 where there is none.

    Then the smallest eigenvalues, ascending, of the symmetric normalised Laplacian ``I − D^(−½) A D^(−½)``, of the
    graph without directions, as in the positional encodings of ``dwivedi2023``, whose eigenvectors are left out here
    since their signs are arbitrary. Eigenvalues lie in [0, 2]; 2 stands where a graph has fewer nodes. Where nodes
    have sizes, `size_sums` follow.

    Args:
        eigenvalues: How many eigenvalues.
        canonical: Encode the canonical form.

    Raises:
        InputError: A negative number of eigenvalues; raised by ``fit``.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool")})
    >>> encoder = Positional(eigenvalues=3).fit(space.enumerate())
    >>> row = encoder.transform(space.parse("first=conv, second=conv"))[0]
    >>> named = dict(zip(encoder.get_feature_names_out(), row.tolist()))
    >>> named["mean shortest from input[conv]"], named["largest shortest from input[conv]"]
    (1.5, 2.0)
    >>> named["eigenvalue 1"], named["eigenvalue 2"], named["eigenvalue 3"]  # of a chain of four: 1 − cos(kπ/3)
    (0.0, 0.5, 1.5)
    """

    _least: ClassVar[Mapping[str, int]] = {"eigenvalues": 0}

    def __init__(self, *, eigenvalues: int = 8, canonical: bool = True) -> None:
        super().__init__(canonical=canonical)
        self.eigenvalues = eigenvalues

    def _feature_names(self, space: SearchSpace) -> list[str]:
        kinds = [f"{of} {distance}" for of in ("mean", "largest") for distance in DISTANCES]
        return [
            *(f"{kind}[{name}]" for kind in kinds for name in space.operations),
            "shortest path",
            "longest path",
            *(f"eigenvalue {k}" for k in range(1, self.eigenvalues + 1)),
            *size_names(space),
        ]

    def _encode(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        parts = []
        for start in range(0, max(len(architectures), 1), CHUNK):
            graphs = architectures[start : start + CHUNK].graphs().pruned().topological()
            spectrum = _spectrum(graphs, self.eigenvalues)
            parts.append(
                np.concatenate(
                    [_depths(graphs), spectrum, size_sums(graphs, architectures.space)], axis=1, dtype=np.float32
                )
            )
        return np.concatenate(parts)


def _distances(adjacency: npt.NDArray[np.bool_], start: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """``(2, n, v)``: the edges on the shortest and on the longest path from ``start``; 0 where there is none.

    Nodes stand in topological order.
    """
    v = start.shape[1]
    far = v  # longer than any path
    shortest = np.where(start, 0, far)
    longest = np.where(start, 0, -far)
    for j in range(v):
        edge = adjacency[:, :, j]
        shortest[:, j] = np.minimum(shortest[:, j], np.where(edge, shortest + 1, far).min(axis=1))
        longest[:, j] = np.maximum(longest[:, j], np.where(edge, longest + 1, -far).max(axis=1))
    return np.stack([np.where(shortest < far, shortest, 0), np.maximum(longest, 0)])


def _depths(graphs: GraphBatch) -> npt.NDArray[np.float64]:
    """``(n, 8 · operations + 2)``: means, then largest distances, then the paths from input to output."""
    is_input, is_output = graphs.ops == INPUT, graphs.ops == OUTPUT
    n = len(graphs)
    ahead = _distances(graphs.adjacency, is_input)
    back = _distances(graphs.adjacency.transpose(0, 2, 1)[:, ::-1, ::-1], is_output[:, ::-1])[:, :, ::-1]
    distances = np.concatenate([ahead, back])  # (4, n, v)
    holds = graphs.ops[:, :, None] == np.arange(2, len(graphs.labels))  # (n, v, operations)
    means = np.einsum("kbv,bvo->bko", distances, holds.astype(np.int64)) / np.maximum(holds.sum(axis=1), 1)[:, None]
    largest = [np.where(holds, distance[:, :, None], 0).max(axis=1, initial=0) for distance in distances]
    width = 4 * holds.shape[2]
    paths = np.where(is_output, ahead, 0).max(axis=2).T  # (n, 2)
    return np.concatenate([means.reshape(n, width), np.stack(largest, axis=1).reshape(n, width), paths], axis=1)


def _spectrum(graphs: GraphBatch, count: int) -> npt.NDArray[np.float64]:
    """``(n, count)``: the smallest eigenvalues of the normalised Laplacian, then 2."""
    either = (graphs.adjacency | graphs.adjacency.transpose(0, 2, 1)).astype(np.float64)
    degree = either.sum(axis=1)
    scale = np.where(degree > 0, np.maximum(degree, 1) ** -0.5, 0)
    # an isolated node has the eigenvalue 0, as networkx has it; padding has 2 and so comes last
    diagonal = np.where(graphs.mask, degree > 0, 2.0)
    laplacian = diagonal[:, :, None] * np.eye(degree.shape[1]) - scale[:, :, None] * either * scale[:, None, :]
    values = np.linalg.eigvalsh(laplacian)[:, :count]
    # rounded, so that equal spectra get equal rows, and columns that should be constant are
    padded = np.pad(values, ((0, 0), (0, count - values.shape[1])), constant_values=2.0)
    rounded: npt.NDArray[np.float64] = np.abs(padded.round(DECIMALS))
    return rounded
