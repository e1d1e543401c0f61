"""Whether what an encoder says is a row of numbers for each architecture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures, InputError

__all__ = ["checked_features"]


def checked_features(
    features: object, architectures: Architectures, names: Sequence[str], encoder: str
) -> npt.NDArray[np.float32]:
    """The features as ``(n, d)`` numbers.

    Args:
        features: What is to be that.
        architectures: ``n`` of them, which were encoded.
        names: ``d`` of them, the columns'.
        encoder: What the encoder is called.

    Raises:
        InputError: They are no numbers, of another shape, or not all finite in float32.

    >>> from augury.spaces import ChoiceSpace
    >>> layers = ChoiceSpace({"layer": ("conv", "pool")}).enumerate()
    >>> checked_features([[1.0], [float("nan")]], layers, ["cost"], "Mine")
    Traceback (most recent call last):
    ...
    augury.spaces.errors.InputError: Mine._encode gave nan for the feature 'cost' of 'layer=pool', 1 value of 2 that \
is not finite; it is to give finite numbers. Where a value is missing, give a usual one and say so in one more column.
    """
    try:
        with np.errstate(over="ignore"):  # told below
            numbers = np.asarray(features, dtype=np.float32)
    except (TypeError, ValueError, RuntimeError) as error:  # the last, of a tensor that is being learned
        raise InputError(f"{encoder}._encode gave no array of numbers ({error}); it is to give one.") from error
    n, d = len(architectures), len(names)
    if numbers.shape != (n, d):
        raise InputError(
            f"{encoder}._encode gave an array of shape {numbers.shape}; it is to give one of {(n, d)}, a row for each "
            f"of {n} architectures and a column for each of the {d} names that _feature_names gives."
        )
    if not np.isfinite(numbers).all():
        bad = np.argwhere(~np.isfinite(numbers))
        row, column = bad[0].tolist()
        counted = "1 value" if len(bad) == 1 else f"the first of {len(bad)} values"
        raise InputError(
            f"{encoder}._encode gave {np.asarray(features)[row, column]} for the feature {names[column]!r} of "
            f"{str(architectures[row])!r}, {counted} of {numbers.size} that {'is' if len(bad) == 1 else 'are'} not "
            "finite; it is to give finite numbers. Where a value is missing, give a usual one and say so in one more "
            "column."
        )
    return numbers
