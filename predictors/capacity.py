"""How much an architecture can learn, by what its space tells of its operations."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..encoders import OperationKnowledge
from ..spaces import Architectures, SearchSpace

__all__ = ["Capacity"]

SAMPLE = 512  # architectures that tell a space's scale


class Capacity:
    """The number of operations that learn, standardised over a fixed sample of the space.

    Dead branches do not count. Where the space does not tell what its operations take
    (`SearchSpace.operation_costs`), all its operations count; where all architectures have as many, the capacity is 0.

    Args:
        space: The space.

    >>> from augury.spaces import NASBench201Space
    >>> space = NASBench201Space()
    >>> skips, convolutions = Capacity(space)(space.from_genotypes([[1] * 6, [3] * 6]))  # of 0 and 6 convolutions
    >>> bool(skips < 0 < convolutions)
    True
    """

    def __init__(self, space: SearchSpace) -> None:
        sample = space.sample(SAMPLE, np.random.default_rng(0))
        self._encoder = OperationKnowledge().fit(sample)
        names = list(self._encoder.get_feature_names_out())
        self._column = names.index("learning operations" if space.operation_costs else "live operations")
        counts = self._counts(sample)
        self._mean, self._scale = counts.mean(), counts.std() or np.inf

    def _counts(self, architectures: Architectures) -> npt.NDArray[np.float64]:
        return self._encoder.transform(architectures)[:, self._column].astype(np.float64)

    def __call__(self, architectures: Architectures) -> npt.NDArray[np.float64]:
        """``(n,)``."""
        capacity: npt.NDArray[np.float64] = (self._counts(architectures) - self._mean) / self._scale
        return capacity
