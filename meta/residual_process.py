"""What a meta-learner leaves over on a target, learned from the target's own evaluations."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..encoders.groups import FeatureGroups
from ..predictors.exact_gp import ExactGP
from ..predictors.kernels import Kernel, LogNormal
from ..spaces import Architectures
from .encodings import ENCODERS

__all__ = ["ResidualProcess"]

Array = npt.NDArray[np.float64]

KERNELS = (
    Kernel("linear", LogNormal(0.1, 1.0)),
    Kernel("linear", LogNormal(0.1, 1.0)),
    Kernel("matern", LogNormal(0.3, 1.0)),
    Kernel("matern", LogNormal(0.3, 1.0)),
)
NOISE = LogNormal(0.3, 1.0)


class ResidualProcess:
    """A Gaussian process on graph features that corrects another model's mean: a guard against misleading sources.

    Its kernel is a sum: a constant, linear in the mean that it corrects, Matérn in graph features and in the genotype.
    So a mean that tells nothing can be taken back, and what it lacks is learned.

    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(3)}).enumerate()
    >>> misled, truth = np.linspace(-1, 1, 27), architectures.genotypes[:, 2] - 1.0
    >>> process = ResidualProcess().fit(architectures[::2], misled[::2], truth[::2] - misled[::2])
    >>> corrected = misled + process.correction(architectures, misled)
    >>> bool(np.corrcoef(corrected, truth)[0, 1] > 0.9)
    True
    """

    def fit(self, architectures: Architectures, mean: Array, residual: Array) -> ResidualProcess:
        """Learn from ``k >= 1`` residuals ``y − mean`` of evaluations that the mean was not learned from."""
        self._features = FeatureGroups(ENCODERS).fit(architectures.space)
        self._forms = architectures.forms()
        self._gp = ExactGP(KERNELS, noise=NOISE).fit(self._groups(architectures, mean), residual)
        return self

    def _groups(self, architectures: Architectures, mean: Array) -> list[Array]:
        return [np.ones((len(mean), 1)), mean[:, None], *self._features.transform(architectures.canonical())]

    def correction(self, architectures: Architectures, mean: Array) -> Array:
        """``(m,)``: what to add to the mean."""
        return self._gp.mean(self._groups(architectures, mean))

    def leave_one_out(self) -> Array:
        """``(k,)``: what it would add to each mean it was fitted to, learned from those that are not equivalent."""
        return self._gp.leave_one_out(self._forms)[0]
