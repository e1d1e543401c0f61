"""A network that reads a task's evaluations and predicts others in one pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ..encoders.descent import descend
from ..encoders.row_memo import RowMemo
from ..encoders.tensors import graph_tensors
from ..encoders.threads import one_thread
from ..spaces import Architectures, InputError, SearchSpace
from .chunks import CHUNK
from .context_network import ContextNetwork
from .episodic_learner import EpisodicLearner, node_features
from .network_rows import network_rows
from .prior_tasks import PriorTasks
from .sources import Sources

__all__ = ["InContext"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """What a support teaches: its tokens, ``(k, hidden)``, and values, ``(k,)``."""

    tokens: Tensor
    values: Tensor


class InContext(EpisodicLearner[ContextNetwork, Fitted]):
    """A transformer that reads a target's support and predicts in one pass, without any fitting.

    It is a prior-data fitted network (``mueller2022``), or an attentive neural process without a latent variable
    (``garnelo2018``): trained once, to predict tasks drawn from a prior, it answers a new task as Bayesian inference
    under this prior would. The prior is that of `PriorTasks`: the sources as they are, mixtures of them, and functions
    drawn from Gaussian processes on graph features. Supports have any size from 0 and are at times chosen from the top,
    as a search does.

    Args:
        hidden: Width of the graph network and of tokens.
        graph_layers: Rounds of message passing.
        layers: Layers of attention.
        heads: Heads of attention; they divide ``hidden``.
        support: The most evaluations of a support in training.
        query: Evaluations to predict in each.
        tasks: Tasks in one step, all on the same architectures.
        source_share: Share of them that are sources as they are; the others are synthetic.
        steps: Gradient steps.
        learning_rate: Largest step size.
        weight_decay: Of AdamW.
        residual: Learn what is left over on a target by a Gaussian process on graph features (`ResidualProcess`);
            without, it is the plain method.
        seed: Of initial weights and tasks.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)})
    >>> architectures = space.enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> source = Task("source", architectures, {"accuracy": Metric(y, "maximize")}, objective="accuracy")
    >>> meta = InContext(hidden=16, graph_layers=1, layers=1, heads=2, tasks=4, steps=60).fit([source])
    >>> few = architectures[::20]
    >>> mean = meta.adapt(few, -5.0 + few.genotypes.sum(axis=1)).predict(architectures)
    >>> bool(np.corrcoef(mean, y)[0, 1] > 0.8)
    True
    """

    _least: ClassVar[Mapping[str, int]] = {"graph_layers": 0, "support": 0}

    def __init__(
        self,
        *,
        hidden: int = 48,
        graph_layers: int = 3,
        layers: int = 2,
        heads: int = 4,
        support: int = 100,
        query: int = 64,
        tasks: int = 8,
        source_share: float = 0.25,
        steps: int = 1200,
        learning_rate: float = 2e-3,
        weight_decay: float = 1e-2,
        residual: bool = True,
        seed: int = 0,
    ) -> None:
        self.hidden = hidden
        self.graph_layers = graph_layers
        self.layers = layers
        self.heads = heads
        self.support = support
        self.query = query
        self.tasks = tasks
        self.source_share = source_share
        self.steps = steps
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.residual = residual
        self.seed = seed

    def _build(self, space: SearchSpace, tasks: int) -> ContextNetwork:
        if self.hidden % self.heads:
            raise InputError(f"hidden={self.hidden} cannot be divided among heads={self.heads}; make it a multiple.")
        return ContextNetwork(
            inputs=node_features(space),
            hidden=self.hidden,
            graph_layers=self.graph_layers,
            layers=self.layers,
            heads=self.heads,
            seed=self.seed,
        )

    def _start(self, space: SearchSpace, tasks: int) -> None:
        super()._start(space, tasks)
        self._memo = RowMemo(self.hidden)

    def _train(self, sources: Sources) -> None:
        graphs = graph_tensors(sources.architectures)
        prior = PriorTasks(
            sources,
            support=self.support,
            query=self.query,
            tasks=self.tasks,
            source_share=self.source_share,
            seed=self.seed,
        )

        def loss() -> Tensor:
            """The negative log likelihood of the queries, without its constant."""
            drawn = prior.draw()
            tokens = self._network.tokens(graphs[drawn.rows])  # (r, hidden)
            k = drawn.support_y.shape[1]
            support, query = tokens[drawn.order[:, :k]], tokens[drawn.order[:, k:]]
            mean, std = self._network(support, drawn.support_y, query)
            likelihood: Tensor = (((drawn.query_y - mean) / std) ** 2 / 2 + std.log()).mean()
            return likelihood

        descend(
            self._network.parameters(),
            loss,
            steps=self.steps,
            learning_rate=self.learning_rate,
            weight_decay=self.weight_decay,
            largest=1.0,
        )

    def _tokens(self, architectures: Architectures) -> Tensor:
        """``(n, hidden)``, remembered."""
        rows = self._memo.rows(architectures.canonical(), lambda some: network_rows(self._network.tokens, some))
        return torch.from_numpy(rows)

    @one_thread
    def learn(self, architectures: Architectures, z: Array) -> Fitted:
        """The support as tokens and values: all the rest happens in `answer`."""
        tokens = self._tokens(architectures) if len(z) else torch.zeros(0, self.hidden)
        return Fitted(tokens, torch.from_numpy(z.astype(np.float32)))

    @one_thread
    @torch.no_grad()
    def answer(self, learned: Fitted, architectures: Architectures) -> tuple[Array, Array]:
        """Mean and standard deviation by the network, so many architectures at a time."""
        tokens = self._tokens(architectures)
        n = len(tokens)
        padded = tokens[torch.arange(-(-n // CHUNK) * CHUNK).clamp(max=n - 1)]  # as `in_chunks` does
        parts = [
            torch.stack(self._network(learned.tokens[None], learned.values[None], padded[start : start + CHUNK][None]))
            for start in range(0, len(padded), CHUNK)
        ]
        mean, std = torch.cat(parts, dim=2)[:, 0, :n].double().numpy()
        return mean, std
