"""Meta-learners that weigh one model a source against a model of the target."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from ..predictors.exact_gp import ExactGP
from ..spaces import Architectures
from .adapted_predictor import AdaptedPredictor
from .meta_learner import MetaLearner
from .portfolio import greedy_portfolio
from .source_models import KERNELS, SourceModels
from .sources import Sources

__all__ = ["EnsembleLearner", "EnsemblePredictor", "Members", "SupportsMembers"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Members:
    """What each model of an ensemble predicts, in normal scores.

    Attributes:
        means: ``(n, t + 1)``: by the ``t`` sources' models, then by the target's own.
        stds: ``(n, t + 1)``.
        weights: ``(t + 1,)``, not negative, with a positive sum.
    """

    means: Array
    stds: Array
    weights: Array


@runtime_checkable
class SupportsMembers(Protocol):
    """An adapted predictor that tells what its models predict each by itself."""

    def members(self, architectures: Architectures) -> Members:
        """The predictions and weights of its models."""


class EnsembleLearner(MetaLearner):
    """A Gaussian process for each source, each on a bounded number of evaluations.

    A subclass writes `_adapt`. The design is a greedy portfolio of the processes' means.

    Args:
        points: The most evaluations of a source that its process learns from.
        seed: Of their draw.
    """

    def __init__(self, *, points: int = 300, seed: int = 0) -> None:
        self.points = points
        self.seed = seed

    def _new_models(self) -> SourceModels:
        return SourceModels(points=self.points, seed=self.seed)

    def _fit(self, sources: Sources) -> None:
        self._models = self._new_models().fit(sources)

    def _initial_design(self, n: int, candidates: Architectures) -> Architectures:
        distinct = candidates[candidates.distinct()]
        return distinct[greedy_portfolio(self._models.transform(distinct)[0], n)]

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        return self._models.state()

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._models = self._new_models().restore(arrays, self.sources_)


class EnsemblePredictor(AdaptedPredictor):
    """A weighted ensemble of the sources' processes and one fitted to the target.

    A subclass writes `_weigh` and `_predict`. With no evaluation the target's own model is the prior: 0 with standard
    deviation 1.

    Args:
        models: The sources' processes.
        target: ``"normal-scores"`` or ``"standard"``.

    Attributes:
        weights_: ``(t + 1,)``, the target's own model last.
    """

    def __init__(self, *, models: SourceModels, target: str = "normal-scores") -> None:
        super().__init__(target=target)
        self.models = models

    def _fit(self, architectures: Architectures, z: Array) -> None:
        self._own: ExactGP | None = None
        if len(z):
            self._own = ExactGP(KERNELS).fit(self.models.features.transform(architectures), z)
        self.weights_ = self._weigh(self.models.transform(architectures)[0], z)

    @abstractmethod
    def _weigh(self, means: Array, z: Array) -> Array:
        """``(t + 1,)`` weights from the sources' predictions ``(k, t)`` of the support and its values ``(k,)``."""

    def members(self, architectures: Architectures) -> Members:
        """What each model predicts by itself, and its weight."""
        means, stds = self.models.transform(architectures)
        if self._own is None:
            mean, std = np.zeros(len(means)), np.ones(len(means))
        else:
            mean, std = self._own.predict(self.models.features.transform(architectures))
        return Members(np.column_stack([means, mean]), np.column_stack([stds, std]), self.weights_)
