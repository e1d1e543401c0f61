"""A few architectures whose values tell the most of all others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..predictors.kernels import Kernel, covariance, kernel_pairs, prior_medians, variances

__all__ = ["informative_design"]

Array = npt.NDArray[np.float64]


def informative_design(
    kernels: Sequence[Kernel], groups: Sequence[Array], n: int, *, noise: float
) -> npt.NDArray[np.int64]:
    """The rows of an informative design, in the order in which to evaluate them.

    Each further row is the one of which the Gaussian process knows the least, given those before: the greedy choice
    that maximises the entropy of what is measured, or the determinant of its covariance (``krause2008``, section 3.1;
    D-optimality where kernels are linear). It is pivoted Cholesky, so only the chosen columns are worked out.

    Args:
        kernels: One a feature group, taken at the medians of their priors.
        groups: One ``(m, d)`` matrix a kernel.
        n: How many rows.
        noise: Variance of the noise of a measurement.

    Returns:
        ``(min(n, m),)`` indices, each once; of equals, the first.

    >>> informative_design([Kernel("linear")], [np.array([[0.1], [-2.0], [1.0]])], 2, noise=0.1).tolist()
    [1, 2]
    """
    theta = prior_medians(kernels)
    left = variances(kernels, theta, groups)
    known = np.zeros((len(left), 0))  # columns of the Cholesky factor
    chosen: list[int] = []
    for _ in range(min(n, len(left))):
        pick = int(left.argmax())
        column = _column(kernels, theta, groups, pick) - known @ known[pick]
        column /= np.sqrt(column[pick] + noise)
        known = np.column_stack([known, column])
        left -= column**2
        chosen.append(pick)
        left[chosen] = -np.inf
    return np.asarray(chosen, dtype=np.int64)


def _column(kernels: Sequence[Kernel], theta: Array, groups: Sequence[Array], pick: int) -> Array:
    """``(n,)`` covariances of all with one of them."""
    pairs = [kernel_pairs(kernel, group, group[[pick]]) for kernel, group in zip(kernels, groups, strict=True)]
    column: Array = covariance(kernels, pairs, theta)[:, 0]
    return column
