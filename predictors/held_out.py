"""Predictors that tell what they make of each architecture they learned from by the others."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
import numpy.typing as npt

from .predictor import Predictor

__all__ = ["HeldOutPredictor"]


class HeldOutPredictor(Predictor):
    """One that predicts what it learned from as if it had not seen it, without being fitted anew: for a `Stack`."""

    @abstractmethod
    def held_out(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Mean and standard deviation, ``(n,)`` each, of the target at each architecture by the others.

        Raises:
            NotFittedError: ``fit`` has not been called.
        """
