"""Meta-learners that can leave sources out without learning anew."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Self

import numpy as np
import numpy.typing as npt

from ..predictors.predictor import Predictor
from ..spaces import Architectures
from .meta_learner import MetaLearner

__all__ = ["SubsetLearner"]


class SubsetLearner(MetaLearner):
    """A meta-learner that keeps what it learned of each source apart.

    A subclass writes `opinions` and `_subset`, besides what every meta-learner writes. Tasks are counted as in
    `Sources.all_names`.
    """

    @abstractmethod
    def opinions(self, architectures: Architectures) -> npt.NDArray[np.float64]:
        """``(n, t)``: what each source says of each architecture; no evaluation of the target has a part in it."""

    @abstractmethod
    def _subset(self, kept: Sequence[int]) -> Self:
        """One to adapt with as if there were only those sources; it is not to be saved."""

    def adapt_with(self, kept: Sequence[int], architectures: Architectures, y: npt.ArrayLike) -> Predictor:
        """`adapt` as if there were only those sources.

        Args:
            kept: Columns of `opinions`, at least one.
            architectures: ``k`` evaluated ones.
            y: ``(k,)`` values, larger is better.
        """
        return self._subset(kept).adapt(architectures, y)
