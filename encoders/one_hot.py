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
    """

    def _feature_names(self, space: SearchSpace) -> list[str]:
        return [f"{column}={value}" for column, size in enumerate(space.cardinalities) for value in range(size)]

    def _encode(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        sizes = architectures.space.cardinalities
        parts = [np.eye(size, dtype=np.float32)[architectures.genotypes[:, i]] for i, size in enumerate(sizes)]
        return np.concatenate(parts, axis=1)
