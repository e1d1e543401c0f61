"""An ensemble of multilayer perceptrons on encoded architectures."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from scipy.optimize import minimize
from torch import Tensor, nn

from ..encoders import fitted
from ..encoders.threads import one_thread
from ..spaces import Architectures
from .exact_gp import LogNormal
from .member_linear import MemberLinear
from .network_predictor import restore_network
from .predictor import Predictor

__all__ = ["MLPEnsemble"]

Array = npt.NDArray[np.float64]

CHUNK = 4096  # architectures at once when predicting
SAMPLE = 512  # architectures that tell a space's scale
SCALE = LogNormal(1.0, 1.0)  # prior of what the members' variance is multiplied with
NOISE = LogNormal(0.1, 1.0)  # prior of what is added to it


class MLPEnsemble(Predictor):
    """Multilayer perceptrons on the path encoding, several side by side, as in BANANAS (``white2021bananas``).

    Each member has its own initial weights and its own Poisson weights of the architectures (the online bootstrap,
    ``oza2001``). The mean of the members is the prediction. Members that never saw an architecture tell how far off
    they are: with ``s²`` their variance there, the predicted variance is ``a s² + b``, ``a`` and ``b`` maximising the
    likelihood of these out-of-bag residuals times weak priors. It is that of a new evaluation, its noise included.

    The paper trains five networks of ten layers of 20 units on batches, with the relative error; here all members see
    all architectures in each step, with the squared error.

    Args:
        members: Networks in the ensemble.
        hidden: Width of a layer.
        layers: Hidden layers.
        steps: Gradient steps; each sees all architectures.
        learning_rate: Largest step size; it falls to zero along a cosine.
        weight_decay: Of AdamW.
        encoders: Names of encoders; their features stand side by side.
        target: ``"normal-scores"`` or ``"standard"``.
        seed: Of initial weights and bootstrap.

    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({"first": ("a", "b", "c"), "second": ("a", "b", "c")}).enumerate()
    >>> predictor = MLPEnsemble(members=5, hidden=16, steps=60).fit(architectures, architectures.genotypes[:, 0])
    >>> mean, std = predictor.predict(architectures, return_std=True)
    >>> bool(mean[-1] > mean[0])
    True
    """

    def __init__(
        self,
        *,
        members: int = 10,
        hidden: int = 64,
        layers: int = 2,
        steps: int = 80,
        learning_rate: float = 3e-3,
        weight_decay: float = 1e-2,
        encoders: Sequence[str] = ("path",),
        target: str = "normal-scores",
        seed: int = 0,
    ) -> None:
        super().__init__(target=target)
        self.members = members
        self.hidden = hidden
        self.layers = layers
        self.steps = steps
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.encoders = encoders
        self.seed = seed

    def _new_network(self, inputs: int) -> nn.Sequential:
        generator = torch.Generator().manual_seed(self.seed)
        widths = [inputs, *[self.hidden] * self.layers, 1]
        parts: list[nn.Module] = []
        for i, o in pairwise(widths):
            parts += [MemberLinear(self.members, i, o, generator=generator), nn.ReLU()]
        return nn.Sequential(*parts[:-1])

    def _encoded(self, architectures: Architectures) -> Array:
        parts = [fitted(name, architectures.space).transform(architectures) for name in self.encoders]
        return np.concatenate(parts, axis=1, dtype=np.float64)

    def _matrix(self, architectures: Architectures) -> Tensor:
        """``(n, d)``, scaled by what a fixed sample of the space tells."""
        return torch.from_numpy(((self._encoded(architectures) - self._centre) * self._scale).astype(np.float32))

    def _answers(self, X: Tensor) -> Array:
        """``(m, n)``: each member's."""
        parts = [
            self._network(X[start : start + CHUNK].expand(self.members, -1, -1))[:, :, 0]
            for start in range(0, len(X), CHUNK)
        ]
        answers: Array = torch.cat(parts, dim=1).double().numpy()
        return answers

    @one_thread
    def _fit(self, architectures: Architectures, z: Array) -> None:
        sample = self._encoded(architectures.space.sample(SAMPLE, np.random.default_rng(0)))
        self._centre, std = sample.mean(axis=0), sample.std(axis=0)
        # to deviation 1, but what is rarely met, such as a long path, stays small: one such must not drown the others
        least = np.sqrt((std**2).mean()) or 1.0
        self._scale = np.where(std > 0, 1 / np.maximum(std, least), 0.0)
        X, values = self._matrix(architectures), torch.from_numpy(z.astype(np.float32))
        counts = np.random.default_rng(self.seed).poisson(1.0, size=(self.members, len(z)))
        counts[counts.sum(axis=1) == 0] = 1  # a member that drew nothing sees everything
        weights = torch.from_numpy((counts / counts.sum(axis=1, keepdims=True)).astype(np.float32))
        self._network = self._new_network(X.shape[1])
        optimiser = torch.optim.AdamW(self._network.parameters(), lr=self.learning_rate, weight_decay=self.weight_decay)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, self.steps)
        inputs = X.expand(self.members, -1, -1)
        for _ in range(self.steps):
            optimiser.zero_grad()
            errors = (self._network(inputs)[:, :, 0] - values) ** 2  # (m, n)
            (errors * weights).sum().backward()
            optimiser.step()
            schedule.step()
        with torch.no_grad():
            self._spread = _calibrated(self._answers(X), z, counts == 0)

    @one_thread
    @torch.no_grad()
    def _predict(self, architectures: Architectures) -> tuple[Array, Array]:
        answers = self._answers(self._matrix(architectures))
        scale, noise = self._spread
        return answers.mean(axis=0), np.sqrt(scale * answers.var(axis=0) + noise)

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        weights = {name: tensor.numpy() for name, tensor in self._network.state_dict().items()}
        return weights | {"spread": self._spread, "centre": self._centre, "scale": self._scale}

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._spread, self._centre, self._scale = arrays["spread"], arrays["centre"], arrays["scale"]
        self._network = self._new_network(len(self._centre))
        restore_network(self._network, arrays)


def _calibrated(answers: Array, z: Array, unseen: npt.NDArray[np.bool_]) -> Array:
    """``a`` and ``b`` of the variance ``a s² + b``, from the members that did not see an architecture.

    Args:
        answers: ``(m, n)``, each member's.
        z: ``(n,)`` values.
        unseen: ``(m, n)``: which member did not see which.
    """
    count = unseen.sum(axis=0)
    told = count >= 2
    mean = np.where(unseen, answers, 0).sum(axis=0) / np.maximum(count, 1)
    squares = np.where(unseen, (answers - mean) ** 2, 0).sum(axis=0)
    variance = squares[told] / (count[told] - 1)
    # the mean of few members strays by s² / count from that of many, which is no error of the whole ensemble
    squared = (z - mean)[told] ** 2
    stray = variance * (1 / count[told] - 1 / len(answers))
    start = np.log([SCALE.median, NOISE.median])
    away = np.asarray([SCALE.spread, NOISE.spread])

    def loss(logs: Array) -> float:
        scale, noise = np.exp(logs)
        predicted = scale * variance + noise + stray
        pull = (logs - start) / away
        return float(0.5 * (np.log(predicted) + squared / predicted).sum() + 0.5 * pull @ pull)

    bounds = [(m - 4 * s, m + 4 * s) for m, s in zip(start, away, strict=True)]
    found: Array = minimize(loss, start, method="L-BFGS-B", bounds=bounds).x
    return np.exp(found)
