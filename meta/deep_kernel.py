"""A Gaussian process whose kernel, a network, was learned on other tasks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ..encoders.descent import descend
from ..encoders.row_memo import RowMemo
from ..encoders.tensors import GraphTensors, graph_tensors
from ..encoders.threads import one_thread
from ..predictors.exact_gp import ExactGP
from ..predictors.kernels import Kernel, LogNormal
from ..spaces import Architectures, SearchSpace
from .episodes import Episodes
from .episodic_learner import EpisodicLearner, node_features
from .kernel_network import KernelNetwork, marginal_loss
from .network_rows import network_rows
from .sources import Sources
from .training import capped_steps

__all__ = ["DeepKernel"]

Array = npt.NDArray[np.float64]

FREEDOM = 0.7  # prior standard deviation of a target's log hyper-parameters about the sources'
ALIKE = 0.05  # standard deviations are taken to be at least this


@dataclass(frozen=True)
class Fitted:
    """What a support teaches: the Gaussian process, if there is one, and the weights if they were fine-tuned."""

    gp: ExactGP | None
    network: KernelNetwork | None


class DeepKernel(EpisodicLearner[KernelNetwork, Fitted]):
    """A Gaussian process on features that a network learned across tasks (FSBO, ``wistuba2021``).

    Network and hyper-parameters minimise the negative log marginal likelihood of random batches of random sources
    (algorithm 1). On a target, the hyper-parameters are fitted again to its support, with the sources' as the priors'
    medians; with ``fine_tune``, as in the paper, the network is first trained on the support too, by the same loss.
    Beyond the paper, the process has a learned mean, so that there is an answer without a support, and a target may
    follow it more or less; the labels' scale needs no augmentation, because they are normal scores.

    Args:
        hidden: Width of the network's node states.
        layers: Rounds of message passing.
        features: How many features the kernel sees.
        fine_tune: Gradient steps of the network on a target's support; 0, unlike in the paper, leaves it as it is.
        fine_tune_rate: Their size.
        batch: The most evaluations of a source in one step.
        epochs: How often the sources' evaluations are gone through; fewer if that is more than ``steps`` steps.
        steps: The most gradient steps.
        learning_rate: Largest step size.
        weight_decay: Of AdamW.
        residual: Learn what is left over on a target by a Gaussian process on graph features (`ResidualProcess`);
            without, it is the process alone.
        seed: Of initial weights and batches.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)})
    >>> architectures = space.enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> source = Task("source", architectures, {"accuracy": Metric(y, "maximize")}, objective="accuracy")
    >>> meta = DeepKernel(hidden=16, layers=2, epochs=200, steps=100).fit([source])
    >>> few = architectures[::20]
    >>> mean = meta.adapt(few, -5.0 + few.genotypes.sum(axis=1)).predict(architectures)
    >>> bool(np.corrcoef(mean, y)[0, 1] > 0.9)
    True
    """

    def __init__(
        self,
        *,
        hidden: int = 48,
        layers: int = 3,
        features: int = 16,
        fine_tune: int = 0,
        fine_tune_rate: float = 1e-3,
        batch: int = 128,
        epochs: int = 40,
        steps: int = 2000,
        learning_rate: float = 3e-3,
        weight_decay: float = 1e-2,
        residual: bool = True,
        seed: int = 0,
    ) -> None:
        self.hidden = hidden
        self.layers = layers
        self.features = features
        self.fine_tune = fine_tune
        self.fine_tune_rate = fine_tune_rate
        self.batch = batch
        self.epochs = epochs
        self.steps = steps
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.residual = residual
        self.seed = seed

    def _build(self, space: SearchSpace, tasks: int) -> KernelNetwork:
        return KernelNetwork(
            inputs=node_features(space),
            hidden=self.hidden,
            layers=self.layers,
            features=self.features,
            seed=self.seed,
        )

    def _start(self, space: SearchSpace, tasks: int) -> None:
        super()._start(space, tasks)
        self._memo = RowMemo(1 + self.features)

    def _train(self, sources: Sources) -> None:
        graphs = graph_tensors(sources.architectures)
        episodes = Episodes(sources, support=0, query=self.batch, seed=self.seed)

        def loss() -> Tensor:
            rows, y = episodes.rows(episodes.task(), self.batch)
            return batch_loss(self._network, graphs[rows], y.double())

        descend(
            self._network.parameters(),
            loss,
            steps=capped_steps(sources, rows=self.batch, epochs=self.epochs, steps=self.steps),
            learning_rate=self.learning_rate,
            weight_decay=self.weight_decay,
        )

    @one_thread
    def learn(self, architectures: Architectures, z: Array) -> Fitted:
        """The process conditioned on ``k`` evaluations."""
        if not len(z):
            return Fitted(None, None)
        network = self._tuned(architectures, z) if self.fine_tune else None
        scale = (network or self._network).scale()
        prior = {name: LogNormal(float(value), FREEDOM) for name, value in scale.items()}
        kernels = (
            Kernel("linear", prior["constant"]),
            Kernel("linear", prior["slope"]),
            Kernel("matern", prior["variance"], LogNormal(1.0, FREEDOM)),
        )
        mean, groups = self._inputs(network, architectures)
        return Fitted(ExactGP(kernels, noise=prior["noise"]).fit(groups, z - mean), network)

    def _tuned(self, architectures: Architectures, z: Array) -> KernelNetwork:
        """A copy of the network, trained on the support by the same loss."""
        network = self._build(architectures.space, 0)
        network.load_state_dict(self._network.state_dict())
        graphs, values = graph_tensors(architectures), torch.from_numpy(z)
        optimiser = torch.optim.Adam(network.parameters(), lr=self.fine_tune_rate)
        for _ in range(self.fine_tune):
            optimiser.zero_grad()
            torch.autograd.backward(batch_loss(network, graphs, values))
            optimiser.step()
        return network

    def _inputs(self, network: KernelNetwork | None, architectures: Architectures) -> tuple[Array, list[Array]]:
        """The prior mean, ``(n,)``, and a matrix for each kernel."""
        rows = architectures.canonical()
        if network is None:
            out = self._memo.rows(rows, lambda some: network_rows(self._network, some)).astype(np.float64)
        else:
            out = network_rows(network, rows).astype(np.float64)
        return out[:, 0], [np.ones((len(out), 1)), out[:, :1], out[:, 1:]]

    def answer(self, learned: Fitted, architectures: Architectures) -> tuple[Array, Array]:
        """Mean and standard deviation of a new evaluation by the process, noise included."""
        mean, groups = self._inputs(learned.network, architectures)
        if learned.gp is None:
            scale = {name: float(value) for name, value in self._network.scale().items()}
            return mean, np.sqrt(scale["constant"] + scale["slope"] * mean**2 + scale["variance"] + scale["noise"])
        away, std = learned.gp.predict_evaluation(groups)
        return mean + away, np.maximum(std, ALIKE)


def batch_loss(network: KernelNetwork, graphs: GraphTensors, y: Tensor) -> Tensor:
    """The negative log marginal likelihood of a batch, a value; ``y`` is float64."""
    outputs = network(graphs).double()
    return marginal_loss(network.covariance(outputs), y - outputs[:, 0]) / len(y)
