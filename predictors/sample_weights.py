"""How much each evaluation counts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..spaces import InputError
from ..spaces.real_numbers import real_numbers

__all__ = ["checked_weights"]

LEAST = 1e-12  # of the largest weight; what is below counts as nothing, lest its noise variance overflow


def checked_weights(sample_weight: npt.ArrayLike, n: int) -> npt.NDArray[np.float64]:
    """``(n,)`` weights whose largest is 1, once they are fit to be used.

    Raises:
        InputError: Another shape, a weight that is negative or not finite, or none above 0.

    >>> checked_weights([1, 0, 4], 3).tolist()
    [0.25, 0.0, 1.0]
    """
    how = "give each row 1 / the variance of its noise, as data.seed_weights(values) does, or leave sample_weight out"
    try:
        weights = real_numbers(sample_weight)
    except ValueError as error:
        raise InputError(f"sample_weight is one number an architecture ({error}); {how}.") from error
    if weights.shape != (n,):
        raise InputError(f"sample_weight has shape {weights.shape}, and there are {n} architectures; {how}.")
    bad = np.flatnonzero(~np.isfinite(weights) | (weights < 0))
    if len(bad):
        raise InputError(
            f"sample_weight has {len(bad)} values that are negative or not finite, the first, {weights[bad[0]]}, in "
            f"row {bad[0]}; {how}."
        )
    if not weights.max() > 0:
        raise InputError(f"sample_weight is 0 in every row, which leaves nothing to learn from; {how}.")
    weights = weights / weights.max()
    return np.where(weights >= LEAST, weights, 0.0)
