"""Parameters as JSON that tells them apart, for the names of what belongs to them."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator

from ..predictors.parameters import pack
from ..spaces import InputError

__all__ = ["parameter_content"]


def parameter_content(name: str, value: object) -> object:
    """A parameter as JSON: the same for the same content, and another for other content.

    What an estimator has learned is no part of it, and a function or class counts by the name it is imported by.

    Args:
        name: What the parameter is called in a message.
        value: A number, text or path, an array of numbers or texts, architectures, an estimator, or a function or class
            that can be imported; lists and mappings of these.

    Raises:
        InputError: It is something else, of which nobody can tell whether it is the same again.

    >>> parameter_content("layers", (3, {"width": len}))
    [3, ['dict', [['width', ['imported', 'builtins.len']]]]]
    """
    if isinstance(value, str | int | float | bool | None):
        return value
    kind = type(value).__name__
    if isinstance(value, PurePath | np.longdouble | np.clongdouble):  # the item of a long number is itself
        return [kind, str(value)]
    if isinstance(value, np.generic):
        return parameter_content(name, value.item())
    if isinstance(value, np.ndarray) and value.dtype.kind == "U":
        return [kind, list(value.shape), value.ravel().tolist()]
    if isinstance(value, list | tuple):
        return [parameter_content(f"{name}[{place}]", part) for place, part in enumerate(value)]
    if isinstance(value, BaseEstimator):
        parameters = value.get_params(deep=False)
        return [kind, {key: parameter_content(f"{name}.{key}", part) for key, part in parameters.items()}]
    if isinstance(value, Mapping):  # pairs, for the order may count
        pairs = value.items()
        return [
            kind,
            [[parameter_content(name, key), parameter_content(f"{name}[{key!r}]", part)] for key, part in pairs],
        ]
    if (place := _imported_by(value)) is not None:
        return ["imported", place]
    arrays: dict[str, npt.NDArray[Any]] = {}
    try:
        packed = pack({"content": value}, arrays)
    except InputError as error:
        raise InputError(
            f"{name} is {value!r}, of which a checkpoint cannot tell whether it is the same again. Give numbers, "
            "texts, paths, arrays of numbers or texts, lists or mappings of these, or a function to import; "
            "or leave out checkpoint=, or give compare a function that makes the strategy, under a name of its own."
        ) from error
    digests = [[one.dtype.str, one.shape, hashlib.sha256(one.tobytes()).hexdigest()] for one in arrays.values()]
    return [packed, digests]


def _imported_by(value: object) -> str | None:
    """Where a function or class is found again; None if it is something else, or found nowhere."""
    module, path = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if not isinstance(module, str) or not isinstance(path, str):
        return None
    found: object = sys.modules.get(module)
    for name in path.split("."):
        found = getattr(found, name, None)
    return f"{module}.{path}" if found is value else None
