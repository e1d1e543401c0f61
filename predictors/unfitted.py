"""One predictor or meta-learner inside another: given by its name, or as one that is copied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from sklearn.base import clone

from ..spaces import InputError, Registry

__all__ = ["name_in", "unfitted"]

T = TypeVar("T")


def unfitted(
    given: str | T, parameters: Mapping[str, Any] | None, *, argument: str, kind: type, registry: Registry[T]
) -> T:
    """A fresh one: that of a name and its parameters, or a copy of one, which itself stays as it is.

    Args:
        given: A name, or an instance.
        parameters: Those of a name; an instance has its own.
        argument: What ``given`` is called.
        kind: The class that an instance is of.
        registry: Where names are looked up.

    Raises:
        InputError: It is neither; an instance is given with parameters, or these are no mapping.

    >>> from augury.predictors import BayesianRidge, Predictor, registry
    >>> ridge = BayesianRidge(encoders=("one-hot",))
    >>> copied = unfitted(ridge, None, argument="predictor", kind=Predictor, registry=registry)
    >>> copied is ridge, copied.encoders
    (False, ('one-hot',))
    """
    if parameters is not None and not isinstance(parameters, Mapping):
        raise InputError(f"parameters= takes arguments by name, such as {{'seed': 1}}; got {parameters!r}.")
    if isinstance(given, str):
        return registry.make(given, **(parameters or {}))
    if not isinstance(given, kind):
        raise InputError(
            f"{argument}= takes the name of a {registry.kind}, such as {registry.available()[0]!r}, or an instance of "
            f"{kind.__name__}; got {given!r}."
        )
    if parameters is not None:
        raise InputError(f"parameters= go with a name; {given!r} has its own, so leave them out.")
    copied: T = clone(given)
    return copied


def name_in(registry: Registry[Any], given: object) -> str:
    """What to call one that was given: its name, or that of its class if this has none in the registry.

    >>> from augury.predictors import BayesianRidge, registry
    >>> name_in(registry, "gin"), name_in(registry, BayesianRidge())
    ('gin', 'bayesian-ridge')
    """
    if isinstance(given, str):
        return given
    try:
        return registry.name_of(given)
    except InputError:
        return type(given).__name__
