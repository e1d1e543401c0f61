"""Weights of several predictions, by how they do on what they have not seen."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls
from scipy.stats import kendalltau

__all__ = ["Stack", "stacking_weights"]

Array = npt.NDArray[np.float64]

PRIOR = 10.0  # held-out architectures that the members' own standard deviations count for


class Stack:
    """Several predictions made one, by how each did on architectures that it had not seen.

    The mean is the weighted mean. The variance is that of the weighted mixture of the members, the weighted mean of
    their variances and of the squares of how far they are from the mean, times a factor that brings it to the square of
    the held-out residuals.

    Attributes:
        weights: ``(k,)``, which add up to 1.
        taus: ``(k,)``: Kendall's tau of each member's held-out predictions; nan where it is not defined.
    """

    def fit(
        self,
        means: Array,
        stds: Array,
        z: Array,
        *,
        shrinkage: float,
        prior: npt.ArrayLike | None = None,
        sample_weight: Array | None = None,
    ) -> Self:
        """Learn from held-out predictions.

        Args:
            means: ``(n, k)``: what each member says of each architecture without having seen it.
            stds: ``(n, k)`` their standard deviations.
            z: ``(n,)`` what it is.
            shrinkage: Of the weights, in units of ``n``; see `stacking_weights`.
            prior: Of the weights.
            sample_weight: ``(n,)``: how much each architecture counts; 1 if not given.
        """
        n = len(z)
        count = np.ones(n) if sample_weight is None else sample_weight
        self.weights = stacking_weights(
            means, z, shrinkage=shrinkage * count.sum(), prior=prior, sample_weight=sample_weight
        )
        self.taus = np.asarray([kendalltau(z, mean).statistic if n > 1 else np.nan for mean in means.T])
        self._scale = 1.0
        centre, spread = self.predict(means, stds)
        residuals = (z - centre) / spread
        self._scale = float(np.sqrt((count @ residuals**2 + PRIOR) / (count.sum() + PRIOR)))
        return self

    def predict(self, means: Array, stds: Array) -> tuple[Array, Array]:
        """Mean and standard deviation, ``(m,)`` each, from those of the members, ``(m, k)`` each."""
        mean = means @ self.weights
        spread: Array = np.sqrt((stds**2 + (means - mean[:, None]) ** 2) @ self.weights)
        return mean, self._scale * spread

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """What was learned."""
        return {"weights": self.weights, "taus": self.taus, "scale": np.asarray([self._scale])}

    def restore(self, arrays: dict[str, npt.NDArray[Any]]) -> Self:
        """Take up what `state` gave."""
        self.weights, self.taus, self._scale = arrays["weights"], arrays["taus"], float(arrays["scale"][0])
        return self


def stacking_weights(
    held_out: Array,
    z: Array,
    *,
    shrinkage: float,
    prior: npt.ArrayLike | None = None,
    sample_weight: Array | None = None,
) -> Array:
    """Weights ``w >= 0`` that add up to 1 and minimise ``Σᵢ cᵢ (z − H w)ᵢ² + λ |w − p|²`` (``breiman1996stacked``).

    Few held-out predictions tell little of which member is best, and alike members tell nothing; the second term then
    keeps the weights near ``p``.

    Args:
        held_out: ``H``, ``(n, k)``: what each member says of each architecture without having seen it.
        z: ``(n,)`` what it is.
        shrinkage: ``λ``.
        prior: ``p``, ``(k,)``, up to a factor; all equal if it is not given.
        sample_weight: ``c``, ``(n,)``, 1 if it is not given.

    >>> z = np.array([-1.0, 0.0, 2.0])
    >>> stacking_weights(np.stack([z, -z], axis=1), z, shrinkage=1e-6).round(3).tolist()
    [1.0, 0.0]
    >>> stacking_weights(np.stack([z, -z], axis=1), z, shrinkage=1e6).round(3).tolist()
    [0.5, 0.5]
    """
    k = held_out.shape[1]
    p = np.ones(k) if prior is None else np.asarray(prior, dtype=np.float64)
    # w = v / Σv turns the sum into a weight on one more row: Lawson and Hanson's way of an equality constraint
    heavy = 1e4 * max(1.0, float(np.abs(held_out).max(initial=0.0)), shrinkage**0.5)
    root = np.ones(len(z)) if sample_weight is None else sample_weight**0.5
    rows = np.concatenate([root[:, None] * held_out, shrinkage**0.5 * np.eye(k), np.full((1, k), heavy)])
    aims = np.concatenate([root * z, shrinkage**0.5 * p / p.sum(), [heavy]])
    weights: Array = nnls(rows, aims)[0]
    weights /= weights.sum()
    return weights
