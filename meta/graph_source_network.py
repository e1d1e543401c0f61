"""A graph network for all source tasks."""

from __future__ import annotations

from ..encoders.tensors import GraphTensors, graph_tensors
from ..predictors.graph_network import GraphNetwork
from ..spaces import Architectures, SearchSpace
from .source_network import SourceNetwork
from .training import Training

__all__ = ["GraphSourceNetwork"]


class GraphSourceNetwork(SourceNetwork):
    """A `SourceNetwork` that passes messages along the edges of architectures and against them.

    Args:
        members: Networks trained side by side.
        hidden: Width of the nodes' states, and hidden units of each.
        layers: Rounds of message passing.
        training: In which steps.
    """

    def __init__(self, *, members: int, hidden: int, layers: int, training: Training) -> None:
        super().__init__(members=members, hidden=hidden, training=training)
        self.layers = layers

    def _new_network(self, space: SearchSpace, tasks: int) -> GraphNetwork:
        return GraphNetwork(
            members=self.members,
            inputs=graph_tensors(space.from_genotypes([])).x.shape[2],
            outputs=tasks,
            hidden=self.hidden,
            layers=self.layers,
            seed=self.training.seed,
        )

    def _inputs(self, architectures: Architectures) -> GraphTensors:
        return graph_tensors(architectures)
