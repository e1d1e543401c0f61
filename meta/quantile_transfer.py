"""Transfer through ranks: a prior on normal scores from all sources, and a Gaussian process on what it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn.functional import softplus

from ..encoders.descent import batches, descend
from ..encoders.threads import one_thread
from ..predictors.exact_gp import ExactGP
from ..predictors.kernels import Kernel
from ..predictors.predictor import Predictor
from ..spaces import Architectures, SearchSpace
from .adapted_predictor import AdaptedPredictor
from .encodings import ENCODERS
from .feature_network import EncodedNetwork
from .meta_learner import MetaLearner
from .portfolio import greedy_portfolio
from .sources import Sources

__all__ = ["QuantilePredictor", "QuantileTransfer", "ScorePrior"]

Array = npt.NDArray[np.float64]

LEAST = 0.05  # standard deviation of the prior, so that no score is taken to be certain


class QuantileTransfer(MetaLearner):
    """A Gaussian copula process with a parametric prior, GC3P (``salinas2020``).

    Each source's values become normal scores, so that all sources can be pooled. One network learns from the pool the
    scores' mean ``μ(x)`` and standard deviation ``σ(x)`` by maximum likelihood. On the target a Gaussian process
    learns ``(z − μ(x)) / σ(x)`` from the evaluations' normal scores ``z``.

    Args:
        points: The most evaluations of a source in the pool.
        hidden: Width of the network.
        layers: Its layers of ``tanh``.
        epochs: How often the pool is gone through; less if that is more than ``steps`` steps.
        steps: The most gradient steps.
        batch: Evaluations a step.
        learning_rate: Largest step size; it rises over the first third and falls to nothing.
        weight_decay: Of AdamW.
        seed: Of the evaluations' draw, the initial weights and the order of evaluations.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)})
    >>> architectures = space.enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> source = Task("source", architectures, {"accuracy": Metric(y, "maximize")}, objective="accuracy")
    >>> learner = QuantileTransfer(hidden=16, epochs=200).fit([source])
    >>> mean = learner.adapt(architectures[::20], 5.0 * y[::20]).predict(architectures)
    >>> bool(np.corrcoef(mean, y)[0, 1] > 0.9)
    True
    """

    _least: ClassVar[Mapping[str, int]] = {"layers": 0, "epochs": 0, "steps": 0}

    def __init__(
        self,
        *,
        points: int = 2000,
        hidden: int = 50,
        layers: int = 1,
        epochs: int = 10,
        steps: int = 1000,
        batch: int = 256,
        learning_rate: float = 1e-2,
        weight_decay: float = 1.0,
        seed: int = 0,
    ) -> None:
        self.points = points
        self.hidden = hidden
        self.layers = layers
        self.epochs = epochs
        self.steps = steps
        self.batch = batch
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.seed = seed

    @one_thread
    def _fit(self, sources: Sources) -> None:
        rows = sources.drawn(self.points, self.seed)
        scores = torch.from_numpy(
            np.concatenate([sources.scores[some, column] for column, some in enumerate(rows)]).astype(np.float64)
        )
        self._prior = self._new_prior(sources.architectures.space)
        network = self._prior.network.network
        x = self._prior.network.inputs(sources.architectures[np.concatenate(rows)])
        batch = min(self.batch, len(x))
        drawn = batches(len(x), batch, torch.Generator().manual_seed(self.seed))

        def loss() -> Tensor:
            """The negative log likelihood of a batch, without its constant."""
            now = next(drawn)
            mean, std = moments(network(x[now]))
            return (((scores[now] - mean) / std) ** 2 / 2 + std.log()).mean()

        descend(
            network.parameters(),
            loss,
            steps=max(1, min(self.steps, self.epochs * len(x) // batch)),
            learning_rate=self.learning_rate,
            weight_decay=self.weight_decay,
        )

    def _new_prior(self, space: SearchSpace) -> ScorePrior:
        return ScorePrior(EncodedNetwork(space, hidden=self.hidden, layers=self.layers, outputs=2, seed=self.seed))

    def _adapt(self, architectures: Architectures, y: npt.NDArray[np.float64]) -> Predictor:
        return QuantilePredictor(prior=self._prior).fit(architectures, y)

    def _initial_design(self, n: int, candidates: Architectures) -> Architectures:
        mean, std = self._prior(candidates)
        # as if there were three tasks: one on which all do worse than the sources expect, one as expected, one better
        return candidates[greedy_portfolio(np.stack([mean - std, mean, mean + std], axis=1), n)]

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        return self._prior.network.state()

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._prior = self._new_prior(self.space)
        self._prior.network.restore(arrays)


def moments(out: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation, ``(n,)`` each, from the network's two outputs."""
    return out[:, 0], LEAST + softplus(out[:, 1])


class ScorePrior:
    """What all sources together say of an architecture's normal score.

    Args:
        network: Architectures → two outputs.
    """

    def __init__(self, network: EncodedNetwork) -> None:
        self.network = network

    def __call__(self, architectures: Architectures) -> tuple[Array, Array]:
        """Mean and standard deviation, ``(n,)`` each."""
        mean, std = moments(self.network(architectures))
        return mean.numpy(), std.numpy()


class QuantilePredictor(AdaptedPredictor):
    """What `QuantileTransfer` adapts to a target task; with no evaluation, the prior itself.

    Args:
        prior: Learned from the sources.
        target: ``"normal-scores"`` or ``"standard"``.
    """

    def __init__(self, *, prior: ScorePrior, target: str = "normal-scores") -> None:
        super().__init__(target=target)
        self.prior = prior

    def _fit(self, architectures: Architectures, z: Array) -> None:
        self._fit_weighted(architectures, z, np.ones(len(z)))

    def _fit_weighted(self, architectures: Architectures, z: Array, weights: Array) -> None:
        self._gp: ExactGP | None = None
        if len(z):
            mean, std = self.prior(architectures)
            groups = self.prior.network.features.transform(architectures)
            self._gp = ExactGP([Kernel("matern") for _ in ENCODERS]).fit(groups, (z - mean) / std, weights=weights)

    def _predict(self, architectures: Architectures) -> tuple[Array, Array]:
        mean, std = self.prior(architectures)
        if self._gp is None:
            return mean, std
        left, share = self._gp.predict_evaluation(self.prior.network.features.transform(architectures))
        return mean + std * left, std * share
