"""Learned state as named arrays, that of a part within that of the whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy.typing as npt

__all__ = ["nested", "part"]


def nested(name: str, arrays: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    """The state of a part, to stand in that of the whole: each array's name after the part's and a dot.

    >>> import numpy as np
    >>> list(nested("fold0", {"weights": np.zeros(3)}))
    ['fold0.weights']
    """
    return {f"{name}.{key}": array for key, array in arrays.items()}


def part(name: str, arrays: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    """The state of a part, out of that of the whole.

    >>> import numpy as np
    >>> list(part("fold0", {"fold0.weights": np.zeros(3), "fold1.weights": np.zeros(3)}))
    ['weights']
    """
    start = f"{name}."
    return {key.removeprefix(start): array for key, array in arrays.items() if key.startswith(start)}
