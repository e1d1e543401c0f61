"""Extremely randomised trees on encoded architectures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from sklearn.tree import ExtraTreeRegressor

from .forest import Forest

__all__ = ["ExtraTrees"]


class ExtraTrees(Forest):
    """Bagged trees whose thresholds are drawn at random (``geurts2006``): smoother than a random forest; see `Forest`.

    Args:
        trees: How many.
        max_features: Share of the features that a split looks at, above 0 and up to 1; or ``"sqrt"`` or ``"log2"`` of
            their number.
        min_samples_leaf: Fewest architectures in a leaf.
        encoder: Name of an encoder, an encoder, or several as scikit-learn's ``FeatureUnion``.
        target: ``"normal-scores"`` or ``"standard"``.
        seed: Of bootstrap samples and splits.

    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({"first": (1, 2, 3, 4), "second": ("a", "b")}).enumerate()
    >>> predictor = ExtraTrees(trees=20).fit(architectures, architectures.genotypes[:, 0])
    >>> mean = predictor.predict(architectures)
    >>> bool(mean[-1] > mean[0])
    True
    >>> next(iter(predictor.feature_importances()))  # the feature that tells most
    'size rank over first'
    """

    _shares: ClassVar[Mapping[str, tuple[str, ...]]] = {"max_features": ("sqrt", "log2")}

    def _new_tree(self, seed: int) -> ExtraTreeRegressor:
        share = 1.0 if self.max_features == 1 else self.max_features  # to scikit-learn a whole 1 is one feature
        return ExtraTreeRegressor(max_features=share, min_samples_leaf=self.min_samples_leaf, random_state=seed)
