"""A batch of architectures as padded directed acyclic graphs with operations on their nodes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from .errors import InputError

if TYPE_CHECKING:
    import networkx as nx
    from torch_geometric.data import Data

__all__ = ["INPUT", "OUTPUT", "PADDING", "GraphBatch"]

PADDING = -1
INPUT = 0
OUTPUT = 1


@dataclass(frozen=True, eq=False)
class GraphBatch:
    """``n`` graphs of at most ``v`` nodes, padded.

    Attributes:
        ops: ``(n, v)`` indices into ``labels``; `PADDING` where there is no node.
        adjacency: ``(n, v, v)``; ``[b, i, j]`` is an edge from node ``i`` to node ``j``.
        labels: ``"input"``, ``"output"``, then the operations of the space.
        attributes: ``(n, v, f)`` sizes of nodes, as numbers; ``f`` may be 0.
        attribute_names: The ``f`` names.

    Raises:
        InputError: The adjacency is of another shape than ``ops`` asks for.

    >>> edges = np.zeros((1, 3, 3), dtype=bool)
    >>> edges[0, 0, 1] = edges[0, 1, 2] = True
    >>> graphs = GraphBatch(np.array([[INPUT, 2, OUTPUT]]), edges, labels=("input", "output", "conv"))
    >>> len(graphs), graphs.to_networkx(0).nodes[1]
    (1, {'operation': 'conv'})
    """

    ops: npt.NDArray[np.int64]
    adjacency: npt.NDArray[np.bool_]
    labels: tuple[str, ...]
    attributes: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0, 0), dtype=np.float32))
    attribute_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        n, v = self.ops.shape
        if self.adjacency.shape != (n, v, v):
            raise InputError(
                f"{n} graphs of {v} nodes need an adjacency of shape {(n, v, v)}; it is {self.adjacency.shape}."
            )
        if self.attributes.shape[:2] != (n, v):
            object.__setattr__(self, "attributes", np.zeros((n, v, 0), dtype=np.float32))

    def __len__(self) -> int:
        return len(self.ops)

    @property
    def mask(self) -> npt.NDArray[np.bool_]:
        """``(n, v)``: where there is a node."""
        mask: npt.NDArray[np.bool_] = self.ops != PADDING
        return mask

    def pruned(self) -> GraphBatch:
        """Without the nodes that no path from an input to an output meets; input and output stay."""
        inputs, outputs = self.ops == INPUT, self.ops == OUTPUT
        edges = self._edges()
        both = _reached(edges, inputs.T) & _reached(edges.swapaxes(0, 1), outputs.T)
        return self._keep(both.T | inputs | outputs)

    def _edges(self) -> npt.NDArray[np.bool_]:
        """``(v, v, n)``: the adjacency with graphs last, where steps along the edges of all of them are fastest."""
        return np.ascontiguousarray(self.adjacency.transpose(1, 2, 0))

    def _keep(self, live: npt.NDArray[np.bool_]) -> GraphBatch:
        return replace(
            self,
            ops=np.where(live, self.ops, PADDING),
            adjacency=self.adjacency & live[:, :, None] & live[:, None, :],
            attributes=np.where(live[:, :, None], self.attributes, np.float32(0)),
        )

    def depths(self) -> npt.NDArray[np.int64]:
        """``(n, v)``: how many edges the longest path that leads to a node has; 0 where none leads to it."""
        edges = self._edges()
        depth = np.zeros(edges.shape[1:], dtype=np.int64)
        ends = np.ones(depth.shape, dtype=bool)  # of paths with one edge more each time
        for _ in range(len(edges) - 1):
            ends = _targets(edges, ends)
            if not ends.any():
                break
            depth += ends
        return np.ascontiguousarray(depth.T)

    def topological(self) -> GraphBatch:
        """The same graphs with every edge leading to a later node, and padding last."""
        depth = self.depths()
        depth[self.ops == OUTPUT] = self.ops.shape[1]
        depth[~self.mask] = self.ops.shape[1] + 1
        return self.permuted(np.argsort(depth, axis=1, kind="stable"))

    def permuted(self, order: npt.NDArray[np.int64]) -> GraphBatch:
        """With node ``order[b, i]`` of graph ``b`` at place ``i``; ``order`` may keep fewer than ``v`` nodes."""
        adjacency = np.take_along_axis(self.adjacency, order[:, :, None], axis=1)
        return replace(
            self,
            ops=np.take_along_axis(self.ops, order, axis=1),
            adjacency=np.take_along_axis(adjacency, order[:, None, :], axis=2),
            attributes=np.take_along_axis(self.attributes, order[:, :, None], axis=1),
        )

    def padded(self, nodes: int) -> GraphBatch:
        """With room for more nodes, all padding.

        Raises:
            InputError: It has more nodes than that already.
        """
        more = nodes - self.ops.shape[1]
        if more < 0:
            raise InputError(f"Cannot pad graphs of {self.ops.shape[1]} nodes to {nodes}; give at least as many.")
        return replace(
            self,
            ops=np.pad(self.ops, ((0, 0), (0, more)), constant_values=PADDING),
            adjacency=np.pad(self.adjacency, ((0, 0), (0, more), (0, more))),
            attributes=np.pad(self.attributes, ((0, 0), (0, more), (0, 0))),
        )

    def to_networkx(self, index: int) -> nx.DiGraph[int]:
        """One graph; each node has an ``operation``, and its sizes by name."""
        import networkx as nx

        graph: nx.DiGraph[int] = nx.DiGraph()
        nodes = np.flatnonzero(self.mask[index])
        for new, old in enumerate(nodes):
            sizes = dict(zip(self.attribute_names, self.attributes[index, old].tolist(), strict=True))
            graph.add_node(new, operation=self.labels[self.ops[index, old]], **sizes)
        edges = np.argwhere(self.adjacency[index][np.ix_(nodes, nodes)])
        graph.add_edges_from((int(i), int(j)) for i, j in edges)
        return graph

    def to_pyg(self, index: int) -> Data:
        """One graph: ``x`` is ``(nodes, labels + f)``, one-hot operations then sizes; ``edge_index`` ``(2, edges)``."""
        import torch
        from torch_geometric.data import Data

        nodes = np.flatnonzero(self.mask[index])
        one_hot = np.eye(len(self.labels), dtype=np.float32)[self.ops[index, nodes]]
        x = np.concatenate([one_hot, self.attributes[index, nodes]], axis=1)
        edges = np.argwhere(self.adjacency[index][np.ix_(nodes, nodes)]).T
        return Data(x=torch.from_numpy(x), edge_index=torch.from_numpy(np.ascontiguousarray(edges)))


def _targets(edges: npt.NDArray[np.bool_], nodes: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """``(v, n)``: where an edge of ``(v, v, n)`` leads from one of the ``(v, n)`` nodes."""
    return np.asarray((edges & nodes[:, None]).any(axis=0))


def _reached(edges: npt.NDArray[np.bool_], nodes: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """``(v, n)``: those nodes and all that paths from them meet."""
    for _ in range(len(edges) - 1):
        more = nodes | _targets(edges, nodes)
        if np.array_equal(more, nodes):
            break
        nodes = more
    return nodes
