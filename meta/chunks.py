"""Architectures in batches of one size, so that a row's last bits do not depend on how many are asked for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures

__all__ = ["CHUNK", "in_chunks"]

CHUNK = 512  # how sums are rounded depends on the size of a batch


def in_chunks(
    compute: Callable[[Architectures], npt.NDArray[np.float32]], architectures: Architectures
) -> npt.NDArray[np.float32]:
    """The rows that ``compute`` gives, 512 architectures at once; the last one fills the last batch up.

    >>> from augury.spaces import ChoiceSpace
    >>> asked = []
    >>> def rows(architectures):
    ...     asked.append(len(architectures))
    ...     return architectures.genotypes.astype(np.float32)
    >>> in_chunks(rows, ChoiceSpace({"width": tuple(range(600))}).enumerate()).shape, asked
    ((600, 1), [512, 512])
    """
    n = len(architectures)
    filled = architectures[np.minimum(np.arange(-(-n // CHUNK) * CHUNK), n - 1)]
    return np.concatenate([compute(filled[start : start + CHUNK]) for start in range(0, len(filled), CHUNK)])[:n]
