"""Numbers that a user gives, as an array of float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import InputError

__all__ = ["given_values", "real_numbers"]


def real_numbers(given: Any) -> npt.NDArray[np.float64]:
    """The numbers of a list, an array, a pandas Series or a torch tensor; NaN where there is none, or it is masked.

    Raises:
        ValueError: It holds something else; the message is a reason for that of the caller to tell.

    >>> real_numbers(np.ma.masked_equal([1, -1, 3], -1)).tolist()
    [1.0, nan, 3.0]
    >>> real_numbers(np.array([1j]))
    Traceback (most recent call last):
    ...
    ValueError: complex128 are no real numbers
    """
    if getattr(getattr(given, "dtype", None), "kind", "") in tuple("cmMV"):  # NumPy would make numbers of times, too
        raise ValueError(f"{given.dtype} are no real numbers")
    if isinstance(given, np.ma.MaskedArray):
        given = np.ma.filled(given.astype(np.float64), np.nan)
    elif hasattr(given, "detach"):  # a tensor that is being learned
        given = given.detach()
    try:
        return np.asarray(given, dtype=np.float64)
    except (TypeError, OverflowError, RuntimeError) as error:
        raise ValueError(str(error)) from error


def given_values(y: Any, method: str) -> npt.NDArray[np.float64]:
    """The values that a method takes behind architectures, as numbers.

    Raises:
        InputError: There are none, or they are something else.

    >>> given_values([1, 2.5], "fit").tolist()
    [1.0, 2.5]
    """
    if y is None:
        raise InputError(f"{method} takes the values of the architectures too: {method}(task.architectures, task.y).")
    try:
        return real_numbers(y)
    except ValueError as error:
        raise InputError(f"y is an array of numbers ({error}); got {type(y).__name__}.") from error
