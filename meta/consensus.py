"""Meta-learners that rank by a weighted mean of the sources' predictions, without a model of the target."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.utils.validation import check_is_fitted

from ..predictors.explanation import Explanation, MemberReport
from ..spaces import Architectures
from .adapted_predictor import AdaptedPredictor
from .consensus_line import rising_line
from .contributions import source_taus
from .ensemble import EnsembleLearner
from .source_gps import SourceGPs
from .sources import Sources

__all__ = ["Consensus", "ConsensusLearner", "ConsensusPredictor"]

Array = npt.NDArray[np.float64]

SCALE = 1024  # source architectures that tell the scale


class Consensus:
    """The sources' weighted mean, on the scale on which their plain mean has mean 0 and standard deviation 1.

    Args:
        gps: The sources' processes.
        architectures: Of the sources; a sample of them tells the scale.
    """

    def __init__(self, gps: SourceGPs, architectures: Architectures) -> None:
        self.gps = gps
        sample = architectures[np.random.default_rng(0).permutation(len(architectures))[:SCALE]]
        average = gps.transform(sample).mean(axis=1)
        self._mean, self._std = float(average.mean()), float(average.std()) or 1.0

    def __call__(self, means: Array, weights: Array) -> Array:
        """``(n,)`` from the processes' predictions, ``(n, t)``, and ``(t,)`` weights that add up to 1."""
        scaled: Array = (means @ weights - self._mean) / self._std
        return scaled


class ConsensusLearner(EnsembleLearner):
    """A Gaussian process for each source, and the scale of their mean.

    A subclass writes `_adapt`.

    Args:
        points: The most evaluations of a source that its process learns from.
        seed: Of their draw.
    """

    def _fit(self, sources: Sources) -> None:
        super()._fit(sources)
        self._consensus = Consensus(self._gps, sources.architectures)

    def _subset(self, kept: Sequence[int]) -> Self:
        """The same, as if there were only those sources."""
        few = super()._subset(kept)
        few._consensus = Consensus(few._gps, few.sources_.architectures)
        return few

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        super()._restore(arrays)
        self._consensus = Consensus(self._gps, self.sources_.architectures)


class ConsensusPredictor(AdaptedPredictor):
    """A weighted mean of the sources' predictions, brought to the target's scale by a line that always rises.

    A subclass writes `_weigh`.

    Args:
        consensus: Of the sources.
        target: ``"normal-scores"`` or ``"standard"``.

    Attributes:
        weights_: ``(t,)``, one a source, which add up to 1.
    """

    def __init__(self, *, consensus: Consensus, target: str = "normal-scores") -> None:
        super().__init__(target=target)
        self.consensus = consensus

    def _fit(self, architectures: Architectures, z: Array) -> None:
        means = self.consensus.gps.transform(architectures)
        self.weights_ = self._weigh(means, z)
        self._line = rising_line(self.consensus(means, self.weights_), z)
        self._told = means, z

    @abstractmethod
    def _weigh(self, means: Array, z: Array) -> Array:
        """``(t,)`` weights from the sources' predictions ``(k, t)`` of the support and its values ``(k,)``."""

    def explain(self) -> Explanation:
        """How much each source counts, and how well it tells the target's evaluations.

        Raises:
            NotFittedError: ``fit`` has not been called.
        """
        check_is_fitted(self, "space_")
        names = [f"source {name}" for name in self.consensus.gps.names]
        reasons = ["its predictions of the target's evaluations" if len(self._told[1]) else "nothing is evaluated yet"]
        return Explanation(
            "The sources' predictions are averaged.",
            tuple(map(MemberReport, names, self.weights_.tolist(), source_taus(*self._told), reasons * len(names))),
        )

    def _predict(self, architectures: Architectures) -> tuple[Array, Array]:
        return self._line(self.consensus(self.consensus.gps.transform(architectures), self.weights_))
