"""Values that a user gives, as Python's own texts and numbers in a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from contextlib import suppress

import numpy as np

from .errors import InputError

__all__ = ["alike", "plain", "plain_list"]


def plain(value: object) -> object:
    """A number or text of NumPy as Python's own, which JSON can hold; anything else as it is.

    >>> plain(np.int64(16)), plain(np.str_("conv")), plain("pool")
    (16, 'conv', 'pool')
    """
    return value.item() if isinstance(value, np.generic) else value


def alike(a: object, b: object) -> bool:
    """Whether JSON writes two values alike, as it does not 1, 1.0 and True; what it cannot write is compared itself.

    >>> alike({"choices": (1, 2)}, {"choices": [1, 2]}), alike([1, 0], [1.0, 0.0]), alike([1, 0], [True, False])
    (True, False, False)
    """
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(alike(value, b[name]) for name, value in a.items())
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(alike, a, b))
    a, b = plain(a), plain(b)
    return _json_type(a) is _json_type(b) and bool(a == b)


def _json_type(value: object) -> type:
    return next((known for known in (str, bool, int, float) if isinstance(value, known)), type(value))


def plain_list(given: object, what: str) -> list[object]:
    """The values of anything that has some in an order.

    Args:
        given: A list, tuple, range, array …
        what: What they are, for the message.

    Raises:
        InputError: It is one text, has no order, or is nothing that has values.

    >>> plain_list(np.array([16, 32]), "The choices of 'width'")
    [16, 32]
    >>> plain_list("relu", "The choices of 'activation'")
    Traceback (most recent call last):
    ...
    augury.spaces.errors.InputError: The choices of 'activation' are a list, such as ['relu']; got 'relu'.
    """
    if isinstance(given, Iterable) and not isinstance(given, str | bytes | Mapping | Set):
        with suppress(TypeError):  # from an array of no dimension
            return [plain(value) for value in given]
    example = [given] if isinstance(given, str | int | float) else ["first", "second"]
    raise InputError(f"{what} are a list, such as {example}; got {given!r}.")
