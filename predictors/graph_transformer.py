"""An ensemble of transformers that know how the nodes are connected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from ..encoders.tensors import GraphTensors
from .attention_predictor import AttentionPredictor
from .dense_steps import normalised
from .ensemble_network import EnsembleNetwork, mean_and_max
from .member_attention import MemberAttention
from .member_linear import MemberLinear
from .structure import depths, return_chances, shortest_paths

__all__ = ["GraphTransformer", "TransformerNetwork"]

LONGEST = 6  # edges from which on paths count as equally long
POWERS = 4  # of the random walk


class TransformerNetwork(EnsembleNetwork):
    """Attention among all nodes, told by structural encodings how they are connected.

    A node's first state adds to its features embeddings of the longest path that leads to it and of the longest that it
    leads to (depths, as the positions in ``yi2023``), and of the Laplacian's `return_chances` (in place of eigenvectors
    as in ``lu2023``, whose signs are arbitrary). The attention's bias of a pair of nodes is learned for each head and
    each length of the shortest path one way and the other (``ying2021``). Each layer is
    ``h ← LayerNorm(h + MemberAttention(h))`` and ``h ← LayerNorm(h + W₂ ReLU(W₁ h))``.

    Args:
        members: ``m`` ensemble members.
        inputs: Width of the nodes' features.
        hidden: Width of the nodes' states.
        layers: How many blocks of attention and feed-forward network.
        heads: Heads of the attention.
        features: How many features of the whole graph join its vector.
        seed: Of the initial weights.
    """

    def __init__(
        self, *, members: int, inputs: int, hidden: int, layers: int, heads: int, features: int, seed: int
    ) -> None:
        super().__init__(members)
        generator = torch.Generator().manual_seed(seed)
        width = inputs + 2 * (LONGEST + 1) + POWERS - 1
        self.embed = MemberLinear(members, width, hidden, generator=generator)
        self.near = nn.Parameter(torch.zeros(members, 2 * (LONGEST + 2), layers * heads))
        self.attention = nn.ModuleList(
            MemberAttention(members, hidden, heads=heads, generator=generator) for _ in range(layers)
        )
        self.first, self.second = (
            nn.ModuleList(MemberLinear(members, hidden, hidden, generator=generator) for _ in range(layers))
            for _ in range(2)
        )
        self._build_head(2 * hidden, hidden, 1, features=features, generator=generator)

    def vector(self, graphs: GraphTensors) -> Tensor:
        """``(m, n, 2 · hidden)``: mean and maximum over the nodes."""
        h = self.embed(self._each(placed(graphs)))
        biases = self._biases(graphs).chunk(len(self.attention), dim=2)
        for attention, bias, first, second in zip(self.attention, biases, self.first, self.second, strict=True):
            h = normalised(h + attention(h, bias))
            h = normalised(h + second(torch.relu(first(h))))
        return mean_and_max(h, graphs.mask)

    def _biases(self, graphs: GraphTensors) -> Tensor:
        """``(m, n, layers · heads, v, v)``: what is added to the attention, ``[..., to, from]``; −∞ from padding."""
        lengths = shortest_paths(graphs.adjacency, LONGEST)  # (n, v, v), [from, to]
        n, v = graphs.mask.shape
        ahead, back = self.near.chunk(2, dim=1)
        table = (ahead[:, :, None] + back[:, None]).flatten(1, 2)  # (m, of every two lengths, layers · heads)
        both = lengths.transpose(1, 2) * (LONGEST + 2) + lengths
        bias = table.index_select(1, both.flatten()).reshape(self.members, n, v, v, -1).permute(0, 1, 4, 2, 3)
        return bias.masked_fill(graphs.mask[:, None, None] == 0, -torch.inf)


def placed(graphs: GraphTensors) -> Tensor:
    """``(n, v, c + ...)``: the nodes' features, their depths from both ends as one-hot codes, and return chances."""
    ahead, back = (
        one_hot(depths(edges, LONGEST), LONGEST + 1).to(graphs.x.dtype)
        for edges in (graphs.adjacency, graphs.adjacency.transpose(1, 2))
    )
    return torch.cat([graphs.x, ahead, back, return_chances(graphs, POWERS)], dim=-1)


class GraphTransformer(AttentionPredictor):
    """Transformers over nodes with structural encodings, as in PINAT (``lu2023``) and NAR-Former (``yi2023``).

    Trained and calibrated as in `NetworkPredictor`.

    Args:
        members: Networks in the ensemble.
        hidden: Width of the nodes' states.
        layers: Blocks of attention and a feed-forward network, at least one.
        heads: Heads of the attention; they divide ``hidden``.
        steps: Gradient steps.
        batch: The most architectures a step sees.
        learning_rate: Largest step size; it falls to zero along a cosine.
        weight_decay: Of AdamW.
        loss: ``"hinge"``, ``"logistic"``, ``"listnet"``, which learn the order, ``"squared-error"`` or ``"mixture"``;
            or a function (`losses.Loss`).
        encoders: Names of encoders, encoders, or a ``FeatureUnion`` of them, whose features join the graphs' vectors
            before the head.
        target: ``"normal-scores"`` or ``"standard"``.
        seed: Of initial weights, of what a member leaves out, and of batches.

    Raises:
        InputError: The heads do not divide ``hidden``; raised by ``fit``.

    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({"first": ("a", "b", "c"), "second": ("a", "b", "c")}).enumerate()
    >>> predictor = GraphTransformer(members=2, hidden=8, steps=40).fit(architectures, architectures.genotypes[:, 0])
    >>> mean = predictor.predict(architectures)
    >>> bool(mean[-1] > mean[0])
    True
    """

    network = TransformerNetwork
    _least: ClassVar[Mapping[str, int]] = {"layers": 1}
