"""Names of features of which those that are surely the same have one."""

from __future__ import annotations

from sklearn.pipeline import FeatureUnion

from .encoder import Encoder

__all__ = ["distinct_names"]


def distinct_names(encoder: Encoder | FeatureUnion) -> list[str]:
    """A name for each feature of a fitted encoder, in a union after that of the part, as scikit-learn has it.

    >>> from augury.encoders import fitted
    >>> from augury.spaces import NASBench201Space
    >>> names = distinct_names(fitted("graph-features", NASBench201Space()))
    >>> len(names), len(set(names))
    (191, 101)
    """
    if isinstance(encoder, Encoder):
        return encoder.distinct_names()
    names: list[str] = []
    for part, inner in encoder.transformer_list:
        if isinstance(inner, Encoder | FeatureUnion):
            own = distinct_names(inner)
        else:
            own = [] if isinstance(inner, str) else [str(name) for name in inner.get_feature_names_out()]
        names += [f"{part}__{name}" for name in own] if encoder.verbose_feature_names_out else own
    return names
