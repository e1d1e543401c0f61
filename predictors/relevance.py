"""Automatic relevance determination: a length scale for each column (``rasmussen2006``, section 5.1)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Columns", "length_pulls", "scaled_distances"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Columns:
    """The columns of two sets of points, ``(n, d)`` and ``(m, d)``, whose distances depend on the length scales."""

    a: Array
    b: Array


def scaled_distances(columns: Columns, logs: Array) -> Array:
    """``Σ_j (a_j − b_j)² / l_j²``, ``(n, m)``, for the ``(d,)`` logarithms of the ``l_j``.

    >>> points = Columns(np.array([[0.0, 0.0]]), np.array([[2.0, 3.0]]))
    >>> scaled_distances(points, np.log([1.0, 3.0])).round(6).tolist()
    [[5.0]]
    """
    a, b = columns.a * np.exp(-logs), columns.b * np.exp(-logs)
    squares = np.einsum("nd,nd->n", a, a)[:, None] + np.einsum("md,md->m", b, b)[None] - 2 * a @ b.T
    distances: Array = np.maximum(squares, 0.0)
    return distances


def length_pulls(a: Array, logs: Array, pull: Array) -> Array:
    """``Σ_ik P_ik (a_ij − a_kj)² / l_j²`` for each column ``j``, ``(d,)``, from a symmetric ``P``, ``(n, n)``.

    No matrix of all pairs and columns is needed, so many columns cost little.
    """
    a = a * np.exp(-logs)
    found: Array = 2 * (pull.sum(axis=1) @ a**2 - np.einsum("nd,nd->d", a, pull @ a))
    return found
