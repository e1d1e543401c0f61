"""An exact Gaussian process that single measurements gone wrong cannot pull far."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .exact_gp import ExactGP

__all__ = ["StudentTGP"]

Array = npt.NDArray[np.float64]

DEGREES = 3.0  # of freedom; lange1989 has 4 where nothing tells more, but latencies go further astray
DEGREES_BELOW = 1.0  # of values lower than expected: a run may be far too slow, hardly ever far too fast
ROUNDS = 3


class StudentTGP(ExactGP):
    """An `ExactGP` whose noise has the heavy tails of a Student-t distribution (``tipping2005``).

    Such noise is normal with a variance that differs from value to value. Expectation maximisation learns how far each
    value is to be trusted: with ``ν`` degrees of freedom, ``w = (ν + 1) / (ν + E[(y − f)²] / σ²)``, which is small
    where the others tell something else. Higher values are better, and what goes wrong makes a value worse, so the
    tail below has fewer degrees of freedom (1) than the one above (3). Arguments are those of `ExactGP`; the prior is
    that of ``σ²``.

    >>> from .kernels import Kernel, LogNormal
    >>> x = np.linspace(-1, 1, 12)[:, None]
    >>> y = 2 * x[:, 0]
    >>> y[9] -= 5  # one measurement gone wrong
    >>> kernels, noise = [Kernel("linear")], LogNormal(0.01, 1.0)
    >>> slopes = [kind(kernels, noise=noise).fit([x], y).mean([np.ones((1, 1))])[0] for kind in (ExactGP, StudentTGP)]
    >>> bool(abs(slopes[1] - 2) < 0.5 * abs(slopes[0] - 2))
    True
    """

    def fit(
        self, groups: Sequence[Array], y: Array, *, theta: Array | None = None, weights: Array | None = None
    ) -> StudentTGP:
        """Learn from ``n`` points; arguments are those of `ExactGP.fit`.

        The last rounds are run with the hyper-parameters as they are, so that these alone tell the whole process.
        """
        given: Array = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=np.float64)
        if theta is None:
            self._alternate(groups, y, None, given)
            theta = self.theta
        self._alternate(groups, y, theta, given)
        return self

    def _alternate(self, groups: Sequence[Array], y: Array, theta: Array | None, given: Array) -> None:
        """Rounds of asking how far to trust each value, and of learning with that trust."""
        super().fit(groups, y, theta=theta, weights=given)
        for _ in range(ROUNDS):
            mean, std = self.predict(groups)
            away = ((y - mean) ** 2 + std**2) * given / np.exp(self.theta[-1])
            degrees = np.where(y < mean, DEGREES_BELOW, DEGREES)
            super().fit(groups, y, theta=theta, weights=given * (degrees + 1) / (degrees + away))

    @property
    def noise_variance(self) -> float:
        """The variance of the noise of a value of weight 1, its tails included, both taken as the one above.

        The tail below has no variance of its own; so counted, intervals of 90 % hold about that.
        """
        return super().noise_variance * DEGREES / (DEGREES - 2)
