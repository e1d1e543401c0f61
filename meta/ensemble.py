"""Meta-learners that weigh one model a source against a model of the target."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Protocol, Self, runtime_checkable

import numpy as np
import numpy.typing as npt
from sklearn.utils.validation import check_is_fitted

from ..predictors.exact_gp import NOISE, ExactGP
from ..predictors.explanation import Explanation, MemberReport
from ..spaces import Architectures
from .adapted_predictor import AdaptedPredictor
from .contributions import source_taus
from .portfolio import greedy_portfolio
from .source_gps import KERNELS, SourceGPs
from .sources import Sources
from .subset_learner import SubsetLearner

__all__ = ["EnsembleLearner", "EnsemblePredictor", "Members", "SupportsMembers"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Members:
    """What each model of an ensemble predicts, in normal scores.

    Attributes:
        means: ``(n, t + 1)``: by the ``t`` sources' models, then by the target's own.
        std: ``(n,)``: the standard deviation of a new evaluation by the target's own, noise included.
        noise: The variance of that noise; its prior's median where nothing was evaluated.
        weights: ``(t + 1,)``, not negative, with a positive sum.
    """

    means: Array
    std: Array
    noise: float
    weights: Array


@runtime_checkable
class SupportsMembers(Protocol):
    """An adapted predictor that tells what its models predict each by itself."""

    def members(self, architectures: Architectures) -> Members:
        """The predictions and weights of its models."""


class EnsembleLearner(SubsetLearner):
    """A Gaussian process for each source, each on a bounded number of evaluations.

    A subclass writes `_adapt`. The design is a greedy portfolio of the processes' means.

    Args:
        points: The most evaluations of a source that its process learns from.
        seed: Of their draw.
    """

    def __init__(self, *, points: int = 300, seed: int = 0) -> None:
        self.points = points
        self.seed = seed

    def _fit(self, sources: Sources) -> None:
        self._gps = SourceGPs(points=self.points, seed=self.seed).fit(sources)

    def opinions(self, architectures: Architectures) -> Array:
        """``(n, t)``: what each source's process predicts."""
        return self._gps.transform(architectures)

    def _subset(self, kept: Sequence[int]) -> Self:
        """The same, as if there were only those sources."""
        few = copy(self)
        few.sources_ = self.sources_.of_tasks(kept)
        few._gps = self._gps.only(kept)
        return few

    def _initial_design(self, n: int, candidates: Architectures) -> Architectures:
        return candidates[greedy_portfolio(self._gps.transform(candidates), n)]

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        return self._gps.state()

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._gps = SourceGPs(points=self.points, seed=self.seed).restore(arrays, self.sources_)


class EnsemblePredictor(AdaptedPredictor):
    """A weighted ensemble of the sources' processes and one fitted to the target.

    A subclass writes `_weigh` and `_predict`. With no evaluation the target's own model is the prior: 0 with standard
    deviation 1.

    Args:
        gps: The sources' processes.
        target: ``"normal-scores"`` or ``"standard"``.

    Attributes:
        weights_: ``(t + 1,)``, the target's own model last.
    """

    def __init__(self, *, gps: SourceGPs, target: str = "normal-scores") -> None:
        super().__init__(target=target)
        self.gps = gps

    def _fit(self, architectures: Architectures, z: Array) -> None:
        self._own: ExactGP | None = None
        if len(z):
            self._own = ExactGP(KERNELS).fit(self.gps.features.transform(architectures), z)
        self._forms = architectures.forms()  # what is equivalent is held out together
        means = self.gps.transform(architectures)
        self.weights_ = self._weigh(means, z)
        self._told = means, z

    @abstractmethod
    def _weigh(self, means: Array, z: Array) -> Array:
        """``(t + 1,)`` weights from the sources' predictions ``(k, t)`` of the support and its values ``(k,)``."""

    def members(self, architectures: Architectures) -> Members:
        """What each model predicts by itself, and its weight."""
        means = self.gps.transform(architectures)
        mean, std, noise = np.zeros(len(means)), np.ones(len(means)), NOISE.median
        if self._own is not None:
            mean, std = self._own.predict_evaluation(self.gps.features.transform(architectures))
            noise = self._own.noise_variance
        return Members(np.column_stack([means, mean]), std, noise, self.weights_)

    def explain(self) -> Explanation:
        """How much each source counts, and how well it tells the target's evaluations.

        Raises:
            NotFittedError: ``fit`` has not been called.
        """
        check_is_fitted(self, "space_")
        names = [*(f"source {name}" for name in self.gps.names), "the target's own model"]
        reasons = ["its predictions of the target's evaluations"] * self.gps.tasks + ["each evaluation by the others"]
        if self._own is None:
            reasons = ["nothing is evaluated yet"] * len(names)
        means, z = self._told
        own = z if self._own is None else self._own.leave_one_out(self._forms)[0]
        taus = source_taus(np.column_stack([means, own]), z)
        shares = self.weights_ / self.weights_.sum()
        return Explanation(
            "Each model counts by how it ranks the target's evaluations.",
            tuple(map(MemberReport, names, shares.tolist(), taus, reasons)),
        )
