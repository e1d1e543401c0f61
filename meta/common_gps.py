"""A Gaussian process for each source task on features that all spaces share, to be asked about any space."""

from __future__ import annotations

from copy import copy

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from ..encoders import fitted
from ..predictors.kernels import Kernel
from ..spaces import Architectures, SearchSpace
from .source_gps import SourceGPs

__all__ = ["CommonFeatures", "CommonGPs"]

Array = npt.NDArray[np.float64]

SAMPLE = 512  # architectures that tell how a feature is distributed in a space
KERNELS = (Kernel("linear"), Kernel("matern"))


class CommonFeatures:
    """`OperationKinds` as normal scores among the architectures of a space, which brings all spaces to one scale.

    A feature that is the same for all architectures of the space is 0, as the median of any other.

    Args:
        space: The space.
        varied: ``(d,)``: which features are to count; the others are 0. By default those that vary in the space.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"layer": ("conv", "pool"), "width": (16, 32, 64)})
    >>> features = CommonFeatures(space)
    >>> names = fitted("operation-kinds", space).get_feature_names_out().tolist()
    >>> sizes = features.transform(space.parse(["layer=conv, width=32", "layer=conv, width=64"]))[0]
    >>> row = sizes[:, names.index("sum of ln(1 + size) over other")]
    >>> bool(row[0] < row[1])
    True
    """

    def __init__(self, space: SearchSpace, varied: npt.NDArray[np.bool_] | None = None) -> None:
        self._encoder = fitted("operation-kinds", space)
        self._sorted = np.sort(self._encoder.transform(space.sample(SAMPLE, np.random.default_rng(0))), axis=0)
        self.varied = self._sorted[0] < self._sorted[-1] if varied is None else varied

    def at(self, space: SearchSpace) -> CommonFeatures:
        """Those of another space, of which only what varies in this one counts."""
        return CommonFeatures(space, self.varied)

    def transform(self, architectures: Architectures) -> list[Array]:
        """``(n, d)`` features, once for each kernel, divided by the root of how many count."""
        X = self._encoder.transform(architectures)
        scores = np.zeros(X.shape)
        for column in np.flatnonzero(self.varied):
            usual = self._sorted[:, column]
            places = [np.searchsorted(usual, X[:, column], side=side) for side in ("left", "right")]
            scores[:, column] = norm.ppf(np.clip(sum(places) / (2 * SAMPLE), 0.5 / SAMPLE, 1 - 0.5 / SAMPLE))
        scores /= max(int(self.varied.sum()), 1) ** 0.5
        return [scores] * len(KERNELS)


class CommonGPs(SourceGPs):
    """`SourceGPs` that know of an architecture only what can be told in every space.

    Args:
        points: At most so many evaluations of each source, chosen at random where it has more.
        seed: Of that choice.

    >>> from augury.data import Metric, Task
    >>> from augury.meta import Sources
    >>> from augury.spaces import ChoiceSpace, EdgeCellSpace
    >>> architectures = ChoiceSpace({f"layer{i}": ("conv", "pool") for i in range(5)}).enumerate()
    >>> convolutions = (architectures.genotypes == 0).sum(axis=1)
    >>> task = Task("source", architectures, {"accuracy": Metric(convolutions, "maximize")}, objective="accuracy")
    >>> space = EdgeCellSpace(operations=("none", "conv3x3", "max_pool"), nodes=3)
    >>> cells = space.from_genotypes([[2, 0, 2], [1, 0, 1]])
    >>> pools, convs = CommonGPs(points=20, seed=0).fit(Sources.of([task])).at(space).transform(cells)[:, 0]
    >>> bool(convs > pools)
    True
    """

    features: CommonFeatures

    def __init__(self, *, points: int, seed: int) -> None:
        super().__init__(points=points, seed=seed, kernels=KERNELS)

    def _new_features(self, space: SearchSpace) -> CommonFeatures:
        return CommonFeatures(space)

    def at(self, space: SearchSpace) -> CommonGPs:
        """The same processes, to be asked about architectures of another space."""
        there = copy(self)
        there.features = self.features.at(space)
        there._forget()
        return there
