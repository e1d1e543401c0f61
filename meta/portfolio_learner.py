"""The sources' mean opinion, which no evaluation of the target changes but in scale."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..predictors.predictor import Predictor
from ..spaces import Architectures
from .consensus import ConsensusLearner, ConsensusPredictor

__all__ = ["PortfolioLearner", "PortfolioPredictor"]

Array = npt.NDArray[np.float64]


class PortfolioLearner(ConsensusLearner):
    """Zero-shot transfer: architectures are ranked by the mean of the sources' predictions (``wistuba2015``).

    The target's evaluations only tell the scale, by a line that always rises: the order is that of no evaluation. What
    an adapting learner gains is told from how far it gets beyond this one.

    Args:
        points: The most evaluations of a source that its process learns from.
        seed: Of the evaluations' draw.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)})
    >>> architectures = space.enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> source = Task("source", architectures, {"accuracy": Metric(y, "maximize")}, objective="accuracy")
    >>> learner = PortfolioLearner(points=40).fit([source])
    >>> none = learner.adapt(architectures[:0], []).predict(architectures)
    >>> some = learner.adapt(architectures[:9], 90.0 + y[:9]).predict(architectures)
    >>> bool((np.argsort(none) == np.argsort(some)).all()), bool(some.mean() > 85)
    (True, True)
    """

    def _adapt(self, architectures: Architectures, y: npt.NDArray[np.float64]) -> Predictor:
        return PortfolioPredictor(consensus=self._consensus).fit(architectures, y)


class PortfolioPredictor(ConsensusPredictor):
    """What `PortfolioLearner` adapts to a target task: all sources weigh the same.

    Args:
        consensus: Of the sources.
        target: ``"normal-scores"`` or ``"standard"``.
    """

    def _weigh(self, means: Array, z: Array) -> Array:
        return np.full(means.shape[1], 1 / means.shape[1])
