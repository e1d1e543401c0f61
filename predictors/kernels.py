"""Kernels of a Gaussian process: what they are, and their covariances with the slopes that a fit needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .relevance import Columns, length_pulls, scaled_distances

__all__ = [
    "Kernel",
    "LogNormal",
    "Pairs",
    "combined",
    "covariance",
    "hyper_priors",
    "kernel_pairs",
    "kernel_slopes",
    "prior_medians",
    "pulls",
    "slopes_of_each",
    "variances",
]

Array = npt.NDArray[np.float64]
Pairs: TypeAlias = Array | Columns


@dataclass(frozen=True)
class LogNormal:
    """A prior on a positive hyper-parameter: its logarithm is normal.

    Attributes:
        median: Of the hyper-parameter, in its units; its logarithm is the mean of the logarithm.
        spread: Standard deviation of the logarithm.

    >>> prior = LogNormal(0.5, 1.0)  # two thirds of its mass lie between 0.5 / e and 0.5 e
    >>> prior.median, prior.spread
    (0.5, 1.0)
    """

    median: float
    spread: float


@dataclass(frozen=True)
class Kernel:
    """One summand of the kernel, on a feature group of its own.

    ``"matern"`` is ``v (1 + r√5 + 5r²/3) exp(−r√5)`` with ``r = |x − x'| / l``; ``"rbf"`` is ``v exp(−r²/2)``;
    ``"linear"`` is ``v x·x'`` (``rasmussen2006``, chapter 4).

    ``"matern-ard"`` and ``"rbf-ard"`` are these with ``r² = Σ_j (x_j − x'_j)² / (l l_j)²``, automatic relevance
    determination: column ``j`` has a length of its own, ``l l_j``. Its logarithm has a variance that all columns share,
    that of ``l``, and one of its own, that of ``l_j``, which draws the columns' lengths together until the values tell
    them apart.

    Attributes:
        kind: ``"matern"``, ``"matern-ard"``, ``"rbf"``, ``"rbf-ard"`` or ``"linear"``.
        variance: Prior of ``v``.
        length: Prior of ``l``, which the linear kernel does not have.
        relevance: Prior of each ``l_j``.
        columns: How many ``l_j`` there are: the width of the feature group for ``"matern-ard"`` and ``"rbf-ard"``, 0
            for others.

    >>> Kernel("linear").sizes, Kernel("matern").sizes, Kernel("rbf-ard", columns=3).sizes
    (1, 2, 5)
    """

    kind: str
    variance: LogNormal = LogNormal(0.5, 1.0)
    length: LogNormal = LogNormal(1.0, 0.7)
    relevance: LogNormal = LogNormal(1.0, 0.25)
    columns: int = 0

    @property
    def sizes(self) -> int:
        """How many hyper-parameters it has."""
        return len(self.priors)

    @property
    def priors(self) -> list[LogNormal]:
        """Of each hyper-parameter: variance, length, then one a column."""
        return [self.variance, *([] if self.kind == "linear" else [self.length]), *[self.relevance] * self.columns]


def kernel_pairs(kernel: Kernel, a: Array, b: Array) -> Pairs:
    """What the kernel needs of each pair: squared distances, or inner products, ``(n, m)``; or all columns."""
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if kernel.columns:
        return Columns(a, b)
    product: Array = a @ b.T
    if kernel.kind == "linear":
        return product
    squares = np.einsum("nd,nd->n", a, a)[:, None] + np.einsum("md,md->m", b, b)[None] - 2 * product
    distances: Array = np.maximum(squares, 0.0)
    return distances


def covariance(kernels: Sequence[Kernel], inner: Sequence[Pairs], theta: Array, combine: str = "sum") -> Array:
    """Sum or product of the kernels, ``(n, m)``, from `kernel_pairs` of each and the logarithms of hyper-parameters."""
    return combined([slopes[0] for slopes in slopes_of_each(kernels, inner, theta)], combine)


def slopes_of_each(kernels: Sequence[Kernel], inner: Sequence[Pairs], theta: Array) -> list[list[Array]]:
    """`kernel_slopes` of each kernel."""
    found, position = [], 0
    for kernel, pairs in zip(kernels, inner, strict=True):
        found.append(kernel_slopes(kernel, pairs, theta[position : position + kernel.sizes]))
        position += kernel.sizes
    return found


def kernel_slopes(kernel: Kernel, pairs: Pairs, theta: Array) -> list[Array]:
    """The kernel, then its derivative with respect to the logarithm of its length, if it has one."""
    scale = np.exp(theta[0])
    if isinstance(pairs, Columns):
        squared = scaled_distances(pairs, theta[1] + theta[2:])
    elif kernel.kind == "linear":
        return [scale * pairs]
    else:
        squared = pairs * np.exp(-2 * theta[1])
    if not kernel.kind.startswith("matern"):
        K = scale * np.exp(-squared / 2)
        return [K, K * squared]
    r = np.sqrt(5 * squared)
    decay = scale * np.exp(-r)
    return [decay * (1 + r + r**2 / 3), decay * (1 + r) * r**2 / 3]


def pulls(
    kernels: Sequence[Kernel],
    each: list[list[Array]],
    inner: Sequence[Pairs],
    theta: Array,
    pull: Array,
    combine: str,
) -> list[float]:
    """``Σ P ∘ ∂K/∂θ`` of every hyper-parameter of the kernels, from `kernel_slopes` of each and ``P``, ``(n, n)``."""
    found: list[float] = []
    for i, (kernel, own, pairs) in enumerate(zip(kernels, each, inner, strict=True)):
        outer = pull
        if combine == "product":  # what is one factor's is times all the others
            outer = combined([pull, *(other[0] for j, other in enumerate(each) if j != i)], combine)
        start = len(found)
        found += [float(np.vdot(outer, slope)) for slope in own]
        if isinstance(pairs, Columns):
            logs = theta[start + 2 : start + 2 + pairs.a.shape[1]]
            steep = _steepness(kernel, own, scaled_distances(pairs, theta[start + 1] + logs))
            found += length_pulls(pairs.a, theta[start + 1] + logs, outer * steep).tolist()
    return found


def _steepness(kernel: Kernel, own: list[Array], squared: Array) -> Array:
    """``−2 ∂k / ∂r²``, from `kernel_slopes`: what each column's share of the squared distance is multiplied by."""
    if kernel.kind == "rbf-ard":
        return own[0]
    limit = np.full_like(squared, 5 / 3) * own[0]  # where points coincide
    return np.divide(own[1], squared, out=limit, where=squared > 0)


def variances(kernels: Sequence[Kernel], theta: Array, groups: Sequence[Array], combine: str = "sum") -> Array:
    """The diagonal of the covariance of the function at ``n`` points, one ``(n, d)`` matrix a kernel, ``(n,)``."""
    own, position = [], 0
    for kernel, x in zip(kernels, groups, strict=True):
        squares = np.einsum("nd,nd->n", x, x) if kernel.kind == "linear" else np.ones(len(x))
        own.append(np.exp(theta[position]) * squares)
        position += kernel.sizes
    return combined(own, combine)


def combined(parts: Sequence[Array], combine: str) -> Array:
    """The ``"sum"`` or the ``"product"`` of arrays of one shape, one a kernel."""
    whole: Array = np.prod(parts, axis=0) if combine == "product" else np.sum(parts, axis=0)
    return whole


def prior_medians(kernels: Sequence[Kernel]) -> Array:
    """Logarithms of the hyper-parameters at the medians of their priors."""
    medians: Array = np.log([p.median for p in hyper_priors(kernels)])
    return medians


def hyper_priors(kernels: Sequence[Kernel]) -> list[LogNormal]:
    """The priors of all hyper-parameters, kernel by kernel, in the order of ``theta``."""
    return [prior for kernel in kernels for prior in kernel.priors]
