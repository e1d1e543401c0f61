"""A graph network that a learned vector tells which task is asked for."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..encoders.tensors import GraphTensors
from ..predictors.graph_network import GraphNetwork
from ..predictors.member_linear import MemberLinear

__all__ = ["TaskNetwork"]


class TaskNetwork(nn.Module):
    """A graph network with a head that reads a task's embedding: ``f(x, u) = wᵀ relu(A h(x) + B u) + b``.

    Args:
        members: ``m`` networks side by side.
        inputs: Width of the nodes' features.
        tasks: ``t`` tasks to learn embeddings of.
        hidden: Width of nodes' states and of the head.
        layers: Rounds of message passing.
        dimensions: Length of an embedding.
        seed: Of the initial weights.
    """

    def __init__(
        self, *, members: int, inputs: int, tasks: int, hidden: int, layers: int, dimensions: int, seed: int
    ) -> None:
        super().__init__()
        # A, the body's own last layer, gives A h(x)
        self.body = GraphNetwork(
            members=members, inputs=inputs, outputs=hidden, hidden=hidden, layers=layers, seed=seed
        )
        generator = torch.Generator().manual_seed(seed + 1)
        self.mix = MemberLinear(members, dimensions, hidden, generator=generator)
        self.head = MemberLinear(members, hidden, 1, generator=generator)
        self.tasks = nn.Parameter(torch.randn(members, tasks, dimensions, generator=generator))

    def forward(self, graphs: GraphTensors) -> Tensor:
        """``(m, n, t)``."""
        return self.values(self.units(self.body(graphs), self.tasks))

    def units(self, states: Tensor, embeddings: Tensor) -> Tensor:
        """What the last layer sees, ``(m, n, t, hidden)``, of ``(m, n, hidden)`` and ``(m, t, dimensions)``."""
        return torch.relu(states[:, :, None] + self.mix(embeddings)[:, None])

    def values(self, units: Tensor) -> Tensor:
        """``(m, n, t)`` predictions."""
        return torch.einsum("mnth,mh->mnt", units, self.head.weight[:, :, 0]) + self.head.bias
