"""What all graph networks of ensembles share: nodes in, a vector a graph, a head."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import torch
from torch import Tensor, nn

from ..encoders.tensors import GraphTensors
from .equal_nodes import EqualNodes
from .member_linear import MemberLinear

__all__ = ["EnsembleNetwork", "mean_and_max"]


class EnsembleNetwork(nn.Module, ABC):
    """``m`` graph networks side by side, each with weights of its own.

    A subclass builds its layers, then calls ``_build_head``, and writes `vector`. Features of whole graphs, if there
    are any, join the vector before the last two layers. Padding must never count.

    Args:
        members: ``m``.
    """

    def __init__(self, members: int) -> None:
        super().__init__()
        self.members = members

    def _build_head(
        self, width: int, hidden: int, outputs: int, *, features: int = 0, generator: torch.Generator
    ) -> None:
        """The last two layers, for a `vector` of that width."""
        self.pool = MemberLinear(self.members, width + features, hidden, generator=generator)
        self.head = MemberLinear(self.members, hidden, outputs, generator=generator)

    def prepared(self, graphs: GraphTensors) -> GraphTensors | EqualNodes:
        """The same graphs as `forward` is fastest on, if it is to see them many times."""
        return graphs

    @abstractmethod
    def vector(self, graphs: Any) -> Tensor:
        """``(m, n, width)``: one vector a graph and member, from the nodes of graphs as they are or `prepared`."""

    def embedding(self, graphs: GraphTensors | EqualNodes, features: Tensor | None = None) -> Tensor:
        """``(m, n, hidden)``: what the head sees of each graph; ``features`` is ``(n, f)``."""
        vector = self.vector(graphs)
        if features is not None:
            vector = torch.cat([vector, features.expand(self.members, -1, -1)], dim=-1)
        return torch.relu(self.pool(vector))

    def forward(self, graphs: GraphTensors | EqualNodes, features: Tensor | None = None) -> Tensor:
        """``(m, n, outputs)``."""
        values: Tensor = self.head(self.embedding(graphs, features))
        return values

    def _each(self, x: Tensor) -> Tensor:
        """The same ``(n, ...)`` for every member: ``(m, n, ...)``."""
        return x.expand(self.members, *x.shape)


def mean_and_max(h: Tensor, mask: Tensor) -> Tensor:
    """``(m, n, v, h)`` states of nodes → ``(m, n, 2h)``: mean and maximum over those with ``(n, v)`` mask 1."""
    there = mask[:, :, None]
    mean = (h * (there / there.sum(dim=1, keepdim=True))).sum(dim=2)
    return torch.cat([mean, (h + there.log()).amax(dim=2)], dim=-1)  # log 0 = −∞
