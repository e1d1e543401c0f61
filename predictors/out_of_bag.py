"""Predictors whose members each leave some architectures out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.utils.validation import check_is_fitted

from ..spaces import InputError
from .held_out import HeldOutPredictor

__all__ = ["OutOfBagPredictor"]

Array = npt.NDArray[np.float64]


class OutOfBagPredictor(HeldOutPredictor):
    """An ensemble on bootstrap samples, or other parts; `_fit` also sets ``_held_out``."""

    _held_out: tuple[Array, Array] | None = None

    def held_out(self) -> tuple[Array, Array]:
        """Mean and standard deviation, ``(n,)`` each, of the target by the members that have not seen an architecture.

        Raises:
            InputError: The predictor was loaded; what its members have not seen is not saved.
            NotFittedError: ``fit`` has not been called.
        """
        check_is_fitted(self, "space_")
        if self._held_out is None:
            raise InputError("A loaded predictor does not know which member saw what; fit it again to ask that.")
        return self._held_out
