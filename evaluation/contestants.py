"""What a comparison is given: methods and tasks by name, and seeds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from numbers import Real
from pathlib import Path
from typing import Any, TypeVar

from sklearn.base import BaseEstimator, clone

from ..spaces import InputError

__all__ = ["check_folder", "check_mapping", "checked_seeds", "checked_sizes", "makers"]

Method = TypeVar("Method")


def check_mapping(name: str, value: object, example: str) -> None:
    """Raise `InputError` unless it maps names to what is compared.

    >>> check_mapping("tasks", ["cora"], "{'cora': task}")
    Traceback (most recent call last):
    ...
    augury.spaces.errors.InputError: tasks= is a mapping of names, such as {'cora': task}; got a list.
    """
    if not isinstance(value, Mapping):
        raise InputError(f"{name}= is a mapping of names, such as {example}; got a {type(value).__name__}.")


def check_folder(name: str, path: str | Path) -> None:
    """Raise `InputError` unless files can be made in a folder, which is made if need be.

    >>> check_folder("checkpoint", "/dev/null/results")
    Traceback (most recent call last):
    ...
    augury.spaces.errors.InputError: Cannot make the folder '/dev/null/results' (Not a directory); give another one \
by checkpoint=.
    """
    mend = f"give another one by {name}="
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"Cannot make the folder {str(path)!r} ({error.strerror}); {mend}.") from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise InputError(f"The folder {str(path)!r} may not be written; mend its permissions, or {mend}.")


def checked_seeds(seeds: Iterable[int]) -> list[int]:
    """The seeds, each once, in order; raises `InputError` if it is a single number.

    >>> checked_seeds([2, 0, 2])
    [0, 2]
    """
    if not isinstance(seeds, Iterable):
        raise InputError(f"seeds= is several whole numbers, such as range(10); got {seeds!r}.")
    return sorted(set(seeds))


def checked_sizes(sizes: Iterable[int]) -> list[int]:
    """The sizes, each once, in order; raises `InputError` if it is a single number, or one is no whole number.

    >>> checked_sizes([20, 5, 20])
    [5, 20]
    """
    if not isinstance(sizes, Iterable):
        raise InputError(f"sizes= is several whole numbers, such as [10, 100]; got {sizes!r}.")
    different: set[Any] = set(sizes)
    for size in different:
        if isinstance(size, bool) or not isinstance(size, Real) or size % 1:
            raise InputError(f"sizes= is several whole numbers, such as [10, 100]; one given is {size!r}.")
    return sorted(different)


def makers(
    name: str,
    methods: Mapping[str, Callable[[], Method] | Method] | Sequence[str],
    make: Callable[[str], Method] | None = None,
) -> dict[str, Callable[[], Method]]:
    """What makes each method anew: a function of nothing as it is, an estimator by cloning it.

    Args:
        name: The argument's, which is the plural of what it holds.
        methods: Name → either of them; or a list of names.
        make: Makes the one of a name; without it there can be no list.

    Raises:
        InputError: It is none of these, or one of them is something else.

    >>> from augury.predictors import make
    >>> makers("predictors", {"forest": make("random-forest", trees=20)})["forest"]()
    RandomForest(trees=20)
    """
    if make is not None and isinstance(methods, list | tuple):
        methods = {one: make(one) for one in methods}
    check_mapping(name, methods, "{'mine': partial(make, 'auto')}")
    assert isinstance(methods, Mapping), "checked above"
    found: dict[str, Callable[[], Method]] = {}
    for key, method in methods.items():
        if callable(method):
            found[key] = method
        elif isinstance(method, BaseEstimator):
            found[key] = partial(clone, method)
        else:
            raise InputError(
                f"{name}[{key!r}] is an estimator, or a function of nothing that makes one, such as "
                f"partial(make, 'auto'); got {method!r}."
            )
    return found
