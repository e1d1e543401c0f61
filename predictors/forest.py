"""Forests of regression trees, kept as arrays: what random forests and extremely randomised trees have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from sklearn import config_context
from sklearn.pipeline import FeatureUnion
from sklearn.tree import DecisionTreeRegressor

from ..encoders import Encoder
from ..spaces import Architectures
from .out_of_bag import OutOfBagPredictor
from .tree_predictor import TreePredictor

__all__ = ["Forest"]

Array = npt.NDArray[np.float64]

ARRAYS = ("left", "right", "feature", "threshold", "value", "variance", "roots", "importance")


class Forest(TreePredictor, OutOfBagPredictor):
    """Trees on bootstrap samples (``breiman2001``); the spread of a prediction has both its sources (``hutter2014``).

    With ``μ_t`` and ``σ²_t`` the mean and the variance of the leaf that tree ``t`` reaches, the prediction is the mean
    of ``μ_t``, and its variance the mean of ``σ²_t`` plus the variance of ``μ_t``.

    Args:
        trees: How many.
        max_features: Share of the features that a split looks at, above 0 and up to 1, or ``"sqrt"`` or ``"log2"`` of
            their number.
        min_samples_leaf: Fewest architectures in a leaf.
        encoder: Name of an encoder, an encoder, or several as scikit-learn's ``FeatureUnion``.
        target: ``"normal-scores"`` or ``"standard"``.
        seed: Of bootstrap samples and splits.
    """

    _shares: ClassVar[Mapping[str, tuple[str, ...]]] = {"max_features": ("sqrt", "log2")}

    def __init__(
        self,
        *,
        trees: int = 200,
        max_features: float | str = 0.33,
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

    @abstractmethod
    def _new_tree(self, seed: int) -> DecisionTreeRegressor:
        """scikit-learn's tree of these arguments."""

    def _most_features(self) -> float | str:
        """As scikit-learn takes it, to whom a whole number is a count."""
        return self.max_features if isinstance(self.max_features, str) else float(self.max_features)

    def _fit_features(self, X: npt.NDArray[np.float32], z: Array) -> None:
        self._fit_weighted_features(X, z, np.ones(len(z)))

    def _fit_weighted_features(self, X: npt.NDArray[np.float32], z: Array, weights: Array) -> None:
        seeds = np.random.RandomState(self.seed)
        grown, counts = [], []
        with config_context(skip_parameter_validation=True):  # of each tree, which takes as long as growing it
            for _ in range(self.trees):
                seed = seeds.randint(np.iinfo(np.int32).max)
                counts.append(self._drawn(weights, np.random.RandomState(seed)))
                grown.append(self._new_tree(seed).fit(X, z, sample_weight=counts[-1], check_input=False))
        self._take_up(grown)
        unseen = np.stack(counts, axis=1) == 0
        leaves = np.where(unseen.any(axis=1, keepdims=True), self._leaves(X), self._roots)  # no tree's own answer else
        self._held_out = self._combine(leaves, unseen)

    def _drawn(self, weights: Array, rng: np.random.RandomState) -> Array:
        """``(n,)``: how often a bootstrap sample has each row, drawn as scikit-learn draws, but units at a time.

        What is drawn counts by its weight, so that each row is left out as often as any other.
        """
        units = int(self._units.max()) + 1
        counts: Array = np.bincount(rng.randint(0, units, units), minlength=units)[self._units] * weights
        return counts

    def _take_up(self, grown: Sequence[DecisionTreeRegressor]) -> None:
        """Keep scikit-learn's trees as arrays."""
        trees = [tree.tree_ for tree in grown]
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
        shares = [tree.feature_importances_ for tree in grown if tree.tree_.node_count > 1]
        mean = np.mean(shares, axis=0) if shares else np.zeros(grown[0].n_features_in_)
        self._importance: Array = mean / (mean.sum() or 1.0)

    def _gains(self) -> Array:
        return self._importance

    def _predict_features(self, X: npt.NDArray[np.float32]) -> tuple[Array, Array]:
        return self._combine(self._leaves(X))

    def summands(self, architectures: Architectures, groups: npt.NDArray[np.int64], count: int) -> Array:
        """What each group of features adds to the mean, ``(m, g)``, in the target's units (``palczewska2014``).

        On its way down a tree an architecture's prediction changes, at each split, from a node's mean to that of the
        child; the change belongs to the feature that is split on. All the parts are the prediction less the mean of
        the roots.

        Args:
            architectures: ``m`` of them.
            groups: ``(d,)``: each feature's group, from 0 on.
            count: ``g``, how many groups there are.
        """
        table = np.zeros((len(self._value), count))
        level = self._roots
        while len(level):
            level = level[self._left[level] != level]  # leaves have no children
            group = groups[self._feature[level]]
            children = self._left[level], self._right[level]
            for child in children:
                table[child] = table[level]
                table[child, group] += self._value[child] - self._value[level]
            level = np.concatenate(children)
        found: Array = table[self._leaves(self._encoder.transform(architectures))].mean(axis=1)
        return found

    def _leaves(self, X: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
        """``(m, trees)``: the leaf that each reaches, by its place among all nodes."""
        rows = np.arange(len(X))[:, None]
        node: npt.NDArray[np.int64] = np.broadcast_to(self._roots, (len(X), len(self._roots)))
        for _ in range(self._depth):
            goes_left = X[rows, self._feature[node]] <= self._threshold[node]
            node = np.where(goes_left, self._left[node], self._right[node])
        return node

    def _combine(
        self, leaves: npt.NDArray[np.int64], counted: npt.NDArray[np.bool_] | None = None
    ) -> tuple[Array, Array]:
        """Mean and standard deviation of the leaves ``counted``, all where there are none."""
        use = np.ones(leaves.shape, dtype=bool) if counted is None else counted | ~counted.any(axis=1, keepdims=True)
        means, within = self._value[leaves], self._variance[leaves]
        mean = np.average(means, axis=1, weights=use)
        variance = np.average(within + (means - mean[:, None]) ** 2, axis=1, weights=use)
        return mean, np.sqrt(np.maximum(variance, 1e-12))

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        arrays = {name: getattr(self, f"_{name}") for name in ARRAYS}
        return super()._state() | arrays | {"depth": np.asarray([self._depth])}

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        super()._restore(arrays)
        for name in ARRAYS:
            setattr(self, f"_{name}", arrays[name])
        self._depth = int(arrays["depth"][0])
        nodes, width = len(self._value), self.n_features_
        for name in ("left", "right", "feature", "threshold", "variance"):
            if arrays[name].shape != (nodes,):
                raise ValueError(f"the trees' {name!r} is not one a node")
        for name, limit in (("left", nodes), ("right", nodes), ("feature", width), ("roots", nodes), ("depth", nodes)):
            if not ((arrays[name] >= 0) & (arrays[name] < limit)).all():
                raise ValueError(f"the trees' {name!r} point outside")
        if self._importance.shape != (width,):
            raise ValueError("the importances are not one a feature")
