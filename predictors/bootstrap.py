"""Bootstrap samples in which equivalent architectures go together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures

__all__ = ["bootstrap_units"]


def bootstrap_units(architectures: Architectures) -> npt.NDArray[np.int64]:
    """``(n,)``: what a bootstrap draws, canonical forms, numbered from 0 on as they first come.

    Of equivalent architectures drawn one by one, some would be in a sample while others are left out, and be no test
    of what was learned from it. Where all forms differ, units are rows.

    >>> from augury.spaces import ChoiceSpace
    >>> bootstrap_units(ChoiceSpace({"layer": ("a", "b", "c")}).from_genotypes([[2], [0], [2]])).tolist()
    [0, 1, 0]
    """
    _, first, forms = np.unique(architectures.forms(), return_index=True, return_inverse=True)
    units: npt.NDArray[np.int64] = first.argsort().argsort()[forms]
    return units
