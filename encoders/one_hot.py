"""The genotype itself, one column a choice."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures, SearchSpace
from .encoder import Encoder

__all__ = ["OneHot"]


class OneHot(Encoder):
    """A column for each value of each genotype position, 1 where it is chosen.

    Args:
        canonical: Encode the canonical form.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"first": ("a", "b"), "second": ("a", "b", "c")})
    >>> OneHot().fit_transform(space.from_genotypes([[1, 2]])).tolist()
    [[0.0, 1.0, 0.0, 0.0, 1.0]]
    >>> OneHot().fit(space.enumerate()).get_feature_names_out().tolist()
    ['first is a', 'first is b', 'second is a', 'second is b', 'second is c']
    """

    def _feature_names(self, space: SearchSpace) -> list[str]:
        return [f"{position} is {value}" for position, values in space.positions().items() for value in values]

    def _encode(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        sizes = architectures.space.cardinalities
        parts = [np.eye(size, dtype=np.float32)[architectures.genotypes[:, i]] for i, size in enumerate(sizes)]
        return np.concatenate(parts, axis=1)
