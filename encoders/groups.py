"""Several encoders side by side, each scaled so that distances are of order one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.pipeline import FeatureUnion

from ..spaces import Architectures, SearchSpace
from .encoder import Encoder
from .shared import fitted

__all__ = ["FeatureGroups"]

SAMPLE = 512  # architectures that tell a space's scale


class FeatureGroups:
    """One ``(n, d)`` matrix an encoder, for kernels that add up.

    Columns are standardised over a fixed sample of the space, so that the scale does not depend on which
    architectures happen to be evaluated, and divided by the root of their number: the squared distance of two random
    architectures is then 2 on average.

    Args:
        encoders: Names of encoders, encoders, or a ``FeatureUnion`` of them.
    """

    def __init__(self, encoders: Sequence[str | Encoder | FeatureUnion]) -> None:
        self.encoders = encoders

    def fit(self, space: SearchSpace) -> FeatureGroups:
        """Learn the space's scale."""
        sample = space.sample(SAMPLE, np.random.default_rng(0))
        self._encoders = [fitted(encoder, space) for encoder in self.encoders]
        self._scales = []
        for encoder in self._encoders:
            X = encoder.transform(sample).astype(np.float64)
            std = X.std(axis=0)
            used = std > 0
            self._scales.append((np.flatnonzero(used), X.mean(axis=0)[used], std[used] * max(used.sum(), 1) ** 0.5))
        return self

    def transform(self, architectures: Architectures) -> list[npt.NDArray[np.float64]]:
        """The scaled matrices, in the order of the encoders."""
        scaled = []
        for encoder, (used, mean, scale) in zip(self._encoders, self._scales, strict=True):
            X = encoder.transform(architectures)[:, used].astype(np.float64)
            X -= mean
            X /= scale
            scaled.append(X)
        return scaled
