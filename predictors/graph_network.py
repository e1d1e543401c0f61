"""Graph isomorphism networks on padded tensors, several ensemble members in one pass."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import torch
from torch import Tensor, nn

from ..encoders.tensors import GraphTensors
from .dense_steps import normalised, taken_both
from .ensemble_network import EnsembleNetwork, mean_and_max
from .equal_nodes import EqualNodes
from .equal_steps import pooled
from .fused_gin import isomorphism
from .member_linear import MemberLinear

__all__ = ["DenseGIN", "GraphNetwork", "MemberLinear"]


class DenseGIN(nn.Module):
    """The graph isomorphism layer (``xu2019``, equation 4.1), with ``ε = 0`` and a two-layer network.

    ``h_v ← MLP(h_v + Σ_{u → v} h_u)``

    Args:
        members: ``m`` ensemble members.
        inputs: Width of ``h``.
        hidden: Width of the result.
        generator: Draws the initial weights.

    >>> layer = DenseGIN(2, 4, 8, generator=torch.Generator().manual_seed(0))
    >>> chain = torch.eye(3).roll(1, dims=1).triu()[None]  # one graph, 0 → 1 → 2
    >>> layer(torch.ones(2, 1, 3, 4), chain).shape  # members, graphs, nodes, width
    torch.Size([2, 1, 3, 8])
    """

    def __init__(self, members: int, inputs: int, hidden: int, *, generator: torch.Generator) -> None:
        super().__init__()
        self.first = MemberLinear(members, inputs, hidden, generator=generator)
        self.second = MemberLinear(members, hidden, hidden, generator=generator)

    def forward(self, h: Tensor, adjacency: Tensor) -> Tensor:
        """Map ``(m, n, v, i)`` to ``(m, n, v, o)`` along ``(n, v, v)`` edges ``[b, from, to]``."""
        return self.mapped(taken_both(h, adjacency)[0])

    def weights(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Weight and bias of the first layer, then of the second."""
        return self.first.weight, self.first.bias, self.second.weight, self.second.bias

    def mapped(self, sums: Tensor, table: Tensor | None = None) -> Tensor:
        """The two-layer network on ``(m, n, v, i)`` sums ``h_v + Σ_{u → v} h_u``.

        With a table, ``(m, c, i)``, the states are ``h = x · table``, and the sums, ``(1, n, v, c)``, those of ``x``,
        which all members share: ``(Σ x · table) W = Σ x · (table · W)`` takes far fewer products.
        """
        m, inputs = len(self.first.weight), sums.shape[-1]
        flat = sums.reshape(len(sums), -1, inputs).expand(m, -1, -1)
        weight = self.first.weight if table is None else table @ self.first.weight
        inner = torch.baddbmm(self.first.bias, flat, weight).relu_()
        new: Tensor = self.second(inner).reshape(m, *sums.shape[1:-1], -1)
        return new


class GraphNetwork(EnsembleNetwork):
    """Directed message passing both ways, pooled to one vector a graph, then a head.

    Each layer adds a `DenseGIN` along the edges and one against them to every node's state, and normalises it; the
    graph's vector is the mean and the maximum over its nodes through one more layer. Padding never counts.

    Args:
        members: ``m`` ensemble members, trained side by side.
        inputs: Width of the nodes' features.
        outputs: How many values are predicted.
        hidden: Width of the nodes' states and of the graph's vector.
        layers: Rounds of message passing.
        features: How many features of the whole graph join its vector.
        seed: Of the initial weights.

    >>> from augury.encoders.tensors import graph_tensors
    >>> from augury.spaces import ChoiceSpace
    >>> graphs = graph_tensors(ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool")}).enumerate())
    >>> network = GraphNetwork(members=2, inputs=graphs.x.shape[2], hidden=8, layers=2)
    >>> network(graphs, None).shape  # members, graphs, outputs
    torch.Size([2, 4, 1])
    """

    def __init__(
        self,
        *,
        members: int,
        inputs: int,
        outputs: int = 1,
        hidden: int = 64,
        layers: int = 3,
        features: int = 0,
        seed: int = 0,
    ) -> None:
        super().__init__(members)
        generator = torch.Generator().manual_seed(seed)
        self.embed = MemberLinear(members, inputs, hidden, generator=generator)
        self.forwards = nn.ModuleList(DenseGIN(members, hidden, hidden, generator=generator) for _ in range(layers))
        self.backwards = nn.ModuleList(DenseGIN(members, hidden, hidden, generator=generator) for _ in range(layers))
        self._build_head(2 * hidden, hidden, outputs, features=features, generator=generator)

    def prepared(self, graphs: GraphTensors) -> EqualNodes:
        """The graphs with equal nodes computed once; training then takes about two thirds of the time."""
        return EqualNodes(graphs, len(self.forwards))

    def vector(self, graphs: GraphTensors | EqualNodes) -> Tensor:
        """``(m, n, 2 · hidden)``: mean and maximum over the nodes."""
        h = self.embed(self._each(graphs.x))
        layers = cast(Iterable[tuple[DenseGIN, DenseGIN]], zip(self.forwards, self.backwards, strict=True))
        if isinstance(graphs, EqualNodes):
            for kinds, (forwards, backwards) in zip(graphs.rounds, layers, strict=True):
                h = isomorphism(h, kinds, forwards.weights(), backwards.weights())
            return pooled(h, graphs)
        table: Tensor | None = torch.cat([self.embed.weight, self.embed.bias], dim=1)
        x = torch.cat([graphs.x, torch.ones_like(graphs.x[:, :, :1])], dim=2)[None]  # h = x · table
        for forwards, backwards in layers:
            ahead, back = taken_both(h if table is None else x, graphs.adjacency)
            h = normalised((h + forwards.mapped(ahead, table)).add_(backwards.mapped(back, table)))
            table = None
        return mean_and_max(h, graphs.mask)
