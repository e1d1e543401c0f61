"""Sources weighed by how well they rank what the target has evaluated."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from ..predictors.predictor import Predictor
from ..spaces import Architectures, InputError
from .consensus import Consensus, ConsensusLearner, ConsensusPredictor

__all__ = ["TaskSimilarity", "TaskSimilarityPredictor", "similarity_weights"]

Array = npt.NDArray[np.float64]


class TaskSimilarity(ConsensusLearner):
    """A weighted mean of the sources' predictions; there is no model of the target.

    A source's weight is its rank correlation with the target's evaluations, none if that is negative, shrunk to the
    same weight for all while there are few.

    Args:
        points: The most evaluations of a source that its process learns from.
        shrinkage: As many evaluations of the target count as much as the belief that all sources are alike.
        seed: Of the evaluations' draw.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)})
    >>> architectures = space.enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> tasks = [Task(n, architectures, {"m": Metric(s * y, "maximize")}, "m") for n, s in (("good", 1), ("bad", -1))]
    >>> predictor = TaskSimilarity(points=40, shrinkage=9.0).fit(tasks).adapt(architectures[::9], y[::9])
    >>> predictor.weights_.round(2).tolist()
    [0.75, 0.25]
    """

    def __init__(self, *, points: int = 300, shrinkage: float = 10.0, seed: int = 0) -> None:
        super().__init__(points=points, seed=seed)
        self.shrinkage = shrinkage

    def _adapt(self, architectures: Architectures, y: npt.NDArray[np.float64]) -> Predictor:
        return TaskSimilarityPredictor(consensus=self._consensus, shrinkage=self.shrinkage).fit(architectures, y)


class TaskSimilarityPredictor(ConsensusPredictor):
    """What `TaskSimilarity` adapts to a target task.

    Args:
        consensus: Of the sources.
        shrinkage: Evaluations that count as much as the belief that all sources are alike.
        target: ``"normal-scores"`` or ``"standard"``.
    """

    def __init__(self, *, consensus: Consensus, shrinkage: float, target: str = "normal-scores") -> None:
        super().__init__(consensus=consensus, target=target)
        self.shrinkage = shrinkage

    def _weigh(self, means: Array, z: Array) -> Array:
        return similarity_weights(means, z, self.shrinkage)


def similarity_weights(predictions: Array, y: Array, shrinkage: float) -> Array:
    """``λ ρ_i⁺ / Σ ρ⁺ + (1 − λ) / t`` with Spearman's ``ρ`` and ``λ = k / (k + shrinkage)``.

    Where no correlation is positive, all weigh the same.

    Args:
        predictions: ``(k, t)`` by the sources' models.
        y: ``(k,)`` values.
        shrinkage: Not negative.

    Returns:
        ``(t,)`` weights that add up to 1.

    Raises:
        InputError: The shrinkage is negative.

    >>> y = np.arange(4.0)
    >>> similarity_weights(np.stack([y, -y], axis=1), y, 4.0).tolist()
    [0.75, 0.25]
    """
    if not shrinkage >= 0:
        raise InputError(f"The shrinkage is a number of evaluations, 0 or more; got {shrinkage!r}.")
    k, t = predictions.shape
    uniform = np.full(t, 1 / t)
    if k < 2:
        return uniform
    ranks = rankdata(np.column_stack([predictions, y]), axis=0)
    ranks -= ranks.mean(axis=0)
    products = ranks[:, :-1].T @ ranks[:, -1]
    sizes = np.sqrt((ranks[:, :-1] ** 2).sum(axis=0) * (ranks[:, -1] ** 2).sum())
    alike = np.maximum(np.divide(products, sizes, out=np.zeros(t), where=sizes > 0), 0.0)
    if not alike.sum() > 0:
        return uniform
    trust = k / (k + shrinkage)
    weights: Array = trust * alike / alike.sum() + (1 - trust) * uniform
    return weights
