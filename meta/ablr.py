"""Adaptive Bayesian linear regression: features that all tasks share, and a linear head for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ..encoders.threads import one_thread
from ..predictors.exact_gp import ExactGP
from ..predictors.kernels import Kernel, LogNormal
from ..predictors.predictor import Predictor
from ..spaces import Architectures, SearchSpace
from .adapted_predictor import AdaptedPredictor
from .feature_network import EncodedNetwork
from .meta_learner import MetaLearner
from .portfolio import greedy_portfolio
from .source_network import SCALE
from .sources import Sources
from .trust import trust_in_consensus, with_no_evaluation

__all__ = ["ABLR", "ABLRPredictor", "SharedFeatures", "linear_head"]

Array = npt.NDArray[np.float64]

HEAD = (Kernel("linear", LogNormal(0.3, 1.0)), Kernel("linear", LogNormal(1.0, 1.0)))  # a constant, the features
NOISE = LogNormal(0.3, 1.0)


class ABLR(MetaLearner):
    """Multi-task adaptive Bayesian linear regression (``perrone2018``).

    One network maps architectures to features ``φ(x)``, and each task has a Bayesian linear head on them. The network
    and each source's two precisions maximise the sum of the sources' marginal likelihoods, with all evaluations in
    each step. On the target only a head is learned, by its own marginal likelihood; unlike in the paper its prior mean
    is the mean of the sources' heads and not 0, so that it has an opinion before the first evaluation.

    Args:
        points: The most evaluations of a source.
        features: How many ``φ`` has.
        hidden: Width of the network.
        layers: Its layers of ``tanh`` before ``φ``, which is one too.
        steps: Gradient steps; with many the features fit the noise of the sources' single trainings.
        learning_rate: Largest step size; it rises over the first third and falls to nothing.
        weight_decay: Of AdamW.
        seed: Of the evaluations' draw and of the initial weights.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)})
    >>> architectures = space.enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> source = Task("source", architectures, {"accuracy": Metric(y, "maximize")}, objective="accuracy")
    >>> learner = ABLR(features=10, hidden=16, steps=100).fit([source])
    >>> mean = learner.adapt(architectures[::20], 5.0 * y[::20]).predict(architectures)
    >>> bool(np.corrcoef(mean, y)[0, 1] > 0.9)
    True
    """

    _least: ClassVar[Mapping[str, int]] = {"layers": 0, "steps": 0}

    def __init__(
        self,
        *,
        points: int = 200,
        features: int = 50,
        hidden: int = 50,
        layers: int = 2,
        steps: int = 20,
        learning_rate: float = 1e-2,
        weight_decay: float = 1e-2,
        seed: int = 0,
    ) -> None:
        self.points = points
        self.features = features
        self.hidden = hidden
        self.layers = layers
        self.steps = steps
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.seed = seed

    @one_thread
    def _fit(self, sources: Sources) -> None:
        rows = sources.drawn(self.points, self.seed)
        used, places = np.unique(np.concatenate(rows), return_inverse=True)
        own = np.split(places, np.cumsum([len(some) for some in rows])[:-1])
        index = torch.zeros((len(rows), max(map(len, rows))), dtype=torch.int64)  # (t, b) rows of x, padded
        mask, z = torch.zeros((2, *index.shape), dtype=torch.float64)
        for task, (some, at) in enumerate(zip(rows, own, strict=True)):
            index[task, : len(at)] = torch.from_numpy(at)
            mask[task, : len(at)] = 1
            z[task, : len(at)] = torch.from_numpy(sources.scores[some, task].astype(np.float64))
        self._shared = self._new_features(sources.architectures.space)
        network = self._shared.network.network
        x = self._shared.network.inputs(sources.architectures[used])
        precisions = torch.zeros((len(rows), 2), dtype=torch.float64, requires_grad=True)  # logarithms of α and β
        optimiser = torch.optim.AdamW(
            [
                {"params": network.parameters(), "weight_decay": self.weight_decay},
                {"params": [precisions], "weight_decay": 0.0},
            ]
        )
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, self.learning_rate, total_steps=self.steps + 1)
        for _ in range(self.steps):
            optimiser.zero_grad()
            evidence, _ = linear_head(activated(network(x))[index] * mask[:, :, None], z, mask.sum(dim=1), precisions)
            (-evidence.sum() / mask.sum()).backward()
            optimiser.step()
            schedule.step()
        with torch.no_grad():
            phi = activated(network(x))[index] * mask[:, :, None]
            self._shared.heads = linear_head(phi, z, mask.sum(dim=1), precisions)[1].numpy()
        self._shared.learn_trust(sources)

    def _new_features(self, space: SearchSpace) -> SharedFeatures:
        return SharedFeatures(
            EncodedNetwork(space, hidden=self.hidden, layers=self.layers, outputs=self.features, seed=self.seed)
        )

    def _adapt(self, architectures: Architectures, y: npt.NDArray[np.float64]) -> Predictor:
        return ABLRPredictor(shared=self._shared).fit(architectures, y)

    def _initial_design(self, n: int, candidates: Architectures) -> Architectures:
        return candidates[greedy_portfolio(self._shared.by_source(candidates), n)]

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        return self._shared.network.state() | {"heads": self._shared.heads}

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._shared = self._new_features(self.space)
        self._shared.network.restore(arrays)
        self._shared.heads = arrays["heads"]
        self._shared.learn_trust(self.sources_)


def activated(out: Tensor) -> Tensor:
    """``φ``: squared lengths of at most 1."""
    phi: Tensor = torch.tanh(out) / out.shape[1] ** 0.5
    return phi


def linear_head(phi: Tensor, z: Tensor, counts: Tensor, precisions: Tensor) -> tuple[Tensor, Tensor]:
    """Log evidence and posterior mean of Bayesian linear regression, for ``t`` tasks at once (``perrone2018``).

    With ``K = α I + β ΦᵀΦ``, the mean is ``β K⁻¹ Φᵀ z``, and the evidence that of ``z ~ N(0, ΦΦᵀ / α + I / β)``,
    computed in the features' dimension.

    Args:
        phi: ``(t, b, d)``; rows of zeros pad.
        z: ``(t, b)``; zeros pad.
        counts: ``(t,)`` rows that are not padding.
        precisions: ``(t, 2)``: the logarithms of ``α`` and ``β``.

    Returns:
        ``(t,)`` and ``(t, d)``.

    >>> phi, z = torch.ones(1, 2, 1), torch.tensor([[1.0, 3.0]])
    >>> _, mean = linear_head(phi, z, torch.tensor([2.0]), torch.tensor([[1.0, 2.0]]).log())
    >>> round(mean.item(), 3)  # β Σ z / (α + 2 β)
    1.6
    """
    d = phi.shape[2]
    log_alpha, log_beta = precisions.unbind(dim=1)
    alpha, beta = precisions.exp().unbind(dim=1)
    eye = torch.eye(d, dtype=phi.dtype)
    K = alpha[:, None, None] * eye + beta[:, None, None] * phi.mT @ phi
    factor = torch.linalg.cholesky(K)
    mean = torch.cholesky_solve(beta[:, None, None] * (phi.mT @ z[:, :, None]), factor)[:, :, 0]
    left = (z**2).sum(dim=1) - ((phi.mT @ z[:, :, None])[:, :, 0] * mean).sum(dim=1)
    evidence = (
        counts / 2 * (log_beta - np.log(2 * np.pi))
        + d / 2 * log_alpha
        - torch.diagonal(factor, dim1=1, dim2=2).log().sum(dim=1)
        - beta / 2 * left
    )
    return evidence, mean


class SharedFeatures:
    """The features that all tasks share, and the sources' heads on them.

    Args:
        network: Architectures → features, before their last ``tanh``.

    Attributes:
        heads: ``(t, d)``: the posterior mean of each source's head.
        agreement: The standard deviation of the mean of what they predict.
        trust: In that mean, while nothing else is known.
    """

    heads: Array
    agreement: float
    trust: float

    def __init__(self, network: EncodedNetwork) -> None:
        self.network = network

    def __call__(self, architectures: Architectures) -> Array:
        """``φ(x)``, ``(n, d)``."""
        phi: Array = activated(self.network(architectures)).numpy()
        return phi

    def by_source(self, architectures: Architectures) -> Array:
        """``(n, t)``: what each source's head predicts."""
        predictions: Array = self(architectures) @ self.heads.T
        return predictions

    def learn_trust(self, sources: Sources) -> None:
        """How much the heads agree, and how far a source follows the others."""
        everyone = sources.architectures
        some = everyone[np.random.default_rng(0).permutation(len(everyone))[:SCALE]]
        self.agreement = float(self.by_source(some).mean(axis=1).std()) or 1.0
        self.trust = trust_in_consensus(self.by_source, sources)


