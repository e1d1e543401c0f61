"""PyTorch Geometric modules on batches of graphs: ready-made ones, and ensembles of any."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch_geometric.nn import GAT, GCN, GIN, GraphSAGE, global_mean_pool

from ..encoders.tensors import GraphTensors
from ..spaces import InputError
from .member_linear import MemberLinear

__all__ = ["MODULES", "SparseMembers", "SparseNetwork", "sparse_batch"]

NETWORKS = {"gat": GAT, "gcn": GCN, "gin": GIN, "sage": GraphSAGE}
HIDDEN = 32
LAYERS = 3


class SparseNetwork(nn.Module):
    """A ready-made network of PyTorch Geometric (``fey2019``), mean pooling and a linear head.

    Args:
        kind: A key of `NETWORKS`.
        in_channels: Width of the nodes' features.
    """

    def __init__(self, kind: str, in_channels: int) -> None:
        super().__init__()
        self.body = NETWORKS[kind](in_channels, HIDDEN, LAYERS)
        self.head = nn.Linear(HIDDEN, 1)

    def forward(self, x: Tensor, edge_index: Tensor, batch: Tensor) -> Tensor:
        """``(graphs, 1)``."""
        values: Tensor = self.head(global_mean_pool(self.body(x, edge_index), batch))
        return values


def ready(kind: str) -> Callable[[int], nn.Module]:
    """What makes a `SparseNetwork` of that kind."""
    return lambda in_channels: SparseNetwork(kind, in_channels)


MODULES: dict[str, Callable[[int], nn.Module]] = {kind: ready(kind) for kind in NETWORKS}


class SparseMembers(nn.Module):
    """Any modules of PyTorch Geometric as the members of an ensemble.

    Features ``f`` of whole graphs, if there are any, join what a module says, ``v``, in a small network behind it,
    each member's own: ``v + W₂ relu(W₁ [v, f] + b₁) + b₂``. So a module need know nothing of them.

    Args:
        networks: Each maps ``(x, edge_index, batch)`` to ``(graphs, 1)``.
        features: How many features of the whole graph there are.
        seed: Of the initial weights of the networks behind.
    """

    def __init__(self, networks: Sequence[nn.Module], *, features: int = 0, seed: int = 0) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)
        self.behind: nn.Module | None = None
        if features:
            m, generator = len(networks), torch.Generator().manual_seed(seed)
            first = MemberLinear(m, 1 + features, HIDDEN, generator=generator)
            self.behind = nn.Sequential(first, nn.ReLU(), MemberLinear(m, HIDDEN, 1, generator=generator))

    def forward(self, graphs: GraphTensors, features: Tensor | None = None) -> Tensor:
        """``(m, n, 1)``; the features are ``(n, f)``.

        Raises:
            InputError: A module gives something of another shape.
        """
        x, edge_index, batch = sparse_batch(graphs)
        answers = [network(x, edge_index, batch) for network in self.networks]
        expected = (len(graphs), 1)
        for answer in answers:
            if tuple(answer.shape) != expected:
                raise InputError(
                    f"The module's forward(x, edge_index, batch) gave the shape {tuple(answer.shape)} for "
                    f"{len(graphs)} graphs; it is to give {expected}, one value a graph."
                )
        values = torch.stack(answers)
        if self.behind is None or features is None:
            return values
        joined = torch.cat([values, features.expand(len(values), -1, -1)], dim=2)  # (m, n, 1 + f)
        corrected: Tensor = values + self.behind(joined)
        return corrected


def sparse_batch(graphs: GraphTensors) -> tuple[Tensor, Tensor, Tensor]:
    """Padded graphs as PyTorch Geometric writes a batch.

    Returns:
        ``x`` ``(nodes, c)``, ``edge_index`` ``(2, edges)`` and ``batch`` ``(nodes,)``, the graph of each node.

    >>> x = torch.tensor([[[1.0], [2.0]], [[3.0], [0.0]]])  # the second graph has one node
    >>> adjacency = torch.tensor([[[0.0, 1], [0, 0]], [[0, 0], [0, 0]]])
    >>> x, edge_index, batch = sparse_batch(GraphTensors(x, adjacency, torch.tensor([[1.0, 1], [1, 0]])))
    >>> x[:, 0].tolist(), edge_index.tolist(), batch.tolist()
    ([1.0, 2.0, 3.0], [[0], [1]], [0, 0, 1])
    """
    there = graphs.mask > 0
    number = (there.flatten().cumsum(0) - 1).reshape(there.shape)  # of each node among those there are
    graph, start, end = graphs.adjacency.nonzero(as_tuple=True)
    return graphs.x[there], torch.stack([number[graph, start], number[graph, end]]), there.nonzero()[:, 0]
