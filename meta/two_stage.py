"""Two-stage transfer: source models averaged by how similarly they rank the target's evaluations."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..predictors.predictor import Predictor
from ..spaces import Architectures, InputError
from .discordance import discordant_pairs
from .ensemble import EnsembleLearner, EnsemblePredictor
from .source_gps import SourceGPs

__all__ = ["TwoStagePredictor", "TwoStageTransfer", "kernel_weights"]

Array = npt.NDArray[np.float64]


class TwoStageTransfer(EnsembleLearner):
    """The two-stage transfer surrogate with rankings as task descriptions, TST-R (``wistuba2016``).

    First a Gaussian process for each source and one for the target; then their Nadaraya-Watson average, by a kernel
    of the share of the target's pairs that a source ranks the wrong way. The standard deviation is that of a
    new evaluation by the target's own process.

    Args:
        points: The most evaluations of a source that its process learns from.
        bandwidth: The share of wrongly ranked pairs from which on a source weighs nothing; chance is 0.5.
        seed: Of the evaluations' draw.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)})
    >>> architectures = space.enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> tasks = [Task(n, architectures, {"m": Metric(s * y, "maximize")}, "m") for n, s in (("good", 1), ("bad", -1))]
    >>> predictor = TwoStageTransfer(points=40).fit(tasks).adapt(architectures[::10], y[::10])
    >>> bool(predictor.weights_[0] > 0.6), float(predictor.weights_[1])
    (True, 0.0)
    """

    def __init__(self, *, points: int = 300, bandwidth: float = 0.5, seed: int = 0) -> None:
        super().__init__(points=points, seed=seed)
        self.bandwidth = bandwidth

    def _adapt(self, architectures: Architectures, y: npt.NDArray[np.float64]) -> Predictor:
        return TwoStagePredictor(gps=self._gps, bandwidth=self.bandwidth).fit(architectures, y)


class TwoStagePredictor(EnsemblePredictor):
    """What `TwoStageTransfer` adapts to a target task.

    Args:
        gps: The sources' processes.
        bandwidth: The share of wrongly ranked pairs from which on a source weighs nothing.
        target: ``"normal-scores"`` or ``"standard"``.
    """

    def __init__(self, *, gps: SourceGPs, bandwidth: float, target: str = "normal-scores") -> None:
        super().__init__(gps=gps, target=target)
        self.bandwidth = bandwidth

    def _weigh(self, means: Array, z: Array) -> Array:
        return kernel_weights(means, z, self.bandwidth)

    def _predict(self, architectures: Architectures) -> tuple[Array, Array]:
        members = self.members(architectures)
        return members.means @ members.weights / members.weights.sum(), members.std


def kernel_weights(predictions: Array, y: Array, bandwidth: float) -> Array:
    """Epanechnikov weights ``¾ (1 − (d / ρ)²)``, 0 from ``d = ρ`` on (``wistuba2016``).

    ``d`` is the share of ordered pairs that a source ranks the wrong way; the target's own model, last, has distance
    0, and so has every source while there is no pair.

    Args:
        predictions: ``(k, t)`` by the sources' models.
        y: ``(k,)`` values.
        bandwidth: ``ρ > 0``.

    Returns:
        ``(t + 1,)`` weights.

    Raises:
        InputError: The bandwidth is not positive.

    >>> y = np.arange(4.0)
    >>> kernel_weights(np.stack([y, -y], axis=1), y, 0.5).tolist()
    [0.75, 0.0, 0.75]
    """
    if not bandwidth > 0:
        raise InputError(f"The bandwidth is a positive share of pairs, such as 0.5; got {bandwidth!r}.")
    pairs = max(len(y) * (len(y) - 1), 1)
    distance = np.append(discordant_pairs(predictions, y).sum(axis=(1, 2)) / pairs, 0.0)
    weights: Array = 0.75 * np.maximum(1 - (distance / bandwidth) ** 2, 0.0)
    return weights
