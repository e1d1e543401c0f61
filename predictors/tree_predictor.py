"""Predictors of trees, which can tell what features they split on."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
import numpy.typing as npt
from sklearn.utils.validation import check_is_fitted

from ..encoders.distinct_names import distinct_names
from ..spaces import Architectures
from .bootstrap import bootstrap_units
from .feature_predictor import FeaturePredictor

__all__ = ["TreePredictor"]


class TreePredictor(FeaturePredictor):
    """A feature predictor of bagged trees that tells how much each feature counts."""

    def _fit(self, architectures: Architectures, z: npt.NDArray[np.float64]) -> None:
        self._units = bootstrap_units(architectures)
        super()._fit(architectures, z)

    def _fit_weighted(
        self, architectures: Architectures, z: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
    ) -> None:
        self._units = bootstrap_units(architectures)
        super()._fit_weighted(architectures, z, weights)

    def feature_importances(self) -> dict[str, float]:
        """What share of all that the splits explain each feature has; the largest comes first, and they add up to 1.

        The name of a feature is the encoder's. Features that no split uses are left out, so a predictor that learned
        nothing gives none. Features that are surely the same in all the space are one (`Encoder.distinct_names`);
        where two tell nearly the same, either may get the share of both.

        Raises:
            NotFittedError: ``fit`` has not been called.
        """
        check_is_fitted(self, "space_")
        gains = self._gains()
        total = float(gains.sum())
        found: dict[str, float] = {}
        for name, gain in zip(distinct_names(self._encoder), gains.tolist(), strict=True):
            found[name] = found.get(name, 0.0) + gain
        return {name: found[name] / total for name in sorted(found, key=lambda name: -found[name]) if found[name] > 0}

    @abstractmethod
    def _gains(self) -> npt.NDArray[np.float64]:
        """``(d,)``: by how much the splits on each feature lower the training error, in any unit."""
