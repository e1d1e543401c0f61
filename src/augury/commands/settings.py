"""Arguments of components, as ``--set`` gives them."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from ..spaces import InputError, Registry, UnknownNameError
from ..spaces.arguments import check_numbers

__all__ = ["Part", "read_settings", "told_settings"]

T = TypeVar("T")


@dataclass
class Part(Generic[T]):
    """A component that an option names, and the arguments that it is made with.

    Attributes:
        registry: Where its name leads to a class.
        name: Its name.
        given: Arguments that the command gives it itself, which cannot be set.
        arguments: Those that were set.

    Raises:
        UnknownNameError: There is none of that name.

    >>> from augury import predictors
    >>> Part(predictors.registry, "random-forest", arguments={"trees": 20}).make()
    RandomForest(trees=20)
    """

    registry: Registry[T]
    name: str
    given: tuple[str, ...] = ()
    arguments: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.name not in self.registry:
            raise UnknownNameError(self.registry.kind, self.name, self.registry)

    def takes(self, name: str) -> bool:
        """Whether it has an argument of that name."""
        return name in inspect.signature(self.registry.load(self.name)).parameters

    def set(self, name: str, value: object) -> None:
        """An argument.

        Raises:
            UnknownNameError: It has none of that name.
            InputError: It has none at all.
        """
        allowed = [one for one in inspect.signature(self.registry.load(self.name)).parameters if one not in self.given]
        if not allowed:
            raise InputError(f"The {self.registry.kind} {self.name!r} has no arguments; leave out --set for it.")
        if name not in allowed:
            raise UnknownNameError(f"argument of the {self.registry.kind} {self.name!r}", name, allowed)
        self.arguments[name] = value

    def make(self, **given: object) -> T:
        """An instance, whose numbers are what they may be.

        Args:
            given: What the command gives it besides.

        Raises:
            InputError: An argument is wrong, as far as the class can tell before it is used.
        """
        made = self.registry.make(self.name, **self.arguments, **given)
        check_numbers(made)
        return made


def read_settings(texts: Iterable[str] | None, parts: Mapping[str, Part[Any]], *, advice: str = "") -> None:
    """Gives the parts the arguments that ``--set`` tells.

    Args:
        texts: What was given, each as ``"part.argument=value"``.
        parts: What there is to set arguments of, by the name that stands before the dot.
        advice: A sentence for who names another part.

    Raises:
        UnknownNameError: There is no such part or argument.
        InputError: A text is of another form, or sets what another one sets.

    >>> from augury import predictors
    >>> forest = Part(predictors.registry, "random-forest")
    >>> read_settings(["predictor.trees=20", "predictor.max_features=sqrt"], {"predictor": forest})
    >>> forest.arguments
    {'trees': 20, 'max_features': 'sqrt'}
    """
    for text in texts or ():
        key, equals, value = text.partition("=")
        part, dot, name = key.strip().partition(".")
        if not (equals and dot):
            raise InputError(f"--set takes PART.ARGUMENT=VALUE, PART being one of {', '.join(parts)}; got {text!r}.")
        if part not in parts:
            raise UnknownNameError("part for --set", part, parts, advice)
        if name in parts[part].arguments:
            raise InputError(f"--set gives {key.strip()} twice; leave one out.")
        parts[part].set(name, _value(value.strip()))


def told_settings(parts: Mapping[str, Part[Any]]) -> str | None:
    """All that was set, in an order of its own; None if nothing was.

    >>> from augury import predictors
    >>> told_settings({"predictor": Part(predictors.registry, "gin", arguments={"loss": "listnet", "hidden": 8})})
    'predictor.hidden=8 predictor.loss="listnet"'
    """
    told = [
        f"{key}.{name}={json.dumps(value)}" for key, part in parts.items() for name, value in part.arguments.items()
    ]
    return " ".join(sorted(told)) or None


def _value(text: str) -> object:
    """JSON, where a list stands for a tuple, as everywhere in arguments; or else the text."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return tuple(value) if isinstance(value, list) else value
