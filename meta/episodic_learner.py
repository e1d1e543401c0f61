"""What meta-learners that train one network over episodes of the sources have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np
import numpy.typing as npt
import torch

from ..encoders.named_arrays import nested, part
from ..encoders.tensors import graph_tensors
from ..encoders.threads import one_thread
from ..encoders.weights import restore_network
from ..predictors.predictor import Predictor
from ..spaces import Architectures, SearchSpace
from .calibrated_predictor import CalibratedPredictor, spread_factor
from .meta_learner import MetaLearner
from .portfolio import greedy_portfolio
from .sources import Sources

__all__ = ["EpisodicLearner", "node_features", "some_evaluations"]

Array = npt.NDArray[np.float64]
N = TypeVar("N", bound=torch.nn.Module)
L = TypeVar("L")

MOST_SOURCES = 16  # asked for calibration and for designs
SUPPORT, QUERY = 20, 200  # evaluations of a source for calibration
DESIGN_SUPPORT = 100  # evaluations of a source that tell what is good there


class EpisodicLearner(MetaLearner, Generic[N, L]):
    """A network trained on the sources, an answer to ``k >= 0`` evaluations, and a calibrated standard deviation.

    A subclass writes `_build`, `_train`, `learn` and `answer`, all in normal scores. ``N`` is the type of its network,
    ``L`` of what a support teaches.

    Attributes:
        residual: Whether what is left over on a target is learned as well.
    """

    _least: ClassVar[Mapping[str, int]] = {"layers": 0, "epochs": 0, "steps": 0}

    residual: bool

    @abstractmethod
    def _build(self, space: SearchSpace, tasks: int) -> N:
        """The network with initial weights."""

    @abstractmethod
    def _train(self, sources: Sources) -> None:
        """Train the network."""

    @abstractmethod
    def learn(self, architectures: Architectures, z: Array) -> L:
        """What ``k >= 0`` evaluations teach."""

    @abstractmethod
    def answer(self, learned: L, architectures: Architectures) -> tuple[Array, Array]:
        """Mean and standard deviation in normal scores, ``(m,)`` each, before calibration."""

    def spread(self, k: int) -> float:
        """By how much the sources' residuals exceed the standard deviations, with a support of ``k``."""
        return float(self._spread[min(k, 1)])

    @one_thread
    def _fit(self, sources: Sources) -> None:
        self._start(sources.architectures.space, sources.scores.shape[1])
        self._train(sources)
        self._finish(sources)
        self._calibrate(sources)

    def _start(self, space: SearchSpace, tasks: int) -> None:
        """Before training, and before a saved state is taken up."""
        self._network = self._build(space, tasks)

    def _finish(self, sources: Sources) -> None:
        """After training, and after a saved state was taken up."""

    def _calibrate(self, sources: Sources) -> None:
        """Compare standard deviations with residuals on the sources, without a support and with one."""
        found = []
        for k in (0, SUPPORT):
            residuals, stds = [], []
            for rows, z in some_evaluations(sources, SUPPORT + QUERY):
                few = min(k, len(z) // 2)
                learned = self.learn(sources.architectures[rows[:few]], z[:few])
                mean, std = self.answer(learned, sources.architectures[rows[few:]])
                residuals.append(z[few:] - mean)
                stds.append(std)
            found.append(spread_factor(np.concatenate(residuals), np.concatenate(stds), prior=1.0, weight=1.0))
        self._spread = np.asarray(found)

    def _adapt(self, architectures: Architectures, y: npt.NDArray[np.float64]) -> Predictor:
        return CalibratedPredictor(learner=self).fit(architectures, y)

    def _initial_design(self, n: int, candidates: Architectures) -> Architectures:
        predicted = [
            self.answer(self.learn(self.sources_.architectures[rows], z), candidates)[0]
            for rows, z in some_evaluations(self.sources_, DESIGN_SUPPORT)
        ]
        return candidates[greedy_portfolio(np.stack(predicted, axis=1), n)]

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        weights = {name: tensor.numpy() for name, tensor in self._network.state_dict().items()}
        return nested("network", weights) | {"spread": self._spread}

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._start(self.space, self.sources_.scores.shape[1])
        restore_network(self._network, part("network", arrays))
        self._spread = np.asarray(arrays["spread"], dtype=np.float64)
        self._finish(self.sources_)


def some_evaluations(sources: Sources, n: int) -> list[tuple[npt.NDArray[np.int64], Array]]:
    """Of each source, or of sixteen at random, ``n`` random evaluations: their rows and scores."""
    rng = np.random.default_rng(0)
    found = []
    for task in np.sort(rng.permutation(sources.scores.shape[1])[:MOST_SOURCES]):
        rows = rng.permutation(np.flatnonzero(np.isfinite(sources.scores[:, task])))[:n]
        found.append((rows, sources.scores[rows, task].astype(np.float64)))
    return found


def node_features(space: SearchSpace) -> int:
    """The width of the graph tensors' node features."""
    nothing = space.from_genotypes([])
    return int(graph_tensors(nothing).x.shape[2])
