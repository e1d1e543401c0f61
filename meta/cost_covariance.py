"""What sources tell of a sum of costs before anything is measured: which costs vary, and which vary together."""

from __future__ import annotations

from typing import Self

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import Ridge

from ..encoders import OneHot
from ..encoders.threads import single_threaded
from ..spaces import Architectures

__all__ = ["CostCovariance", "matrix_normal"]

Array = npt.NDArray[np.float64]

ROUNDS = 5  # of estimating one factor by the other
SHRINKAGE = 0.05  # of what is off the diagonals, since there are few sources
LEAST = 1e-3  # of the mean variance, added before a factor is inverted


class CostCovariance:
    """The covariance of what operations cost on a new task, from what they cost on the sources.

    A source's costs are a linear fit to its values: one cost for each value of each position of the genotype, with a
    mean of 0 over a position's values. Those of all positions that have the same values form a matrix, positions by
    values, and the sources' matrices are taken as draws from one matrix normal distribution (`matrix_normal`). So a
    few measurements tell of all positions where an operation costs alike everywhere, of all kernel sizes where these
    go together, and little is expected of what hardly matters on any source.

    Args:
        canonical: Whether equivalent architectures are the same.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("skip", "conv3", "conv5") for i in range(4)})
    >>> everything = space.enumerate()
    >>> devices = np.stack([np.asarray(c)[everything.genotypes].sum(axis=1) for c in ([0, 2, 5], [0, 1, 1])], axis=1)
    >>> costs = CostCovariance().fit(everything, devices)
    >>> first, last, none = costs.transform(space.from_genotypes([[2, 0, 0, 0], [0, 0, 0, 2], [0, 0, 0, 0]]))
    >>> bool((first - none) @ (last - none) > 0.8 * (first - none) @ (first - none))
    True
    """

    def __init__(self, *, canonical: bool = False) -> None:
        self.canonical = canonical

    def fit(self, architectures: Architectures, values: Array) -> Self:
        """Learn from ``(n, t)`` values, one column a source, without noise and on one scale."""
        self._encoder = OneHot(canonical=self.canonical).fit(architectures)
        X = self._encoder.transform(architectures).astype(np.float64)
        groups: dict[tuple[str | float, ...], list[list[int]]] = {}
        start = 0
        for names in architectures.space.positions().values():
            groups.setdefault(tuple(names), []).append(list(range(start, start + len(names))))
            start += len(names)
        self._factors = []
        with single_threaded():
            costs = Ridge().fit(X, values).coef_.reshape(values.shape[1], -1)
            for columns in groups.values():
                places = np.asarray(columns)  # (positions, values)
                own = costs[:, places]
                across, within = matrix_normal(own - own.mean(axis=2, keepdims=True))
                self._factors.append((places, root(across), root(within)))
        self._mean, self._scale = np.zeros(X.shape[1]), 1.0
        F = self._rotated(X)
        self._mean = F.mean(axis=0)
        self._scale = float(((F - self._mean) ** 2).sum(axis=1).mean() ** 0.5) or 1.0
        return self

    def _rotated(self, X: Array) -> Array:
        parts = [
            np.einsum("npv,pq,vw->nqw", X[:, places], across, within).reshape(len(X), -1)
            for places, across, within in self._factors
        ]
        return np.concatenate(parts, axis=1)

    def transform(self, architectures: Architectures) -> Array:
        """``(n, d)``: inner products are covariances; over the fitted architectures the mean variance is 1."""
        X = self._encoder.transform(architectures).astype(np.float64)
        scaled: Array = (self._rotated(X) - self._mean) / self._scale
        return scaled


def matrix_normal(draws: Array) -> tuple[Array, Array]:
    """The covariances across rows, ``(r, r)``, and columns, ``(c, c)``, of matrices, ``(s, r, c)``, of mean 0.

    The covariance of two entries is the product of that of their rows and that of their columns. Each factor in turn
    has its maximum likelihood given the other (``dutilleul1999``), and what is off its diagonal is shrunk; the columns'
    variances have a mean of 1. Both are 0 where there is nothing but zeros.

    >>> rows, columns = matrix_normal(np.array([[[1.0, -1.0], [2.0, -2.0]], [[-1.0, 1.0], [-2.0, 2.0]]]))
    >>> rows.round(2).tolist(), columns.round(2).tolist()
    ([[1.0, 1.9], [1.9, 4.0]], [[1.0, -0.95], [-0.95, 1.0]])
    """
    s, r, c = draws.shape
    across, within = np.zeros((r, r)), np.eye(c)
    if not np.abs(draws).max(initial=0.0) > 1e-9:
        return across, np.zeros((c, c))
    for _ in range(ROUNDS):
        across = _shrunk(np.einsum("sic,cd,sjd->ij", draws, _inverse(within), draws) / (s * c))
        within = _shrunk(np.einsum("sic,ij,sjd->cd", draws, _inverse(across), draws) / (s * r))
        within *= c / np.trace(within)
    size = float(np.einsum("sic,sic->", draws, draws)) / s  # what both together are to have as their total variance
    return across * (size / (np.trace(across) * np.trace(within))), within


def _shrunk(covariance: Array) -> Array:
    shrunk: Array = (1 - SHRINKAGE) * covariance + SHRINKAGE * np.diag(np.diag(covariance))
    return shrunk


def _inverse(covariance: Array) -> Array:
    least = LEAST * np.trace(covariance) / len(covariance)
    inverse: Array = np.linalg.inv(covariance + least * np.eye(len(covariance)))
    return inverse


def root(covariance: Array) -> Array:
    """A matrix whose product with its own transpose is the covariance."""
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    factor: Array = vectors * np.sqrt(np.maximum(values, 0.0))
    return factor
