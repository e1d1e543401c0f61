"""An ensemble of networks that learned to rank on other tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
from .chunks import CHUNK
from .episodes import Episodes
from .episodic_learner import EpisodicLearner, node_features, some_evaluations
from .network_rows import network_rows
from .sources import Sources
from .training import capped_steps

__all__ = ["RankingEnsemble", "list_loss"]

Array = npt.NDArray[np.float64]

STEADY = 5.0  # evaluations that the offset 0 counts for
AGREED = 200  # evaluations of a source that tell how well the pre-trained scores predict


@dataclass(frozen=True)
class Fitted:
    """What a support teaches: weights, each member's scale of scores, and the offset of the support's scores."""

    weights: dict[str, Tensor]
    centre: Array  # (members,)
    scale: Array  # (members,)
    offset: float


class RankingEnsemble(EpisodicLearner[GraphNetwork, Fitted]):
    """Networks that score architectures, trained to rank those of every source (``khazi2023``).

    All members minimise a weighted listwise loss on lists drawn from random sources; the weights favour the top. On a
    target they go on with that on its support. Scores are standardised over a sample of the sources' architectures, and
    their mean over members is the ranking; it predicts normal scores with the slope that it has on the sources. The
    paper's additional network for a support's meta-features is left out: a support acts through fine-tuning alone.

    Args:
        members: Networks in the ensemble.
        hidden: Width of their nodes' states.
        layers: Rounds of message passing.
        batch: The most architectures in a list.
        epochs: How often the sources' evaluations are gone through; fewer if that is more than ``steps`` steps.
        steps: The most gradient steps on the sources.
        learning_rate: Largest step size on the sources.
        weight_decay: Of AdamW.
        fine_tune: Gradient steps on a target's support.
        fine_tune_rate: Their size.
        residual: Learn what is left over on a target by a Gaussian process on graph features (`ResidualProcess`);
            without, it is the networks alone.
        seed: Of initial weights and lists.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)})
    >>> architectures = space.enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> source = Task("source", architectures, {"accuracy": Metric(y, "maximize")}, objective="accuracy")
    >>> meta = RankingEnsemble(members=2, hidden=16, layers=2, epochs=200, steps=60).fit([source])
    >>> few = architectures[::20]
    >>> mean = meta.adapt(few, -5.0 + few.genotypes.sum(axis=1)).predict(architectures)
    >>> bool(np.corrcoef(mean, y)[0, 1] > 0.9)
    True
    """

    _least: ClassVar[Mapping[str, int]] = {"fine_tune": 0}

    def __init__(
        self,
        *,
        members: int = 4,
        hidden: int = 32,
        layers: int = 3,
        batch: int = 100,
        epochs: int = 40,
        steps: int = 2000,
        learning_rate: float = 3e-3,
        weight_decay: float = 1e-2,
        fine_tune: int = 20,
        fine_tune_rate: float = 1e-3,
        residual: bool = True,
        seed: int = 0,
    ) -> None:
        self.members = members
        self.hidden = hidden
        self.layers = layers
        self.batch = batch
        self.epochs = epochs
        self.steps = steps
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.fine_tune = fine_tune
        self.fine_tune_rate = fine_tune_rate
        self.residual = residual
        self.seed = seed

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
        graphs = graph_tensors(sources.architectures)
        episodes = Episodes(sources, support=0, query=self.batch, seed=self.seed)

        def loss() -> Tensor:
            rows, y = episodes.rows(episodes.task(), self.batch)
            return list_loss(self._network(graphs[rows])[:, :, 0], y).sum()

        descend(
            self._network.parameters(),
            loss,
            steps=capped_steps(sources, rows=self.batch, epochs=self.epochs, steps=self.steps),
            learning_rate=self.learning_rate,
            weight_decay=self.weight_decay,
        )

    def _finish(self, sources: Sources) -> None:
        """The sample of architectures over which scores are standardised, and the slope on the sources."""
        chosen = np.random.default_rng(0).integers(len(sources.architectures), size=CHUNK)
        self._sample = graph_tensors(sources.architectures[chosen])
        self._slope = 1.0
        found = []
        fitted = self.learn(sources.architectures[:0], np.zeros(0))
        for rows, z in some_evaluations(sources, AGREED):
            score, _ = self.answer(fitted, sources.architectures[rows])
            found.append((score @ z + 1) / (score @ score + 2))  # towards a half where there are few
        self._slope = float(np.clip(np.mean(found), 0.1, 1.0))

    @one_thread
    def learn(self, architectures: Architectures, z: Array) -> Fitted:
        """The weights after fine-tuning on ``k`` evaluations; one has no order to learn from."""
        weights = {name: tensor.detach().clone() for name, tensor in self._network.named_parameters()}
        if len(z) > 1:
            graphs, values = graph_tensors(architectures), torch.from_numpy(z)
            moved = [tensor.requires_grad_() for tensor in weights.values()]
            optimiser = torch.optim.Adam(moved, lr=self.fine_tune_rate)
            for _ in range(self.fine_tune):
                optimiser.zero_grad()
                scores = functional_call(self._network, weights, (graphs,))[:, :, 0]
                torch.autograd.backward(list_loss(scores, values).sum())
                optimiser.step()
            weights = {name: tensor.detach() for name, tensor in weights.items()}
        with torch.no_grad():
            usual = functional_call(self._network, weights, (self._sample,))[:, :, 0].double().numpy()  # (m, sample)
        scale = usual.std(axis=1)
        fitted = Fitted(weights, usual.mean(axis=1), np.where(scale > 1e-6, scale, np.inf), 0.0)
        if not len(z):
            return fitted
        away = (z - self.answer(fitted, architectures)[0]).sum() / (len(z) + STEADY)
        return Fitted(weights, fitted.centre, fitted.scale, float(away))

    def answer(self, learned: Fitted, architectures: Architectures) -> tuple[Array, Array]:
        """Mean and spread of the members' standardised scores, with what the slope leaves open."""

        def scores(graphs: GraphTensors) -> Tensor:
            found: Tensor = functional_call(self._network, learned.weights, (graphs,))[:, :, 0].T
            return found

        members = (network_rows(scores, architectures).astype(np.float64) - learned.centre) / learned.scale
        mean = self._slope * members.mean(axis=1) + learned.offset
        return mean, np.sqrt(members.var(axis=1) + 1.0 - self._slope**2 + 1e-2)


def list_loss(scores: Tensor, y: Tensor) -> Tensor:
    """The weighted listwise loss (``khazi2023``, section 3; without weights, ``xia2008``), ``(m,)``.

    With architectures in descending order of ``y``, ``−Σ_i w_i (s_i − log Σ_{j ≥ i} exp s_j) / Σ_i w_i``, where
    ``w_i = 1 / log₂(1 + i)``: the chance of drawing them in that order without replacement, in proportion to ``exp s``.
    Equal values share their place, and all of them are behind each.

    Args:
        scores: ``(m, n)`` scores of ``m`` members.
        y: ``(n,)`` values, larger is better.

    >>> list_loss(torch.zeros(1, 2), torch.tensor([1.0, 0.0])).round(decimals=3)  # log 2 · 1 / (1 + 0.631)
    tensor([0.4250])
    """
    values, order = torch.sort(y, stable=True)  # ascending: those behind come before
    ordered = scores[:, order]
    last = torch.searchsorted(values, values, right=True) - 1  # the last place of equal values
    behind = torch.logcumsumexp(ordered, dim=1)[:, last]
    weights = 1 / torch.log2((len(y) - last).to(scores.dtype) + 1)
    return ((behind - ordered) * weights).sum(dim=1) / weights.sum()
