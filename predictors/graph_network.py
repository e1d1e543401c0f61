"""Graph isomorphism networks on padded tensors, several ensemble members in one pass."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..encoders.tensors import GraphTensors

__all__ = ["DenseGIN", "GraphNetwork", "MemberLinear"]


class MemberLinear(nn.Module):
    """A linear map for each of ``m`` ensemble members: ``(m, n, i) → (m, n, o)``.

    Args:
        members: ``m``.
        inputs: ``i``.
        outputs: ``o``.
        generator: Draws the initial weights, uniform within ``1/√i`` as PyTorch's own linear layer does.
    """

    def __init__(self, members: int, inputs: int, outputs: int, *, generator: torch.Generator) -> None:
        super().__init__()
        bound = inputs**-0.5
        draw = torch.rand(members, inputs + 1, outputs, generator=generator) * 2 * bound - bound
        self.weight = nn.Parameter(draw[:, :-1].clone())
        self.bias = nn.Parameter(draw[:, -1:].clone())

    def forward(self, x: Tensor) -> Tensor:
        """Map ``(m, n, i)`` to ``(m, n, o)``."""
        return torch.baddbmm(self.bias, x, self.weight)


class DenseGIN(nn.Module):
    """The graph isomorphism layer (``xu2019``, equation 4.1), with ``ε = 0`` and a two-layer network:

    ``h_v ← MLP(h_v + Σ_{u → v} h_u)``

    Args:
        members: ``m`` ensemble members.
        inputs: Width of ``h``.
        hidden: Width of the result.
        generator: Draws the initial weights.
    """

    def __init__(self, members: int, inputs: int, hidden: int, *, generator: torch.Generator) -> None:
        super().__init__()
        self.first = MemberLinear(members, inputs, hidden, generator=generator)
        self.second = MemberLinear(members, hidden, hidden, generator=generator)

    def forward(self, h: Tensor, adjacency: Tensor) -> Tensor:
        """Map ``(m, n, v, i)`` to ``(m, n, v, o)`` along ``(n, v, v)`` edges ``[b, from, to]``."""
        m, n, v, _ = h.shape
        taken = h + adjacency.transpose(1, 2) @ h
        flat = self.second(torch.relu(self.first(taken.reshape(m, n * v, -1))))
        new: Tensor = flat.reshape(m, n, v, -1)
        return new


class GraphNetwork(nn.Module):
    """Directed message passing both ways, pooled to one vector a graph, then a head.

    Each layer adds a `DenseGIN` along the edges and one against them to every node's state, and normalises it; the
    graph's vector is the mean and the maximum over its nodes through one more layer. Padding never counts.

    Args:
        members: ``m`` ensemble members, trained side by side.
        inputs: Width of the nodes' features.
        outputs: How many values are predicted.
        hidden: Width of the nodes' states and of the graph's vector.
        layers: Rounds of message passing.
        seed: Of the initial weights.
    """

    def __init__(
        self, *, members: int, inputs: int, outputs: int, hidden: int = 64, layers: int = 3, seed: int = 0
    ) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.embed = MemberLinear(members, inputs, hidden, generator=generator)
        self.forwards = nn.ModuleList(DenseGIN(members, hidden, hidden, generator=generator) for _ in range(layers))
        self.backwards = nn.ModuleList(DenseGIN(members, hidden, hidden, generator=generator) for _ in range(layers))
        self.pool = MemberLinear(members, 2 * hidden, hidden, generator=generator)
        self.head = MemberLinear(members, hidden, outputs, generator=generator)
        self.members = members

    def embedding(self, graphs: GraphTensors) -> Tensor:
        """``(m, n, hidden)``: one vector a graph and member."""
        n, v, c = graphs.x.shape
        there = graphs.mask[:, :, None]  # (n, v, 1)
        h = self.embed(graphs.x.reshape(1, n * v, c).expand(self.members, -1, -1)).reshape(self.members, n, v, -1)
        back = graphs.adjacency.transpose(1, 2)
        for forwards, backwards in zip(self.forwards, self.backwards, strict=True):
            h = h + forwards(h * there, graphs.adjacency) + backwards(h * there, back)
            h = torch.nn.functional.layer_norm(h, h.shape[-1:])
        mean = (h * there).sum(dim=2) / there.sum(dim=1)
        largest = h.masked_fill(there == 0, -torch.inf).amax(dim=2)
        return torch.relu(self.pool(torch.cat([mean, largest], dim=-1)))

    def forward(self, graphs: GraphTensors) -> Tensor:
        """``(m, n, outputs)``."""
        values: Tensor = self.head(self.embedding(graphs))
        return values
