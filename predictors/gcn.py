"""An ensemble of graph convolutional networks with a global node."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import torch
from torch import Tensor, nn

from ..encoders.tensors import GraphTensors
from .dense_gcn import DenseGCN, edge_weights
from .dense_steps import normalised, taken
from .ensemble_network import EnsembleNetwork
from .member_linear import MemberLinear
from .network_predictor import NetworkPredictor

__all__ = ["GCN", "GCNNetwork"]


class GCNNetwork(EnsembleNetwork):
    """Graph convolutions along and against the edges of graphs with one more node, which takes from all others.

    Each layer is ``h ← LayerNorm(h + ReLU(DenseGCN(h, A) + DenseGCN(h, Aᵀ)))``; the global node's state is the graph's
    vector (``dudziak2020``, who convolve along the edges alone).

    Args:
        members: ``m`` ensemble members.
        inputs: Width of the nodes' features.
        hidden: Width of the nodes' states.
        layers: Rounds of message passing.
        features: How many features of the whole graph join its vector.
        seed: Of the initial weights.
    """

    def __init__(self, *, members: int, inputs: int, hidden: int, layers: int, features: int, seed: int) -> None:
        super().__init__(members)
        generator = torch.Generator().manual_seed(seed)
        self.embed = MemberLinear(members, inputs + 1, hidden, generator=generator)
        self.forwards = nn.ModuleList(DenseGCN(members, hidden, hidden, generator=generator) for _ in range(layers))
        self.backwards = nn.ModuleList(DenseGCN(members, hidden, hidden, generator=generator) for _ in range(layers))
        self._build_head(hidden, hidden, 1, features=features, generator=generator)

    def vector(self, graphs: GraphTensors) -> Tensor:
        """``(m, n, hidden)``: the global node's state."""
        with_global = with_global_node(graphs)
        ahead, behind = edge_weights(with_global.adjacency), edge_weights(turned(with_global.adjacency))
        h = self.embed(self._each(with_global.x))
        pairs = cast(Iterable[tuple[DenseGCN, DenseGCN]], zip(self.forwards, self.backwards, strict=True))
        for layer, (forwards, backwards) in enumerate(pairs, start=1):
            if layer == len(self.forwards):  # of the last states only the global node's is asked for
                ahead, behind = (edges[:, :, -1:].contiguous() for edges in (ahead, behind))
            new = forwards.linear(taken(h, ahead)) + backwards.linear(taken(h, behind))
            h = normalised(h[:, :, -new.shape[2] :] + new.relu_())
        state: Tensor = h[:, :, -1]
        return state


def with_global_node(graphs: GraphTensors) -> GraphTensors:
    """With one more node, the last, to which an edge leads from every other; one more feature marks it."""
    n, v, c = graphs.x.shape
    x = torch.zeros(n, v + 1, c + 1)
    x[:, :v, :c] = graphs.x
    x[:, v, c] = 1
    adjacency = torch.zeros(n, v + 1, v + 1)
    adjacency[:, :v, :v] = graphs.adjacency
    adjacency[:, :v, v] = graphs.mask
    return GraphTensors(x, adjacency, torch.cat([graphs.mask, torch.ones(n, 1)], dim=1))


def turned(adjacency: Tensor) -> Tensor:
    """The edges of `with_global_node` the other way round, but for those to the global node, which takes both ways."""
    back = adjacency.transpose(1, 2).clone()
    back[:, -1], back[:, :, -1] = 0, adjacency[:, :, -1]
    return back


class GCN(NetworkPredictor):
    """Graph convolutional networks (``kipf2017``) with a global node, as in BRP-NAS (``dudziak2020``).

    Trained and calibrated as in `NetworkPredictor`.

    Args:
        members: Networks in the ensemble.
        hidden: Width of the nodes' states.
        layers: Rounds of message passing.
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

    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({"first": ("a", "b", "c"), "second": ("a", "b", "c")}).enumerate()
    >>> predictor = GCN(members=2, hidden=8, layers=2, steps=40).fit(architectures, architectures.genotypes[:, 0])
    >>> mean = predictor.predict(architectures)
    >>> bool(mean[-1] > mean[0])
    True
    """

    network = GCNNetwork
