"""The mean and the spread of features over a space."""

from __future__ import annotations

import numpy as np
from sklearn.pipeline import FeatureUnion

from ..spaces import Architectures
from .encoder import Encoder, Vector

__all__ = ["mean_and_spread"]


def mean_and_spread(encoder: Encoder | FeatureUnion, sample: Architectures) -> tuple[Vector, Vector]:
    """Mean and standard deviation of each feature over a sample of the space, or over what an encoder that is data has.

    Args:
        encoder: Fitted.
        sample: Architectures of its space.

    Returns:
        ``(d,)`` each.
    """
    X = encoder.transform(sample).astype(np.float64)
    return _known(encoder, sample, X.mean(axis=0), X.std(axis=0))


def _known(encoder: Encoder | FeatureUnion, sample: Architectures, mean: Vector, std: Vector) -> tuple[Vector, Vector]:
    if isinstance(encoder, Encoder):
        return encoder._scale(sample, mean, std)
    mean, std = mean.copy(), std.copy()
    start = 0
    weights = encoder.transformer_weights or {}
    for name, inner in encoder.transformer_list:
        if isinstance(inner, str):  # "drop"
            continue
        own = slice(start, start + len(inner.get_feature_names_out()))
        weight = 1.0 if (given := weights.get(name)) is None else float(given)
        if weight and isinstance(inner, Encoder | FeatureUnion):
            centre, spread = _known(inner, sample, mean[own] / weight, std[own] / abs(weight))
            mean[own], std[own] = centre * weight, spread * abs(weight)
        start = own.stop
    return mean, std
