"""A few architectures after whose evaluation the least is unknown of all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..predictors.kernels import Kernel, covariance, kernel_pairs, prior_medians

__all__ = ["least_variance_design"]

Array = npt.NDArray[np.float64]


def least_variance_design(
    kernels: Sequence[Kernel], groups: Sequence[Array], n: int, *, noise: float
) -> npt.NDArray[np.int64]:
    """The rows of a design for a predictor that is to be right on the whole, in the order in which to evaluate them.

    Each further row is the one that most lowers the mean variance of a Gaussian process over all rows, given those
    before (``cohn1996``): by ``Σᵣ k(r, x)² ÷ (k(x, x) + σ²)``, where ``k`` is the covariance that is left. Where
    `informative_design` goes to what is unlike all else, this goes to what much else is like.

    Args:
        kernels: One a feature group, taken at the medians of their priors.
        groups: One ``(m, d)`` matrix a kernel; time and memory grow with ``m²``.
        n: How many rows.
        noise: ``σ²``, the variance of the noise of an evaluation.

    Returns:
        ``(min(n, m),)`` indices, each once; of equals, the first.

    >>> x = np.array([[-3.0], [0.0], [0.1], [-0.1], [3.0]])  # three of the five are near each other
    >>> least_variance_design([Kernel("rbf")], [x], 2, noise=0.1).tolist()
    [1, 0]
    """
    pairs = [kernel_pairs(kernel, group, group) for kernel, group in zip(kernels, groups, strict=True)]
    left = covariance(kernels, pairs, prior_medians(kernels))
    chosen: list[int] = []
    for _ in range(min(n, len(left))):
        gains = np.einsum("rx,rx->x", left, left) / (np.diag(left) + noise)
        gains[chosen] = -np.inf
        pick = int(gains.argmax())
        column = left[:, pick] / np.sqrt(left[pick, pick] + noise)
        left -= np.outer(column, column)
        chosen.append(pick)
    return np.asarray(chosen, dtype=np.int64)
