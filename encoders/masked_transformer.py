"""A transformer whose attention follows the paths of a graph, and which predicts hidden operations."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from .learned import linear
from .tensors import GraphTensors

__all__ = ["INPUT_AND_OUTPUT", "MaskedTransformer", "reachable"]

HEADS = 4  # half of them look against the edges, half along them
INPUT_AND_OUTPUT = 2  # labels that are no operations


def reachable(adjacency: Tensor) -> Tensor:
    """``(n, v, v)`` booleans: from node ``i`` a path leads to node ``j``, or they are one node.

    >>> reachable(torch.tensor([[[0.0, 1, 0], [0, 0, 1], [0, 0, 0]]])).int().tolist()
    [[[1, 1, 1], [0, 1, 1], [0, 0, 1]]]
    """
    nodes = adjacency.shape[1]
    paths = adjacency + torch.eye(nodes, dtype=adjacency.dtype)
    for _ in range(max(nodes - 1, 1).bit_length()):
        paths = (paths @ paths > 0).to(adjacency.dtype)
    return paths > 0


class Block(nn.Module):
    """Attention, then a network of each node's own; both add to the node's state, which is normalised before them.

    Args:
        width: Of nodes' states.
        generator: Draws the initial weights.
    """

    def __init__(self, width: int, generator: torch.Generator) -> None:
        super().__init__()
        self.inside = max(1, width // HEADS)  # width of one head
        self.asked = linear(width, 3 * HEADS * self.inside, generator)
        self.answer = linear(HEADS * self.inside, width, generator)
        self.network = nn.Sequential(
            linear(width, 2 * width, generator), nn.GELU(), linear(2 * width, width, generator)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2))

    def forward(self, h: Tensor, bias: Tensor) -> Tensor:
        """``(n, v, width)`` anew; ``bias`` is ``(n, HEADS, v, v)`` and adds to what node ``i`` makes of node ``j``."""
        n, v, _ = h.shape
        asked = self.asked(self.norms[0](h)).reshape(n, v, 3, HEADS, self.inside)
        queries, keys, values = asked.permute(2, 0, 3, 1, 4)  # (n, HEADS, v, inside) each
        attention = (queries @ keys.transpose(2, 3) * self.inside**-0.5 + bias).softmax(dim=3)
        h = h + self.answer((attention @ values).transpose(1, 2).reshape(n, v, -1))
        new: Tensor = h + self.network(self.norms[1](h))
        return new


class MaskedTransformer(nn.Module):
    """Nodes' states from the nodes that paths join them with; hidden operations from a pair of them (``yan2021cate``).

    Args:
        labels: How many of a node's features are its one-hot label; the others are sizes.
        inputs: Width of the nodes' features.
        width: Of nodes' states.
        layers: Rounds of attention within each architecture.
        cross_layers: Rounds of attention across the pair.
        generator: Draws the initial weights.
    """

    def __init__(
        self, *, labels: int, inputs: int, width: int, layers: int, cross_layers: int, generator: torch.Generator
    ) -> None:
        super().__init__()
        self.labels = labels
        self.embed = linear(inputs, width, generator)
        self.blocks = nn.ModuleList(Block(width, generator) for _ in range(layers))
        self.edge = nn.Parameter(torch.zeros(layers, HEADS, 1, 1))  # what an edge weighs more than a longer path
        self.norm = nn.LayerNorm(width)
        self.hidden = nn.Parameter(torch.zeros(width))  # stands for the operation that is hidden
        self.sides = linear(2, width, generator)  # tells the two of a pair apart
        self.cross = nn.ModuleList(Block(width, generator) for _ in range(cross_layers))
        self.head = linear(width, labels, generator)

    def states(self, graphs: GraphTensors, hide: Tensor | None = None) -> Tensor:
        """``(n, v, width)``: nodes' states; those of which ``(n, v)`` ``hide`` is 1 enter without their features."""
        h = self.embed(graphs.x)
        if hide is not None:
            h = torch.where(hide[:, :, None] > 0, self.hidden, h)
        onward = reachable(graphs.adjacency)
        directions = [(onward.transpose(1, 2), graphs.adjacency.transpose(1, 2)), (onward, graphs.adjacency)]
        allowed, edges = (
            torch.stack(parts * (HEADS // 2), dim=1) for parts in map(list, zip(*directions, strict=True))
        )
        for block, weight in zip(self.blocks, self.edge, strict=True):
            h = block(h, (edges * weight).masked_fill(~allowed, -torch.inf))
        out: Tensor = self.norm(h)
        return out

    def guess(self, first: GraphTensors, second: GraphTensors, hide: Tensor) -> Tensor:
        """``(2, n, v, labels)`` logits of the nodes' labels of a pair, where ``(2, n, v)`` ``hide`` is 1 unseen."""
        n, v, _ = first.x.shape
        states = [self.states(graphs, hidden) for graphs, hidden in zip((first, second), hide, strict=True)]
        h = torch.cat(
            [state + self.sides.weight[:, side] for side, state in enumerate(states)], dim=1
        )  # (n, 2v, width)
        there = torch.cat([first.mask, second.mask], dim=1)
        bias = torch.zeros_like(there).masked_fill(there == 0, -torch.inf)[:, None, None]
        for block in self.cross:
            h = block(h, bias)
        logits: Tensor = self.head(h)
        return logits.reshape(n, 2, v, self.labels).transpose(0, 1)

    def loss(self, first: GraphTensors, second: GraphTensors, share: float, generator: torch.Generator) -> Tensor:
        """The mean cross-entropy of operations, a ``share`` of which is hidden in both architectures of each pair."""
        x, mask = torch.stack([first.x, second.x]), torch.stack([first.mask, second.mask])
        label = x[..., : self.labels].argmax(dim=3)
        drawn = torch.rand(mask.shape, generator=generator) < share
        hide = (drawn & (mask > 0) & (label >= INPUT_AND_OUTPUT)).to(mask.dtype)
        logits = self.guess(first, second, hide)
        each = cross_entropy(logits.flatten(0, 2), label.flatten(), reduction="none")
        return (each * hide.flatten()).sum() / hide.sum().clamp(min=1)
