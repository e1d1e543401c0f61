"""Predictors that see architectures through one encoder's feature matrix."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.pipeline import FeatureUnion
from sklearn.utils.validation import check_is_fitted

from ..encoders import Encoder, fitted
from ..encoders.named_arrays import nested, part
from ..encoders.shared import learned
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

    @property
    def takes_weights(self) -> bool:
        """Whether ``fit`` can weigh evaluations."""
        return type(self)._fit_weighted_features is not FeaturePredictor._fit_weighted_features

    @property
    def n_features_(self) -> int:
        """How many features an architecture has, all encoders together.

        Raises:
            NotFittedError: ``fit`` has not been called.
        """
        check_is_fitted(self, "space_")
        return len(self._encoder.get_feature_names_out())

    def _fit(self, architectures: Architectures, z: npt.NDArray[np.float64]) -> None:
        self._encoder = fitted(self.encoder, architectures.space)
        self._fit_features(self._encoder.transform(architectures), z)

    def _fit_weighted(
        self, architectures: Architectures, z: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
    ) -> None:
        self._encoder = fitted(self.encoder, architectures.space)
        self._fit_weighted_features(self._encoder.transform(architectures), z, weights)

    def _predict(self, architectures: Architectures) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        return self._predict_features(self._encoder.transform(architectures))

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        """What the encoder learned; a subclass adds to it."""
        return nested("encoder", learned(self._encoder))

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        """Take up the encoder; a subclass goes on with the rest."""
        self._encoder = fitted(self.encoder, self.space_, part("encoder", arrays))

    @abstractmethod
    def _fit_features(self, X: npt.NDArray[np.float32], z: npt.NDArray[np.float64]) -> None:
        """Learn ``(n,)`` target values from ``(n, d)`` features."""

    def _fit_weighted_features(
        self, X: npt.NDArray[np.float32], z: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
    ) -> None:
        """The same, each value with a weight of mean 1; a subclass that can weigh writes this too."""
        raise self._cannot_weigh()

    @abstractmethod
    def _predict_features(self, X: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Mean and standard deviation of the target, ``(m,)`` each."""
