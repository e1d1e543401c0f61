"""One registry a concept: a name leads to a class that is imported only when it is asked for."""

import importlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.metadata import EntryPoints, entry_points
from typing import Generic, TypeVar

from .errors import InputError, UnknownNameError

__all__ = ["Registry"]


T = TypeVar("T")


class Registry(Generic[T]):
    """Names of classes of one kind, with their modules imported on first use.

    Other packages add their own through an entry point whose group is ``package``.

    Args:
        kind: What the names stand for, for messages: ``"predictor"``.
        package: The package that the module paths are relative to.
        entries: Name → ``"module:Class"``, the module relative to ``package``.
        aliases: Another name → one of the entries' names.

    >>> strategies = Registry("strategy", "augury.search", {"random": "random_search:RandomSearch"}, {"auto": "random"})
    >>> strategies.load("auto").__name__
    'RandomSearch'
    """

    def __init__(
        self, kind: str, package: str, entries: Mapping[str, str], aliases: Mapping[str, str] | None = None
    ) -> None:
        self.kind = kind
        self.package = package
        self._entries = dict(entries)
        self._aliases = dict(aliases or {})

    def __iter__(self) -> Iterator[str]:
        return iter(self.available())

    def available(self) -> tuple[str, ...]:
        """The names that ``make`` takes, plug-ins included.

        >>> import augury
        >>> [name in augury.predictors.available() for name in ("random-forest", "crystal-ball")]
        [True, False]
        """
        return tuple(sorted({*self._entries, *self._aliases, *(point.name for point in self._plugins())}))

    def plugins(self) -> tuple[str, ...]:
        """The names that other packages have added.

        >>> import augury
        >>> "random-forest" in augury.predictors.registry.plugins()
        False
        """
        return tuple(sorted({point.name for point in self._plugins()} - {*self._entries, *self._aliases}))

    def load(self, name: str) -> type[T]:
        """The class behind a name.

        Raises:
            UnknownNameError: No such name.
            InputError: It is no name.
        """
        if not isinstance(name, str):
            raise InputError(
                f"The {self.kind} is given by its name here, such as {self.available()[0]!r}, and its arguments apart; "
                f"got {name!r}."
            )
        name = self._aliases.get(name, name)
        if name in self._entries:
            module, _, attribute = self._entries[name].partition(":")
            found: type[T] = getattr(importlib.import_module(f".{module}", self.package), attribute)
            return found
        for point in self._plugins():
            if point.name == name:
                plugin: type[T] = point.load()
                return plugin
        raise UnknownNameError(self.kind, name, self.available())

    def make(self, name: str, /, **params: object) -> T:
        """An instance of the class behind a name.

        Args:
            name: One of ``available()``.
            params: What the class is called with, by name.

        Raises:
            UnknownNameError: No such name.
            InputError: It is no name, or the class does not take one of the parameters.

        >>> import augury
        >>> augury.search.make("local-search", initial=5)
        LocalSearch(initial=5)
        """
        cls = self.load(name)
        try:
            return cls(**params)
        except TypeError as error:
            raise InputError(f"Cannot make the {self.kind} {name!r} with {params!r}: {error}.") from error

    def name_of(self, instance: object) -> str:
        """The name under which an instance's class is registered, not an alias.

        Nothing is imported to find a class of ours, and a plug-in that cannot be imported stands in nobody's way.

        Raises:
            InputError: It has none.
        """
        cls = type(instance)
        for name, place in self._entries.items():
            if f"{self.package}.{place}" == f"{cls.__module__}:{cls.__qualname__}":
                return name
        for point in self._plugins():
            with suppress(ImportError, AttributeError):
                if point.load() is cls:
                    return point.name
        raise InputError(
            f"The {self.kind} {cls.__name__} has no name that it could be loaded by, so it cannot be saved. A class of "
            f"your own needs an entry point in the group {self.package} that leads to "
            f"'{cls.__module__}:{cls.__qualname__}'."
        )

    def _plugins(self) -> EntryPoints:
        return entry_points(group=self.package)
