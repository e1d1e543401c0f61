"""One network for all tasks, which a learned vector tells the tasks apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ..encoders.row_memo import RowMemo
from ..encoders.tensors import graph_tensors
from ..encoders.threads import one_thread
from ..spaces import Architectures, SearchSpace
from .episodic_learner import EpisodicLearner, node_features
from .network_rows import network_rows
from .sources import Sources
from .task_network import TaskNetwork
from .training import Training, train_on_sources

__all__ = ["MultiTask"]

Array = npt.NDArray[np.float64]

NOISE = 0.3  # variance of a normal score about its prediction
SMALLEST = 0.05  # standard deviation of the sources' embeddings is taken to be at least this
RATE = 0.1  # step size of an embedding
ALIKE = 0.1  # spread of predictions is taken to be at least this


@dataclass(frozen=True)
class Fitted:
    """What a support teaches: for each member an embedding, ``(m, d)``, and moments of the last layer's weights."""

    embeddings: Array
    weights: Array  # (m, hidden + 1), the last is the bias
    covariance: Array  # (m, hidden + 1, hidden + 1)


class MultiTask(EpisodicLearner[TaskNetwork, Fitted | None]):
    """A graph network that all tasks share, with an embedding learned for each task (``caruana1997``).

    On a target, first the embedding is fitted to the support, by gradient steps from the mean of the sources' and with
    their spread as its prior; then the last layer, by Bayesian linear regression whose prior mean is what the sources
    taught (``rasmussen2006``, section 2.1). Without a support, the mean over the sources' predictions is given, with
    their spread.

    Args:
        members: Networks trained side by side.
        hidden: Width of their nodes' states and of the head.
        layers: Rounds of message passing.
        dimensions: Length of a task's embedding.
        embedding_steps: Gradient steps that fit it to the target.
        head_spread: Prior standard deviation of predictions about what the embedding alone gives.
        epochs: How often the sources' architectures are gone through.
        steps: The most gradient steps.
        batch: Architectures a step.
        learning_rate: Largest step size.
        weight_decay: Of AdamW.
        residual: Learn what is left over on a target by a Gaussian process on graph features (`ResidualProcess`);
            without, it is the network alone.
        seed: Of initial weights and of the order of architectures.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)})
    >>> architectures = space.enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> source = Task("source", architectures, {"accuracy": Metric(y, "maximize")}, objective="accuracy")
    >>> meta = MultiTask(members=1, hidden=16, layers=2, epochs=100).fit([source])
    >>> few = architectures[::20]
    >>> mean = meta.adapt(few, -5.0 + few.genotypes.sum(axis=1)).predict(architectures)
    >>> bool(np.corrcoef(mean, y)[0, 1] > 0.9)
    True
    """

    _least: ClassVar[Mapping[str, int]] = {"embedding_steps": 0}

    def __init__(
        self,
        *,
        members: int = 2,
        hidden: int = 48,
        layers: int = 3,
        dimensions: int = 8,
        embedding_steps: int = 50,
        head_spread: float = 0.2,
        epochs: int = 40,
        steps: int = 1000,
        batch: int = 512,
        learning_rate: float = 3e-3,
        weight_decay: float = 1e-2,
        residual: bool = True,
        seed: int = 0,
    ) -> None:
        self.members = members
        self.hidden = hidden
        self.layers = layers
        self.dimensions = dimensions
        self.embedding_steps = embedding_steps
        self.head_spread = head_spread
        self.epochs = epochs
        self.steps = steps
        self.batch = batch
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.residual = residual
        self.seed = seed

    def _build(self, space: SearchSpace, tasks: int) -> TaskNetwork:
        return TaskNetwork(
            members=self.members,
            inputs=node_features(space),
            tasks=tasks,
            hidden=self.hidden,
            layers=self.layers,
            dimensions=self.dimensions,
            seed=self.seed,
        )

    def _start(self, space: SearchSpace, tasks: int) -> None:
        super()._start(space, tasks)
        self._memo = RowMemo(self.members * self.hidden)

    def _train(self, sources: Sources) -> None:
        training = Training(
            epochs=self.epochs,
            steps=self.steps,
            batch=self.batch,
            learning_rate=self.learning_rate,
            weight_decay=self.weight_decay,
            seed=self.seed,
        )
        train_on_sources(self._network, graph_tensors(sources.architectures), sources, training)

    def _states(self, architectures: Architectures) -> Tensor:
        """``(m, n, hidden)``, remembered."""
        rows = self._memo.rows(
            architectures.canonical(),
            lambda some: network_rows(lambda graphs: torch.cat(list(self._network.body(graphs)), dim=1), some),
        )
        return torch.from_numpy(rows).reshape(-1, self.members, self.hidden).transpose(0, 1)

    @one_thread
    def learn(self, architectures: Architectures, z: Array) -> Fitted | None:
        """Embeddings and last layers, or None without a support."""
        if not len(z):
            return None
        states, values = self._states(architectures), torch.from_numpy(z.astype(np.float32))
        embeddings = self.fit_embedding(states, values)
        return Fitted(embeddings.numpy().astype(np.float64), *self._fit_head(states, embeddings, z))

    def fit_embedding(self, states: Tensor, values: Tensor) -> Tensor:
        """Embeddings ``(m, d)`` under which ``(m, k, hidden)`` states give ``(k,)`` values; the prior is the sources'.

        It minimises ``Σ (f(xᵢ, u) − zᵢ)² / 2σ² + Σ_d (u_d − ū_d)² / 2s_d²``, where mean ``ū`` and standard deviation
        ``s`` are those of the sources' embeddings.
        """
        network, known = self._network, self._network.tasks.detach()
        mean, std = known.mean(dim=1), known.std(dim=1, correction=0).clamp(min=SMALLEST)
        away = torch.zeros_like(mean, requires_grad=True)  # in standard deviations
        optimiser = torch.optim.Adam([away], lr=RATE)
        for _ in range(self.embedding_steps):
            predicted = network.values(network.units(states, (mean + std * away)[:, None]))[:, :, 0]
            loss = ((predicted - values) ** 2).sum() / (2 * NOISE) + (away**2).sum() / 2
            (away.grad,) = torch.autograd.grad(loss, [away])  # the network's own weights stay as they are
            optimiser.step()
        return (mean + std * away).detach()

    def _fit_head(self, states: Tensor, embeddings: Tensor, z: Array) -> tuple[Array, Array]:
        """Mean and covariance of each member's last layer, the bias last (``rasmussen2006``, equation 2.8)."""
        units = self._units(states, embeddings)  # (m, k, hidden + 1)
        head = self._network.head
        prior = torch.cat([head.weight, head.bias], dim=1)[:, :, 0].detach().double().numpy()  # (m, hidden + 1)
        size = (units**2).sum(axis=2).mean(axis=1)[:, None, None]  # so that predictions, not weights, have the spread
        precision = units.transpose(0, 2, 1) @ units / NOISE + np.eye(units.shape[2]) * size / self.head_spread**2
        residual = z - np.einsum("mkh,mh->mk", units, prior)
        covariance = np.linalg.inv(precision)
        return prior + np.einsum("mgh,mkh,mk->mg", covariance, units, residual) / NOISE, covariance

    def _units(self, states: Tensor, embeddings: Tensor) -> Array:
        """What the last layer sees, and a one for its bias: ``(m, n, hidden + 1)``."""
        with torch.no_grad():
            units = self._network.units(states, embeddings[:, None])[:, :, 0].double().numpy()
        return np.concatenate([units, np.ones((*units.shape[:2], 1))], axis=2)

    def answer(self, learned: Fitted | None, architectures: Architectures) -> tuple[Array, Array]:
        """Mean over members, or over the sources where there was no support, and the standard deviation."""
        states = self._states(architectures)
        if learned is None:
            with torch.no_grad():
                values = self._network.values(self._network.units(states, self._network.tasks)).double().numpy()
            each = values.mean(axis=0)  # (n, t)
            return each.mean(axis=1), np.hypot(each.std(axis=1), ALIKE)
        units = self._units(states, torch.from_numpy(learned.embeddings.astype(np.float32)))
        members = np.einsum("mnh,mh->mn", units, learned.weights)
        variance = np.einsum("mnh,mhg,mng->mn", units, learned.covariance, units, optimize=True).mean(axis=0)
        return members.mean(axis=0), np.sqrt(variance + members.var(axis=0) + ALIKE**2)
