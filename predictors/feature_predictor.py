"""Predictors that see architectures through one encoder's feature matrix."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
import numpy.typing as npt

from ..encoders import Encoder
from ..encoders import make as make_encoder
from ..spaces import Architectures, SearchSpace
from .predictor import Predictor

__all__ = ["FeaturePredictor"]


class FeaturePredictor(Predictor):
    """Encodes, then leaves the rest to `_fit_features` and `_predict_features`.

    Args:
        encoder: Name of an encoder.
        target: ``"normal-scores"`` or ``"standard"``.
    """

    def __init__(self, *, encoder: str = "graph-features", target: str = "normal-scores") -> None:
        super().__init__(target=target)
        self.encoder = encoder

    def _new_encoder(self, space: SearchSpace) -> Encoder:
        nothing = space.from_genotypes(np.zeros((0, len(space.cardinalities)), dtype=np.int64))
        return make_encoder(self.encoder).fit(nothing)

    def _fit(self, architectures: Architectures, z: npt.NDArray[np.float64]) -> None:
        self._encoder = self._new_encoder(architectures.space)
        self._fit_features(self._encoder.transform(architectures), z)

    def _predict(self, architectures: Architectures) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        return self._predict_features(self._encoder.transform(architectures))

    @abstractmethod
    def _fit_features(self, X: npt.NDArray[np.float32], z: npt.NDArray[np.float64]) -> None:
        """Learn ``(n,)`` target values from ``(n, d)`` features."""

    @abstractmethod
    def _predict_features(
        self, X: npt.NDArray[np.float32]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Mean and standard deviation of the target, ``(m,)`` each."""
