"""Reptile: initial weights that move towards those of each task."""

from __future__ import annotations

import torch
from torch import Tensor

from ..encoders.tensors import GraphTensors
from .episodes import Episodes
from .gradient_learner import GradientLearner, Weights, inner_loop
from .sources import Sources

__all__ = ["Reptile", "reptile_loss"]


class Reptile(GradientLearner):
    """Initial weights near to the good weights of every task (``nichol2018``, algorithm 1).

    From the initial weights ``φ``, some gradient steps of size ``α`` on batches of one task lead to ``φ̃``; then ``φ``
    moves towards it, here by Adam on the gradient ``(φ − φ̃) / α``, which the paper names as one of the ways.

    Args:
        members: Networks trained side by side.
        hidden: Width of their nodes' states.
        layers: Rounds of message passing.
        inner_steps: Gradient steps to a task when learning, each on a batch of its own.
        inner_rate: Their size ``α``.
        adapt_steps: Gradient steps to the target, each on its whole support.
        batch: Evaluations a step.
        epochs: How often the sources' evaluations are gone through; fewer if that is more than ``steps`` steps.
        steps: The most steps of the initial weights.
        learning_rate: Their largest size.
        residual: Learn what is left over on a target by a Gaussian process on graph features (`ResidualProcess`);
            without, it is the plain method.
        seed: Of initial weights and batches.

    >>> import numpy as np
    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)})
    >>> architectures = space.enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> source = Task("source", architectures, {"accuracy": Metric(y, "maximize")}, objective="accuracy")
    >>> meta = Reptile(members=1, hidden=16, layers=1, epochs=400, steps=40).fit([source])
    >>> few = architectures[::20]
    >>> mean = meta.adapt(few, -5.0 + few.genotypes.sum(axis=1)).predict(architectures)
    >>> bool(np.corrcoef(mean, y)[0, 1] > 0.9)
    True
    """

    def __init__(
        self,
        *,
        members: int = 2,
        hidden: int = 32,
        layers: int = 3,
        inner_steps: int = 8,
        inner_rate: float = 0.05,
        adapt_steps: int = 20,
        batch: int = 64,
        epochs: int = 40,
        steps: int = 1000,
        learning_rate: float = 3e-3,
        residual: bool = True,
        seed: int = 0,
    ) -> None:
        self.members = members
        self.hidden = hidden
        self.layers = layers
        self.inner_steps = inner_steps
        self.inner_rate = inner_rate
        self.adapt_steps = adapt_steps
        self.batch = batch
        self.epochs = epochs
        self.steps = steps
        self.learning_rate = learning_rate
        self.residual = residual
        self.seed = seed

    def _rows(self) -> int:
        return self.batch * self.inner_steps

    def _episodes(self, sources: Sources) -> Episodes:
        return Episodes(sources, support=0, query=self.batch, seed=self.seed)

    def _loss(self, graphs: GraphTensors, episodes: Episodes) -> Tensor:
        task = episodes.task()
        weights = {name: tensor.detach().requires_grad_() for name, tensor in self._initial().items()}
        moved = self._moved()
        for _ in range(self.inner_steps):
            rows, y = episodes.rows(task, self.batch)
            weights = inner_loop(
                self._predicts(graphs[rows]), weights, moved, y, steps=1, rate=self.inner_rate, first_order=True
            )
            weights = {name: tensor.detach().requires_grad_() for name, tensor in weights.items()}
        return reptile_loss(self._initial(), weights, self.inner_rate)


def reptile_loss(initial: Weights, reached: Weights, rate: float) -> Tensor:
    """A loss whose gradient with respect to the initial weights ``φ`` is ``(φ − φ̃) / α`` (``nichol2018``).

    Args:
        initial: ``φ`` by name.
        reached: ``φ̃``, the weights after the steps on a task.
        rate: ``α``.
    """
    distances = [((initial[name] - reached[name].detach()) ** 2).sum() for name in initial]
    return torch.stack(distances).sum() / (2 * rate)
