"""An ensemble of networks through which information flows as data do through the architecture."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import torch
from torch import Tensor, nn

from ..encoders.tensors import GraphTensors
from .dense_gated_flow import DenseGatedFlow
from .dense_steps import normalised
from .ensemble_network import EnsembleNetwork, mean_and_max
from .equal_nodes import EqualNodes
from .equal_steps import pooled
from .fused_gates import gated_flows
from .member_linear import MemberLinear
from .network_predictor import NetworkPredictor

__all__ = ["GATES", "GatedFlowNetwork"]


class GatedFlowNetwork(EnsembleNetwork):
    """Gated flows along the edges and against them, each with half of the other's in every layer; pooled.

    The layers are ``h ← LayerNorm(ReLU(f + b / 2))`` and ``g ← LayerNorm(ReLU(b + f / 2))`` of the flows
    ``f = DenseGatedFlow(h, o, A)`` and ``b = DenseGatedFlow(g, o, Aᵀ)``, with gates that embeddings ``o`` of the nodes'
    operations set; the first states are embeddings too. Where ``ning2020`` start from the input node alone and read
    the output node, here all nodes start at once and all are read, as in ``akhauri2024``. By the other's half, a node
    knows in each layer what lies before it and behind it.

    Args:
        members: ``m`` ensemble members.
        inputs: Width of the nodes' features.
        hidden: Width of the nodes' states.
        layers: Steps of each flow.
        features: How many features of the whole graph join its vector.
        seed: Of the initial weights.
    """

    def __init__(self, *, members: int, inputs: int, hidden: int, layers: int, features: int, seed: int) -> None:
        super().__init__(members)
        generator = torch.Generator().manual_seed(seed)
        self.embed = MemberLinear(members, inputs, hidden, generator=generator)
        self.forwards, self.backwards = (
            nn.ModuleList(DenseGatedFlow(members, hidden, hidden, hidden, generator=generator) for _ in range(layers))
            for _ in range(2)
        )
        self._build_head(4 * hidden, hidden, 1, features=features, generator=generator)

    def prepared(self, graphs: GraphTensors) -> EqualNodes:
        """The graphs with equal nodes computed once; training then takes less than two thirds of the time."""
        return EqualNodes(graphs, len(self.forwards))

    def vector(self, graphs: GraphTensors | EqualNodes) -> Tensor:
        """``(m, n, 4 · hidden)``: mean and maximum over the nodes of both flows."""
        ahead = behind = operations = self.embed(self._each(graphs.x))
        if isinstance(graphs, EqualNodes):
            flows = operations.transpose(0, 1)[:, None].expand(-1, 2, -1, -1)
            layers = cast(
                Iterable[tuple[DenseGatedFlow, DenseGatedFlow]], zip(self.forwards, self.backwards, strict=True)
            )
            for kinds, both in zip(graphs.rounds, layers, strict=True):
                new = gated_flows(flows, operations, kinds, both)
                flows = normalised(torch.add(new, new.flip(1), alpha=0.5).relu_())
            return torch.cat([pooled(h.transpose(0, 1), graphs) for h in flows.unbind(1)], dim=-1)
        back = graphs.adjacency.transpose(1, 2)
        for forwards, backwards in zip(self.forwards, self.backwards, strict=True):
            f, b = forwards(ahead, operations, graphs.adjacency), backwards(behind, operations, back)
            ahead, behind = (normalised(torch.add(h, other, alpha=0.5).relu_()) for h, other in ((f, b), (b, f)))
        return torch.cat([mean_and_max(h, graphs.mask) for h in (ahead, behind)], dim=-1)


class GATES(NetworkPredictor):
    """Gated flows of information, as in GATES (``ning2020``) and FLAN (``akhauri2024``), forwards and backwards.

    Trained and calibrated as in `NetworkPredictor`.

    Args:
        members: Networks in the ensemble.
        hidden: Width of the nodes' states.
        layers: Steps of each flow.
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
    >>> predictor = GATES(members=2, hidden=8, layers=2, steps=40).fit(architectures, architectures.genotypes[:, 0])
    >>> mean = predictor.predict(architectures)
    >>> bool(mean[-1] > mean[0])
    True
    """

    network = GatedFlowNetwork
