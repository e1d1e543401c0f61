"""Rows of numbers remembered by genotype."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures

__all__ = ["RowMemo"]

MOST_BYTES = 2**29


class RowMemo:
    """A matrix that grows by the rows of architectures not met before.

    It starts anew when it would take more than half a gigabyte, and in another process.

    Args:
        width: How many numbers a row has.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"first": ("a", "b"), "second": ("a", "b")})
    >>> memo, asked = RowMemo(1), []
    >>> def encode(architectures):
    ...     asked.append(len(architectures))
    ...     return architectures.genotypes.sum(axis=1, keepdims=True).astype(np.float32)
    >>> memo.rows(space.from_genotypes([[0, 1], [1, 1], [0, 1]]), encode).tolist()
    [[1.0], [2.0], [1.0]]
    >>> memo.rows(space.from_genotypes([[1, 1], [0, 0]]), encode).tolist(), asked
    ([[2.0], [0.0]], [2, 1])
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._clear()

    def _clear(self) -> None:
        self._keys: npt.NDArray[np.bytes_] = np.zeros(0, dtype="S1")
        self._place: npt.NDArray[np.int64] = np.zeros(0, dtype=np.int64)  # of each sorted key, its row
        self._rows: npt.NDArray[np.float32] = np.zeros((0, self._width), dtype=np.float32)

    def __getstate__(self) -> int:
        return self._width  # what is remembered can be large, and joblib hands large arrays on as read-only

    def __setstate__(self, width: int) -> None:
        self._width = width
        self._clear()

    def rows(
        self, architectures: Architectures, encode: Callable[[Architectures], npt.NDArray[np.float32]]
    ) -> npt.NDArray[np.float32]:
        """``(n, width)``: remembered rows, and what ``encode`` makes of the others."""
        keys, first, inverse = np.unique(architectures.keys(), return_index=True, return_inverse=True)
        at = np.searchsorted(self._keys, keys)
        known = np.zeros(len(keys), dtype=bool)
        inside = at < len(self._keys)
        known[inside] = self._keys[at[inside]] == keys[inside]
        if not known.all():
            if (len(self._keys) + (~known).sum()) * self._width * 4 > MOST_BYTES:
                self._clear()
                known[:] = False
            fresh = encode(architectures[first[~known]])
            places = len(self._keys) + np.arange(len(fresh))
            self._reserve(len(self._keys) + len(fresh))
            self._rows[places] = fresh
            merged = np.concatenate([self._keys, keys[~known]])
            order = np.argsort(merged)
            self._keys = merged[order]
            self._place = np.concatenate([self._place, places])[order]
            at = np.searchsorted(self._keys, keys)
        return self._rows[self._place[at][inverse]]

    def _reserve(self, rows: int) -> None:
        """Room for so many rows; doubled each time, so that growing costs little."""
        if rows > len(self._rows):
            grown = np.empty((max(rows, 2 * len(self._rows)), self._width), dtype=np.float32)
            grown[: len(self._keys)] = self._rows[: len(self._keys)]
            self._rows = grown
