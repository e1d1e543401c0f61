"""Weights of several predictions, by how they do on what they have not seen."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

__all__ = ["stacking_weights"]

Array = npt.NDArray[np.float64]


def stacking_weights(held_out: Array, z: Array, *, shrinkage: float) -> Array:
    """Weights ``w >= 0`` that add up to 1 and minimise ``|z − H w|² + λ |w − 1/k|²`` (``breiman1996stacked``).

    Few held-out predictions tell little of which member is best, and alike members tell nothing; the second term then
    keeps the weights near the plain mean's.

    Args:
        held_out: ``H``, ``(n, k)``: what each member says of each architecture without having seen it.
        z: ``(n,)`` what it is.
        shrinkage: ``λ``.

    >>> z = np.array([-1.0, 0.0, 2.0])
    >>> stacking_weights(np.stack([z, -z], axis=1), z, shrinkage=1e-6).round(3).tolist()
    [1.0, 0.0]
    >>> stacking_weights(np.stack([z, -z], axis=1), z, shrinkage=1e6).round(3).tolist()
    [0.5, 0.5]
    """
    k = held_out.shape[1]
    # w = v / Σv turns the sum into a weight on one more row: Lawson and Hanson's way of an equality constraint
    heavy = 1e4 * max(1.0, float(np.abs(held_out).max(initial=0.0)), shrinkage**0.5)
    rows = np.concatenate([held_out, shrinkage**0.5 * np.eye(k), np.full((1, k), heavy)])
    aims = np.concatenate([z, np.full(k, shrinkage**0.5 / k), [heavy]])
    weights: Array = nnls(rows, aims)[0]
    weights /= weights.sum()
    return weights
