"""What the numbers among arguments may be, and what draws random ones."""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

import numpy as np

from .architectures import Architecture, Architectures
from .errors import InputError

__all__ = ["check_architectures", "check_generator", "check_numbers", "whole_number"]

OPTIONAL: Mapping[str, tuple[Any, str, float]] = {  # annotations of arguments whose default is None
    "int | None": (Integral, "a whole number, 0 or more", 0),
    "float | None": (Real, "a number", -math.inf),
}


def check_numbers(thing: Any) -> None:
    """Raise unless counts are whole numbers, sizes finite ones, neither too small, and truth values are such.

    An argument of the constructor whose default is a whole number is a count, of 1 or more, or of 0 or more if that is
    its default or it is called ``seed``; one whose default has a fraction, or that is annotated as ``float``, is a
    size, of 0 or more, or, where the class has its name in ``_shares``, a share, above 0 and up to 1, or one of the
    words that stand there. What is no number may have a meaning of its own where the annotation is not ``float`` alone.
    Where the default is None, ``int | None`` is a count, of 0 or more, and ``float | None`` any number. What is
    annotated as ``bool`` is True or False. Each is an attribute of that name. Where the default is negative, as of
    scikit-learn's ``n_jobs``, any value will do. A class that asks for more or less of some counts than its parent has
    them in ``_least``, by name.

    Args:
        thing: An encoder, predictor, meta-learner or strategy.

    Raises:
        InputError: A number is not of its kind, or too small.

    >>> class Forest:
    ...     def __init__(self, trees=200):
    ...         self.trees = trees
    >>> check_numbers(Forest(-3))
    Traceback (most recent call last):
    ...
    augury.spaces.errors.InputError: trees is a whole number, 1 or more, such as 200; got trees=-3.
    """
    least: dict[str, int] = {"seed": 0}
    for cls in reversed(type(thing).__mro__):
        least |= vars(cls).get("_least", {})
    shares: Mapping[str, tuple[str, ...]] = getattr(thing, "_shares", {})
    for name, parameter in inspect.signature(type(thing)).parameters.items():
        default, value = parameter.default, getattr(thing, name, None)
        if parameter.annotation == "bool" and not isinstance(value, bool | np.bool_):
            raise InputError(f"{name} is True or False (true or false in JSON); got {name}={value!r}.")
        if default is None and value is not None and str(parameter.annotation) in OPTIONAL:
            kind, what, smallest = OPTIONAL[str(parameter.annotation)]
            if isinstance(value, bool) or not isinstance(value, kind) or value < smallest:
                raise InputError(f"{name} is {what}, or None; got {name}={value!r}.")
            continue
        if not isinstance(default, (int, float)) or isinstance(default, bool) or default < 0:
            continue
        if value is None and "None" in str(parameter.annotation):
            continue
        if isinstance(default, int) and "float" not in str(parameter.annotation):
            smallest = least.get(name, 1 if default else 0)
            if isinstance(value, bool) or not isinstance(value, Integral) or value < smallest:
                raise InputError(
                    f"{name} is a whole number, {smallest} or more, such as {default}; got {name}={value!r}."
                )
        elif name in shares:
            _check_share(name, value, default, shares[name])
        elif not 0 <= float(value) < math.inf if isinstance(value, Real) else parameter.annotation in ("float", float):
            raise InputError(f"{name} is a finite number, 0 or more, such as {default}; got {name}={value!r}.")


def _check_share(name: str, value: Any, default: float, words: tuple[str, ...]) -> None:
    number = not isinstance(value, bool) and isinstance(value, Real) and 0 < float(value) <= 1
    if not number and not (isinstance(value, str) and value in words):
        also = f", or {' or '.join(map(repr, words))}" if words else ""
        raise InputError(
            f"{name} is a share, a number above 0 and up to 1, such as {default}{also}; got {name}={value!r}."
        )


def whole_number(value: object, name: str, *, least: int = 0) -> int:
    """The value, if it is a count.

    Args:
        value: An argument.
        name: What it is called.
        least: The smallest allowed.

    Raises:
        InputError: It is no whole number, or too small.

    >>> whole_number(2.5, "n")
    Traceback (most recent call last):
    ...
    augury.spaces.errors.InputError: n is a whole number, 0 or more; got n=2.5.
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise InputError(f"{name} is a whole number, {least} or more; got {name}={value!r}.")
    return int(value)


def check_architectures(value: object, method: str, *others: str) -> None:
    """Raise unless these are `Architectures`, and not what holds them, as a task does.

    Args:
        value: What was given first.
        method: To what.
        others: What comes behind it, by the name that it has in a task.

    Raises:
        InputError: It is something else.

    >>> check_architectures("conv", "predict")
    Traceback (most recent call last):
    ...
    augury.spaces.errors.InputError: predict takes Architectures, not str; make them with space.from_genotypes(array) \
or space.parse(texts).
    """
    if isinstance(value, Architectures):
        return
    kind = type(value).__name__
    mend = "make them with space.from_genotypes(array) or space.parse(texts)"
    if isinstance(value, Architecture):
        mend = "make a batch of it, by architecture.as_batch() or by a slice: architectures[:1]"
    elif isinstance(value, list | tuple) and value and isinstance(value[0], Architecture):
        kind += " of Architecture"
        mend = (
            "make a batch of them, by augury.spaces.concatenate([one.as_batch() for one in given]) or by their rows: "
            "architectures[[0, 1]]"
        )
    elif isinstance(getattr(value, "architectures", None), Architectures):
        parts = ", ".join(f"{kind.lower()}.{name}" for name in ("architectures", *others))
        mend = f"take them out of it: {method}({parts})"
    raise InputError(f"{method} takes Architectures, not {kind}; {mend}.")


def check_generator(rng: object) -> None:
    """Raise unless this is a NumPy generator of random numbers.

    Raises:
        InputError: It is something else, as a seed.

    >>> check_generator(0)
    Traceback (most recent call last):
    ...
    augury.spaces.errors.InputError: rng is a generator, such as numpy.random.default_rng(0); got rng=0.
    """
    if not isinstance(rng, np.random.Generator):
        raise InputError(f"rng is a generator, such as numpy.random.default_rng(0); got rng={rng!r}.")
