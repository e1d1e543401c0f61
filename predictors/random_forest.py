"""Random forests on encoded architectures."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import RandomForestRegressor
from sklearn.pipeline import FeatureUnion

from ..encoders import Encoder, fitted
from .feature_predictor import FeaturePredictor

__all__ = ["RandomForest"]

ARRAYS = ("left", "right", "feature", "threshold", "value", "variance")


class RandomForest(FeaturePredictor):
    """Bagged regression trees (``breiman2001``); the spread of a prediction has both its sources (``hutter2014``).

    With ``μ_t`` and ``σ²_t`` the mean and the variance of the leaf that tree ``t`` reaches, the prediction is the mean
    of ``μ_t``, and its variance the mean of ``σ²_t`` plus the variance of ``μ_t``.

    Args:
        trees: How many.
        max_features: Share of the features that a split looks at.
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
    """

    def __init__(
        self,
        *,
        trees: int = 200,
        max_features: float = 0.33,
        min_samples_leaf: int = 1,
        encoder: str | Encoder | FeatureUnion = "graph-features",
        target: str = "normal-scores",
        seed: int = 0,
    ) -> None:
        super().__init__(encoder=encoder, target=target)
        self.trees = trees
        self.max_features = max_features
        self.min_samples_leaf = min_samples_leaf
        self.seed = seed

    def _fit_features(self, X: npt.NDArray[np.float32], z: npt.NDArray[np.float64]) -> None:
        forest = RandomForestRegressor(
            self.trees,
            max_features=self.max_features,
            min_samples_leaf=self.min_samples_leaf,
            random_state=self.seed,
        ).fit(X, z)
        trees = [tree.tree_ for tree in forest.estimators_]
        starts = np.cumsum([0, *(tree.node_count for tree in trees)])
        self._roots = starts[:-1]
        # children by their place among all nodes of the forest; a leaf is its own child
        shift = np.repeat(self._roots, np.diff(starts))
        own = np.arange(starts[-1])
        left = np.concatenate([tree.children_left for tree in trees])
        right = np.concatenate([tree.children_right for tree in trees])
        self._left = np.where(left < 0, own, left + shift)
        self._right = np.where(right < 0, own, right + shift)
        self._feature = np.maximum(np.concatenate([tree.feature for tree in trees]), 0)
        self._threshold = np.concatenate([tree.threshold for tree in trees])
        self._value = np.concatenate([tree.value[:, 0, 0] for tree in trees])
        self._variance = np.concatenate([tree.impurity for tree in trees])
        self._depth = max(tree.max_depth for tree in trees)

    def _predict_features(self, X: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        rows = np.arange(len(X))[:, None]
        node = np.broadcast_to(self._roots, (len(X), len(self._roots)))
        for _ in range(self._depth):
            goes_left = X[rows, self._feature[node]] <= self._threshold[node]
            node = np.where(goes_left, self._left[node], self._right[node])
        means = self._value[node]
        variance = self._variance[node].mean(axis=1) + means.var(axis=1)
        return means.mean(axis=1), np.sqrt(np.maximum(variance, 1e-12))

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        arrays = {name: getattr(self, f"_{name}") for name in ARRAYS}
        return arrays | {"roots": self._roots, "depth": np.asarray([self._depth])}

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        for name in ARRAYS:
            setattr(self, f"_{name}", arrays[name])
        self._roots = arrays["roots"]
        self._depth = int(arrays["depth"][0])
        width = len(fitted(self.encoder, self.space_).get_feature_names_out())
        for name, limit in (("left", len(self._value)), ("right", len(self._value)), ("feature", width)):
            if not ((arrays[name] >= 0) & (arrays[name] < limit)).all():
                raise ValueError(f"the trees' {name!r} point outside")