class ABLRPredictor(AdaptedPredictor):
    """What `ABLR` adapts to a target task; with no evaluation, the mean of the sources' heads as far as it is trusted.

    The head is a Gaussian process with the kernel ``φ(x)·φ(x') / α`` and a constant, which is the same as linear
    regression with an intercept.

    Args:
        shared: The features, with the sources' heads.
        target: ``"normal-scores"`` or ``"standard"``.
    """

    def __init__(self, *, shared: SharedFeatures, target: str = "normal-scores") -> None:
        super().__init__(target=target)
        self.shared = shared

    def _fit(self, architectures: Architectures, z: Array) -> None:
        self._fit_weighted(architectures, z, np.ones(len(z)))

    def _fit_weighted(self, architectures: Architectures, z: Array, weights: Array) -> None:
        self._head: ExactGP | None = None
        if len(z):
            phi = self.shared(architectures)
            left = z - phi @ self.shared.heads.mean(axis=0)
            self._head = ExactGP(HEAD, noise=NOISE).fit([np.ones((len(phi), 1)), phi], left, weights=weights)

    def _predict(self, architectures: Architectures) -> tuple[Array, Array]:
        phi = self.shared(architectures)
        by_source = phi @ self.shared.heads.T
        if self._head is None:
            consensus = by_source.mean(axis=1) / self.shared.agreement
            return with_no_evaluation(consensus, self.shared.trust, by_source.shape[1])
        mean, std = self._head.predict_evaluation([np.ones((len(phi), 1)), phi])
        return by_source.mean(axis=1) + mean, std
