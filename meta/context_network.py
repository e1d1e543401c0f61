"""A transformer from a task's evaluations and other architectures to a normal distribution for each of these."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..encoders.tensors import GraphTensors
from ..predictors.graph_network import GraphNetwork
from ..predictors.member_linear import MemberLinear

__all__ = ["Attention", "ContextNetwork"]

LEAST = 0.05  # standard deviations are at least this


class Attention(nn.Module):
    """A layer of a transformer: all tokens look at those of the support, then at themselves alone.

    Normalisation comes first; ``x ← x + softmax(Q Kᵀ / √d) V``, then ``x ← x + MLP(x)`` (``vaswani2017``).

    Args:
        width: Width of a token.
        heads: Heads of attention, among which the width is divided.
        generator: Draws the initial weights.
    """

    def __init__(self, width: int, heads: int, *, generator: torch.Generator) -> None:
        super().__init__()
        self.heads = heads
        self.ask = MemberLinear(1, width, width, generator=generator)
        self.tell = MemberLinear(1, width, 2 * width, generator=generator)
        self.join = MemberLinear(1, width, width, generator=generator)
        self.first = MemberLinear(1, width, 2 * width, generator=generator)
        self.second = MemberLinear(1, 2 * width, width, generator=generator)

    def forward(self, x: Tensor, support: Tensor) -> Tensor:
        """Map ``(b, n, w)`` tokens to new ones, given ``(b, k, w)`` tokens of supports, ``k >= 1``."""
        keys, values = self._split(_linear(self.tell, _normal(support))).chunk(2, dim=-1)  # (b, heads, k, w / heads)
        asked = self._split(_linear(self.ask, _normal(x)))
        found = nn.functional.scaled_dot_product_attention(asked, keys, values)
        x = x + _linear(self.join, found.transpose(1, 2).reshape(x.shape))
        return x + _linear(self.second, torch.relu(_linear(self.first, _normal(x))))

    def _split(self, x: Tensor) -> Tensor:
        b, n, w = x.shape
        return x.reshape(b, n, self.heads, w // self.heads).transpose(1, 2)


class ContextNetwork(nn.Module):
    """Architectures and the values of some of them in, a normal distribution for each of the others out.

    A graph network makes a token of each architecture; to those of the support their values are added, and one token
    more that stands for the space, so that a support may be empty. There is no position, so the order of a support
    does not matter; queries do not see each other.

    Args:
        inputs: Width of the nodes' features.
        hidden: Width of nodes' states and of tokens.
        graph_layers: Rounds of message passing.
        layers: Layers of attention.
        heads: Heads of attention.
        seed: Of the initial weights.
    """

    def __init__(self, *, inputs: int, hidden: int, graph_layers: int, layers: int, heads: int, seed: int) -> None:
        super().__init__()
        self.graphs = GraphNetwork(
            members=1, inputs=inputs, outputs=hidden, hidden=hidden, layers=graph_layers, seed=seed
        )
        generator = torch.Generator().manual_seed(seed + 1)
        self.value = MemberLinear(1, 2, hidden, generator=generator)  # of a value and its square
        self.nothing = nn.Parameter(torch.randn(hidden, generator=generator) * hidden**-0.5)
        self.attention = nn.ModuleList(Attention(hidden, heads, generator=generator) for _ in range(layers))
        self.out = MemberLinear(1, hidden, 2, generator=generator)

    def tokens(self, graphs: GraphTensors) -> Tensor:
        """``(n, hidden)``: what an architecture is, without a value."""
        found: Tensor = self.graphs(graphs)[0]
        return found

    def forward(self, support: Tensor, values: Tensor, query: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation, ``(b, q)`` each.

        Args:
            support: ``(b, k, hidden)`` tokens of ``b`` tasks; ``k`` may be 0.
            values: ``(b, k)`` their values.
            query: ``(b, q, hidden)`` tokens.
        """
        told = support + _linear(self.value, torch.stack([values, values**2 - 1], dim=2))
        told = torch.cat([told, self.nothing.expand(len(told), 1, -1)], dim=1)
        for layer in self.attention:
            query = layer(query, told)
            told = layer(told, told)
        mean, raw = _linear(self.out, _normal(query)).unbind(dim=2)
        return mean, nn.functional.softplus(raw) + LEAST


def _linear(layer: MemberLinear, x: Tensor) -> Tensor:
    """A linear map of the last axis of ``(b, n, i)``."""
    flat = torch.addmm(layer.bias[0], x.reshape(-1, x.shape[2]), layer.weight[0])
    return flat.reshape(*x.shape[:2], layer.weight.shape[2])


def _normal(x: Tensor) -> Tensor:
    return nn.functional.layer_norm(x, x.shape[-1:])
