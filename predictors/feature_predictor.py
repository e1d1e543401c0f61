"""Predictors that see architectures through one encoder's feature matrix."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
import numpy.typing as npt
from sklearn.pipeline import FeatureUnion

from ..encoders import Encoder, fitted
from ..spaces import Architectures
from .predictor import Predictor

__all__ = ["FeaturePredictor"]


class FeaturePredictor(Predictor):
    """Encodes, then leaves the rest to `_fit_features` and `_predict_features`.

    Args:
        encoder: Name of an encoder, an encoder, or several as scikit-learn's ``FeatureUnion``.
        target: ``"normal-scores"`` or ``"standard"``.
    """

    def __init__(
        self, *, encoder: str | Encoder | FeatureUnion = "graph-features", target: str = "normal-scores"
    ) -> None:
        super().__init__(target=target)
        self.encoder = encoder

    def _fit(self, architectures: Architectures, z: npt.NDArray[np.float64]) -> None:
        self._fit_features(fitted(self.encoder, architectures.space).transform(architectures), z)

    def _predict(self, architectures: Architectures) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        return self._predict_features(fitted(self.encoder, self.space_).transform(architectures))

    @abstractmethod
    def _fit_features(self, X: npt.NDArray[np.float32], z: npt.NDArray[np.float64]) -> None:
        """Learn ``(n,)`` target values from ``(n, d)`` features."""

    @abstractmethod
    def _predict_features(self, X: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Mean and standard deviation of the target, ``(m,)`` each."""
