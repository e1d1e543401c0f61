"""Meta-learning of initial weights from which a few gradient steps lead to a new task."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.func import functional_call

from ..encoders.descent import descend
from ..encoders.tensors import GraphTensors, graph_tensors
from ..encoders.threads import one_thread
from ..predictors.graph_network import GraphNetwork
from ..spaces import Architectures, SearchSpace
from .episodes import Episodes
from .episodic_learner import EpisodicLearner, node_features
from .network_rows import network_rows
from .sources import Sources
from .training import capped_steps

__all__ = ["ALIKE", "GradientLearner", "Weights", "inner_loop", "squared_error"]

Array = npt.NDArray[np.float64]
Weights = dict[str, Tensor]

LARGEST = 1.0  # a longer gradient, as second derivatives give now and then, is shortened to this
ALIKE = 0.1  # members' spread is taken to be at least this


class GradientLearner(EpisodicLearner[GraphNetwork, Weights]):
    """A graph network whose initial weights are learned; what a support teaches is the weights after a few steps.

    A subclass writes `_rows`, `_episodes` and `_loss`, and `_moved` names the weights that the steps move. Networks
    trained side by side are members of an ensemble: their mean is the prediction, their standard deviation,
    calibrated, its uncertainty.

    Attributes:
        members: Networks trained side by side.
        hidden: Width of their nodes' states.
        layers: Rounds of message passing.
        inner_steps: Gradient steps to a task when learning.
        inner_rate: Their size.
        adapt_steps: Gradient steps to the target.
        epochs: How often the sources' evaluations are gone through; fewer if that is more than ``steps`` steps.
        steps: The most steps of the initial weights.
        learning_rate: Their largest size.
        seed: Of initial weights and of what is drawn.
    """

    _least: ClassVar[Mapping[str, int]] = {"adapt_steps": 0}

    members: int
    hidden: int
    layers: int
    inner_steps: int
    inner_rate: float
    adapt_steps: int
    epochs: int
    steps: int
    learning_rate: float
    seed: int

    def _build(self, space: SearchSpace, tasks: int) -> GraphNetwork:
        return GraphNetwork(
            members=self.members,
            inputs=node_features(space),
            outputs=1,
            hidden=self.hidden,
            layers=self.layers,
            seed=self.seed,
        )

    def _train(self, sources: Sources) -> None:
        graphs, episodes = graph_tensors(sources.architectures), self._episodes(sources)
        descend(
            self._network.parameters(),
            lambda: self._loss(graphs, episodes),
            steps=capped_steps(sources, rows=self._rows(), epochs=self.epochs, steps=self.steps),
            learning_rate=self.learning_rate,
            largest=LARGEST,
        )

    @abstractmethod
    def _rows(self) -> int:
        """Evaluations that one step sees."""

    @abstractmethod
    def _episodes(self, sources: Sources) -> Episodes:
        """Where `_loss` draws."""

    @abstractmethod
    def _loss(self, graphs: GraphTensors, episodes: Episodes) -> Tensor:
        """A loss of a random episode, of which the initial weights follow the gradient."""

    def _moved(self) -> tuple[str, ...]:
        """The names of the weights that gradient steps to a task move."""
        return tuple(name for name, _ in self._network.named_parameters())

    def _predicts(self, graphs: GraphTensors) -> Callable[[Weights], Tensor]:
        """``(members, n)`` predictions for graphs, as a function of the weights."""
        return lambda weights: functional_call(self._network, weights, (graphs,))[:, :, 0]

    def _initial(self) -> Weights:
        return dict(self._network.named_parameters())

    @one_thread
    def learn(self, architectures: Architectures, z: Array) -> Weights:
        """The weights after gradient steps on ``k`` evaluations."""
        weights = {name: tensor.detach() for name, tensor in self._initial().items()}
        if not len(z):
            return weights
        moved = self._moved()
        start = weights | {name: weights[name].requires_grad_() for name in moved}
        predict, values = self._predicts(graph_tensors(architectures)), torch.from_numpy(z.astype(np.float32))
        for _ in range(self.adapt_steps):  # one at a time, so that no step keeps the graph of those before it
            start = inner_loop(predict, start, moved, values, steps=1, rate=self.inner_rate, first_order=True)
            start |= {name: start[name].detach().requires_grad_() for name in moved}
        return {name: tensor.detach() for name, tensor in start.items()}

    def answer(self, learned: Weights, architectures: Architectures) -> tuple[Array, Array]:
        """The members' mean and spread."""
        members = network_rows(lambda graphs: self._predicts(graphs)(learned).T, architectures).astype(np.float64)
        return members.mean(axis=1), np.hypot(members.std(axis=1), ALIKE)


def inner_loop(
    predict: Callable[[Weights], Tensor],
    weights: Mapping[str, Tensor],
    moved: tuple[str, ...],
    values: Tensor,
    *,
    steps: int,
    rate: float,
    first_order: bool,
) -> Weights:
    """Gradient steps on a support (``finn2017``, section 2.2): ``θ′ = θ − α ∇ L(θ)``, ``steps`` times.

    Args:
        predict: ``(m, k)`` predictions for the support as a function of the weights.
        weights: ``θ`` by name.
        moved: The names of those that the steps move.
        values: ``(k,)`` values of the support; with none, there is no step.
        steps: How many steps.
        rate: ``α``.
        first_order: Take the gradients ``∇ L`` for constants when the result is differentiated.

    Returns:
        ``θ′`` by name, which can be differentiated with respect to ``θ``.
    """
    new = dict(weights)
    for _ in range(steps if len(values) else 0):
        loss = squared_error(predict(new), values)
        gradients = torch.autograd.grad(loss, [new[name] for name in moved], create_graph=not first_order)
        new |= {name: new[name] - rate * gradient for name, gradient in zip(moved, gradients, strict=True)}
    return new


def squared_error(predicted: Tensor, values: Tensor) -> Tensor:
    """The mean over architectures, summed over members, so that members do not meet: ``(m, k)`` and ``(k,)``."""
    return ((predicted - values) ** 2).mean(dim=1).sum()
