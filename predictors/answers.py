"""Whether what a predictor says is a mean and a standard deviation for each architecture."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..spaces import InputError
from ..spaces.real_numbers import real_numbers

__all__ = ["checked_answers"]

Array = npt.NDArray[np.float64]


def checked_answers(answers: object, n: int, place: str) -> tuple[Array, Array]:
    """The mean and the standard deviation, ``(n,)`` each.

    Args:
        answers: What is to be a pair of them.
        n: For so many architectures.
        place: What gave them, as ``"Mine._predict"``.

    Raises:
        InputError: They are something else, of another shape, not finite, or a standard deviation is below 0.

    >>> checked_answers(([1.0, 2.0], [0.5]), 2, "Mine._predict")
    Traceback (most recent call last):
    ...
    augury.spaces.errors.InputError: Mine._predict gave a standard deviation of shape (1,) for 2 architectures; it is \
to give one of shape (2,).
    """
    if not isinstance(answers, tuple) or len(answers) != 2:
        raise InputError(
            f"{place} gave one {type(answers).__name__}; it is to give a mean and a standard deviation: mean, std."
        )
    mean, std = (
        _checked(part, n, place, what) for part, what in zip(answers, ("mean", "standard deviation"), strict=True)
    )
    if (std < 0).any():
        raise InputError(f"{place} gave a standard deviation of {std.min():g}; it is to give none below 0.")
    return mean, std


def _checked(part: object, n: int, place: str, what: str) -> Array:
    try:
        numbers = real_numbers(part)
    except ValueError as error:
        raise InputError(f"{place} gave a {what} that is no array of numbers ({error}).") from error
    if numbers.shape != (n,):
        raise InputError(
            f"{place} gave a {what} of shape {numbers.shape} for {n} architectures; it is to give one of shape ({n},)."
        )
    if not np.isfinite(numbers).all():
        bad = np.flatnonzero(~np.isfinite(numbers))
        raise InputError(
            f"{place} gave a {what} that is not finite for {len(bad)} of {n} architectures, the first, "
            f"{numbers[bad[0]]}, in row {bad[0]}; it is to give finite numbers."
        )
    return numbers
