"""Random forests on encoded architectures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from sklearn.tree import DecisionTreeRegressor

from .forest import Forest

__all__ = ["RandomForest"]


class RandomForest(Forest):
    """Bagged regression trees (``breiman2001``), each split the best of those looked at; see `Forest`.

    Args:
        trees: How many.
        max_features: Share of the features that a split looks at, above 0 and up to 1; or ``"sqrt"`` or ``"log2"`` of
            their number.
        min_samples_leaf: Fewest architectures in a leaf.
        encoder: Name of an encoder, an encoder, or several as scikit-learn's ``FeatureUnion``.
        target: ``"normal-scores"`` or ``"standard"``.
        seed: Of bootstrap samples and feature choices.

    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({"first": (1, 2, 3, 4), "second": ("a", "b")}).enumerate()
    >>> predictor = RandomForest(trees=20).fit(architectures, architectures.genotypes[:, 0])
    >>> mean = predictor.predict(architectures)
    >>> bool(mean[-1] > mean[0])
    True
    >>> next(iter(predictor.feature_importances()))  # the feature that tells most
    'sum of size over first'
    """

    _shares: ClassVar[Mapping[str, tuple[str, ...]]] = {"max_features": ("sqrt", "log2")}

    def _new_tree(self, seed: int) -> DecisionTreeRegressor:
        share = 1.0 if self.max_features == 1 else self.max_features  # to scikit-learn a whole 1 is one feature
        return DecisionTreeRegressor(max_features=share, min_samples_leaf=self.min_samples_leaf, random_state=seed)
