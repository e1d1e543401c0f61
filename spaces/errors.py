"""The errors a user can meet; every message says what was given, what is allowed, and how to mend it."""

import difflib
from collections.abc import Iterable

__all__ = [
    "AuguryError",
    "DataError",
    "InputError",
    "MissingDependencyError",
    "StudyError",
    "UnknownNameError",
    "UnsafeFileError",
]


class AuguryError(Exception):
    """The root of every error that augury raises on purpose."""


class InputError(AuguryError, ValueError):
    """An argument has a wrong value, shape or type."""


class UnknownNameError(InputError):
    """A name is not one of those allowed; the message lists the nearest."""

    def __init__(self, kind: str, given: object, allowed: Iterable[str]) -> None:
        names = sorted(allowed)
        near = difflib.get_close_matches(str(given), names, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        super().__init__(f"There is no {kind} named {given!r}.{hint} Choose one of: {', '.join(names)}.")
        self._arguments = (kind, given, names)

    def __reduce__(self) -> tuple[type["UnknownNameError"], tuple[str, object, list[str]]]:
        return type(self), self._arguments  # so that one raised in a worker process comes back


class DataError(AuguryError, ValueError):
    """A file or table cannot be read as what it should be."""


class UnsafeFileError(DataError):
    """A file asks to run code on loading and is refused."""


class StudyError(AuguryError, RuntimeError):
    """A stored study is damaged, or does not fit what it is used for."""


class MissingDependencyError(AuguryError, ImportError):
    """A package that this feature needs is not installed."""
