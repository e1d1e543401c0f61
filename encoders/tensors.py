"""Padded graph tensors for networks, from one function that all of them share."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch

from ..spaces import Architectures, GraphBatch, SearchSpace
from .sizes import size_ranks

__all__ = ["GraphTensors", "from_graphs", "graph_tensors"]


@dataclass(frozen=True)
class GraphTensors:
    """``n`` graphs of up to ``v`` nodes for a dense graph network.

    Attributes:
        x: ``(n, v, c)`` float32: one-hot labels, then sizes, of which `graph_tensors` gives the ranks; zero at padding.
        adjacency: ``(n, v, v)`` float32; ``[b, i, j]`` is 1 where an edge leads from ``i`` to ``j``.
        mask: ``(n, v)`` float32; 1 where there is a node.
    """

    x: torch.Tensor
    adjacency: torch.Tensor
    mask: torch.Tensor

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, rows: torch.Tensor | slice) -> GraphTensors:
        return GraphTensors(self.x[rows], self.adjacency[rows], self.mask[rows])

    def compact(self) -> GraphTensors:
        """The same graphs, nodes first and in the same order, with no more padding than the largest needs.

        >>> graphs = GraphTensors(torch.rand(1, 3, 2), torch.zeros(1, 3, 3), torch.tensor([[1.0, 0.0, 1.0]]))
        >>> graphs.compact().mask.tolist(), bool((graphs.compact().x[0, 1] == graphs.x[0, 2]).all())
        ([[1.0, 1.0]], True)
        """
        most = int(self.mask.sum(dim=1).max())
        if most == self.mask.shape[1]:
            return self
        first = self.mask.argsort(dim=1, descending=True, stable=True)[:, :most]
        row = torch.arange(len(self))[:, None]
        edges = self.adjacency[row[:, :, None], first[:, :, None], first[:, None]]
        return GraphTensors(self.x[row, first], edges, self.mask[row, first])


def graph_tensors(architectures: Architectures, *, canonical: bool = True) -> GraphTensors:
    """Architectures as tensors, dead branches left out; canonical forms first, unless told otherwise.

    Sizes are given as `size_ranks`, so that no unit weighs more than another.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"first": ("conv", "pool")})
    >>> tensors = graph_tensors(space.parse("first=pool"))
    >>> tensors.x[0].tolist()  # input, output, conv, pool
    [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0], [0.0, 1.0, 0.0, 0.0]]
    """
    graphs = architectures.canonical().graphs().pruned() if canonical else architectures.graphs()
    return from_graphs(graphs, architectures.space)


def from_graphs(graphs: GraphBatch, space: SearchSpace | None = None) -> GraphTensors:
    """A batch of graphs as tensors, their sizes as `size_ranks` if the space is given, and as they are if not."""
    if space is not None:
        graphs = replace(graphs, attributes=size_ranks(graphs, space))
    one_hot = np.eye(len(graphs.labels) + 1, dtype=np.float32)[:, :-1]  # padding, -1, takes the last row: zeros
    x: npt.NDArray[np.float32] = np.concatenate([one_hot[graphs.ops], graphs.attributes], axis=2)
    return GraphTensors(
        torch.from_numpy(x),
        torch.from_numpy(graphs.adjacency.astype(np.float32)),
        torch.from_numpy(graphs.mask.astype(np.float32)),
    )
