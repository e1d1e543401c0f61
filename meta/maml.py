"""Model-agnostic meta-learning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from torch import Tensor

from ..encoders.tensors import GraphTensors
from .episodes import Episodes
from .gradient_learner import GradientLearner, inner_loop, squared_error
from .sources import Sources

__all__ = ["MAML"]


class MAML(GradientLearner):
    """Initial weights that a few gradient steps on a support bring to a new task (``finn2017``, algorithm 1).

    ``min_θ Σ_t L_t(θ − α ∇ L_t(θ))``: the inner gradient on a support, the outer loss on other evaluations of the
    same task. Supports may be empty, so that the initial weights themselves predict too. Each step sees one task,
    and Adam's momentum makes a batch of them.

    Args:
        first_order: Leave out the second derivatives, which costs less and loses little (``nichol2018``).
        members: Networks trained side by side.
        hidden: Width of their nodes' states.
        layers: Rounds of message passing.
        inner_steps: Gradient steps to a task when learning.
        inner_rate: Their size ``α``.
        adapt_steps: Gradient steps to the target.
        support: The most evaluations of an episode to learn from.
        query: Evaluations of an episode to predict.
        epochs: How often the sources' evaluations are gone through; fewer if that is more than ``steps`` steps.
        steps: The most steps of the initial weights.
        learning_rate: Their largest size.
        residual: Learn what is left over on a target by a Gaussian process on graph features (`ResidualProcess`);
            without, it is the plain method.
        seed: Of initial weights and episodes.

    >>> import numpy as np
    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)})
    >>> architectures = space.enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> source = Task("source", architectures, {"accuracy": Metric(y, "maximize")}, objective="accuracy")
    >>> meta = MAML(members=1, hidden=16, layers=1, epochs=200, steps=40).fit([source])
    >>> few = architectures[::20]
    >>> mean = meta.adapt(few, -5.0 + few.genotypes.sum(axis=1)).predict(architectures)
    >>> bool(np.corrcoef(mean, y)[0, 1] > 0.9)
    True
    """

    _least: ClassVar[Mapping[str, int]] = {"support": 0}

    def __init__(
        self,
        *,
        first_order: bool = False,
        members: int = 2,
        hidden: int = 32,
        layers: int = 3,
        inner_steps: int = 5,
        inner_rate: float = 0.05,
        adapt_steps: int = 10,
        support: int = 64,
        query: int = 64,
        epochs: int = 40,
        steps: int = 1000,
        learning_rate: float = 3e-3,
        residual: bool = True,
        seed: int = 0,
    ) -> None:
        self.first_order = first_order
        self.members = members
        self.hidden = hidden
        self.layers = layers
        self.inner_steps = inner_steps
        self.inner_rate = inner_rate
        self.adapt_steps = adapt_steps
        self.support = support
        self.query = query
        self.epochs = epochs
        self.steps = steps
        self.learning_rate = learning_rate
        self.residual = residual
        self.seed = seed

    def _rows(self) -> int:
        return self.support + self.query

    def _episodes(self, sources: Sources) -> Episodes:
        return Episodes(sources, support=self.support, query=self.query, seed=self.seed)

    def _loss(self, graphs: GraphTensors, episodes: Episodes) -> Tensor:
        episode = episodes.draw()
        weights = inner_loop(
            self._predicts(graphs[episode.support]),
            self._initial(),
            self._moved(),
            episode.support_y,
            steps=self.inner_steps,
            rate=self.inner_rate,
            first_order=self.first_order,
        )
        return squared_error(self._predicts(graphs[episode.query])(weights), episode.query_y)
