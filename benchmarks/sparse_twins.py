"""Members of our padded networks, built anew of PyTorch Geometric's layers with the same weights.

`TWINS` has one for each predictor; all map ``(x, edges, back, batch)`` to ``(graphs, 1)``, where ``back`` are the edges
that the backward layers go along.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn
from torch_geometric.nn import GATConv, GCNConv, GINConv, global_max_pool, global_mean_pool

from augury.encoders.tensors import GraphTensors
from augury.predictors.dense_gat import DenseGAT
from augury.predictors.dense_gcn import DenseGCN
from augury.predictors.ensemble_network import EnsembleNetwork
from augury.predictors.gcn import turned, with_global_node
from augury.predictors.graph_network import DenseGIN, MemberLinear
from augury.predictors.sparse_gnn import sparse_batch


def linear(ours: MemberLinear, member: int) -> nn.Linear:
    """One member's linear map."""
    theirs = nn.Linear(*ours.weight.shape[1:])
    with torch.no_grad():
        theirs.weight.copy_(ours.weight[member].T)
        theirs.bias.copy_(ours.bias[member, 0])
    return theirs


def gin_conv(ours: DenseGIN, member: int) -> GINConv:
    """One member's `DenseGIN`."""
    layer = GINConv(nn.Identity(), eps=0.0)  # which would draw the weights anew
    layer.nn = nn.Sequential(linear(ours.first, member), nn.ReLU(), linear(ours.second, member))
    return layer


def gcn_conv(ours: DenseGCN, member: int) -> GCNConv:
    """One member's `DenseGCN`."""
    layer = GCNConv(*ours.linear.weight.shape[1:])
    with torch.no_grad():
        layer.lin.weight.copy_(ours.linear.weight[member].T)
        layer.bias.copy_(ours.linear.bias[member, 0])
    return layer


def gat_conv(ours: DenseGAT, member: int) -> GATConv:
    """One member's `DenseGAT`."""
    inputs, hidden = ours.linear.weight.shape[1:]
    layer = GATConv(inputs, hidden // ours.heads, heads=ours.heads)
    with torch.no_grad():
        layer.lin.weight.copy_(ours.linear.weight[member].T)
        layer.bias.copy_(ours.linear.bias[member, 0])
        layer.att_src.copy_(ours.source[member][None])
        layer.att_dst.copy_(ours.target[member][None])
    return layer


class Twin(nn.Module):
    """One member of a network whose layers go along and against the edges."""

    def __init__(self, network: EnsembleNetwork, member: int, conv: Callable[[nn.Module, int], nn.Module]) -> None:
        super().__init__()
        self.embed, self.pool, self.head = (
            linear(ours, member) for ours in (network.embed, network.pool, network.head)
        )
        self.forwards = nn.ModuleList(conv(layer, member) for layer in network.forwards)
        self.backwards = nn.ModuleList(conv(layer, member) for layer in network.backwards)

    def combined(self, ahead: torch.Tensor, behind: torch.Tensor) -> torch.Tensor:
        """What a layer adds to the states."""
        return torch.relu(ahead + behind)

    def vector(self, h: torch.Tensor, batch: torch.Tensor) -> torch.Tensor:
        """One a graph."""
        return torch.cat([global_mean_pool(h, batch), global_max_pool(h, batch)], dim=1)

    def forward(self, x: torch.Tensor, edges: torch.Tensor, back: torch.Tensor, batch: torch.Tensor) -> torch.Tensor:
        """``(graphs, 1)``."""
        h = self.embed(x)
        for forwards, backwards in zip(self.forwards, self.backwards, strict=True):
            h = nn.functional.layer_norm(h + self.combined(forwards(h, edges), backwards(h, back)), h.shape[-1:])
        return self.head(torch.relu(self.pool(self.vector(h, batch))))


class GINTwin(Twin):
    """Of a `GraphNetwork`."""

    def __init__(self, network: EnsembleNetwork, member: int) -> None:
        super().__init__(network, member, gin_conv)

    def combined(self, ahead: torch.Tensor, behind: torch.Tensor) -> torch.Tensor:
        """The sum."""
        return ahead + behind


class GCNTwin(Twin):
    """Of a `GCNNetwork`: the vector is the state of the last node, the global one."""

    def __init__(self, network: EnsembleNetwork, member: int) -> None:
        super().__init__(network, member, gcn_conv)

    def vector(self, h: torch.Tensor, batch: torch.Tensor) -> torch.Tensor:
        """The global node's state."""
        return h[torch.bincount(batch).cumsum(0) - 1]


class GATTwin(Twin):
    """Of a `GATNetwork`."""

    def __init__(self, network: EnsembleNetwork, member: int) -> None:
        super().__init__(network, member, gat_conv)


TWINS: dict[str, type[Twin]] = {"gin": GINTwin, "gcn": GCNTwin, "gat": GATTwin}


def sparse_inputs(name: str, graphs: GraphTensors) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """``(x, edges, back, batch)`` of graphs."""
    if name != "gcn":
        x, edges, batch = sparse_batch(graphs)
        return x, edges, edges.flip(0), batch
    whole = with_global_node(graphs)
    x, edges, batch = sparse_batch(whole)
    return x, edges, sparse_batch(GraphTensors(whole.x, turned(whole.adjacency), whole.mask))[1], batch
