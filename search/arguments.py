"""What the arguments of a search are, told by name where they are something else."""

from __future__ import annotations

from numbers import Integral, Real

from ..spaces import Architectures, InputError, SearchSpace

__all__ = ["check_candidates", "check_kind", "check_limit", "check_seed", "check_space", "check_whole"]


def check_kind(name: str, value: object, kind: type, example: str) -> None:
    """Raise unless a value is of a class.

    Args:
        name: The argument's.
        value: What was given.
        kind: What it must be an instance of.
        example: How to make one.

    Raises:
        InputError: It is something else.

    >>> check_kind("space", "layers", SearchSpace, "MySpace()")
    Traceback (most recent call last):
    ...
    augury.spaces.errors.InputError: space= takes an instance of SearchSpace, such as MySpace(); got 'layers'.
    """
    if not isinstance(value, kind):
        raise InputError(f"{name}= takes an instance of {kind.__name__}, such as {example}; got {value!r}.")


def check_space(value: object) -> None:
    """Raise `InputError` unless it is a search space."""
    check_kind("space", value, SearchSpace, "augury.spaces.NASBench201Space()")


def check_candidates(value: object) -> None:
    """Raise `InputError` unless it is a batch of architectures, and not an empty one."""
    check_kind("candidates", value, Architectures, "task.architectures")
    assert isinstance(value, Architectures), "checked above"
    if not len(value):
        raise InputError("candidates= is empty; give the architectures that may be proposed, or leave it out for all.")


def check_seed(value: object) -> None:
    """Raise `InputError` unless it can seed a generator."""
    if not isinstance(value, Integral) or int(value) < 0:
        raise InputError(f"A seed is a non-negative integer; got seed={value!r}.")


def check_limit(name: str, value: object) -> None:
    """Raise `InputError` unless it is a number of seconds, 0 or more, or None for no limit."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, Real) or not float(value) >= 0):
        raise InputError(f"{name}= takes a number of seconds, 0 or more, or None for no limit; got {value!r}.")


def check_whole(name: str, value: object) -> None:
    """Raise `InputError` unless it is a whole number of at least 1."""
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < 1:
        raise InputError(f"{name}= takes a whole number of at least 1; got {value!r}.")
