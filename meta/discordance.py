"""Which pairs of architectures a prediction ranks the wrong way."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["discordant_pairs"]


def discordant_pairs(predictions: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """``(t, k, k)``: whether ``p_i < p_j`` differs from ``y_i < y_j`` (``feurer2018rgpe``).

    A pair that is ranked the wrong way counts in both of its orders, one that only one side ties in one of them, so
    that a constant prediction is wrong in half of all ordered pairs.

    Args:
        predictions: ``(k, t)``, a column a model.
        y: ``(k,)`` values.

    >>> discordant_pairs(np.array([[1.0, 3.0, 0.0], [2.0, 2.0, 0.0]]), np.array([5.0, 6.0])).sum(axis=(1, 2)).tolist()
    [0, 2, 1]
    """
    predicted = predictions.T[:, :, None] < predictions.T[:, None, :]
    return predicted ^ (y[:, None] < y[None, :])
