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
    "nearest_hint",
]


class AuguryError(Exception):
    """The root of every error that augury raises on purpose.

    >>> import augury
    >>> try:
    ...     augury.predictors.make("forest")
    ... except augury.AuguryError as error:
    ...     print(type(error).__name__)
    UnknownNameError
    """


class InputError(AuguryError, ValueError):
    """An argument has a wrong value, shape or type.

    >>> from augury.spaces import ChoiceSpace
    >>> ChoiceSpace({"layer": ("conv", "pool")}).from_genotypes([[2]])
    Traceback (most recent call last):
        ...
    augury.spaces.errors.InputError: Genotype 0 has 2 at position 0, where ChoiceSpace allows 0 to 1.
    """


class UnknownNameError(InputError):
    """A name is not one of those allowed; the message lists the nearest.

    Args:
        kind: What the names stand for, as ``"metric"``.
        given: The name that was asked for.
        allowed: Those there are.
        advice: A sentence to add, if there is more to say.

    >>> print(UnknownNameError("metric", "acuracy", ["accuracy", "latency"]))
    There is no metric named 'acuracy'. Did you mean 'accuracy'? Choose one of: accuracy, latency.
    """

    def __init__(self, kind: str, given: object, allowed: Iterable[str], advice: str = "") -> None:
        names = _in_order(allowed)
        more = f" {advice}" if advice else ""
        hint = nearest_hint(given, names)
        super().__init__(f"There is no {kind} named {given!r}.{hint} Choose one of: {', '.join(names)}.{more}")
        self._arguments = (kind, given, names, advice)

    def __reduce__(self) -> tuple[type["UnknownNameError"], tuple[str, object, list[str], str]]:
        return type(self), self._arguments  # so that one raised in a worker process comes back


def _in_order(names: Iterable[str]) -> list[str]:
    """By size where all are numbers, as choices of a width are."""
    names = list(names)
    try:
        return sorted(names, key=float)
    except ValueError:
        return sorted(names)


def nearest_hint(given: object, allowed: Iterable[str]) -> str:
    """A sentence to add that asks for the name that is nearest to what was given; nothing if none is near."""
    near = difflib.get_close_matches(str(given), list(allowed), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


class DataError(AuguryError, ValueError):
    """A file or table cannot be read as what it should be.

    >>> import augury
    >>> augury.read_table("missing.csv")
    Traceback (most recent call last):
        ...
    augury.spaces.errors.DataError: The table 'missing.csv' is not there; give the path of a .csv file.
    """


class UnsafeFileError(DataError):
    """A file asks to run code on loading and is refused.

    >>> import os, pickle, tempfile
    >>> from pathlib import Path
    >>> from augury.data import read_pickle
    >>> from augury.spaces import UnsafeFileError
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "table.pkl")
    ...     _ = path.write_bytes(pickle.dumps(os.getcwd))  # a function, which loading it with pickle would look up
    ...     try:
    ...         read_pickle(path, allowed={})
    ...     except UnsafeFileError:
    ...         print("refused")
    refused
    """


class StudyError(AuguryError, RuntimeError):
    """A stored study is damaged, or does not fit what it is used for.

    >>> from augury.search import list_studies
    >>> list_studies("/missing.db")
    Traceback (most recent call last):
        ...
    augury.spaces.errors.StudyError: There is no storage '/missing.db'; give the path of a file that holds a study.
    """


class MissingDependencyError(AuguryError, ImportError):
    """A package that this feature needs is not installed.

    >>> import sys
    >>> from unittest.mock import patch
    >>> from augury.search import list_studies
    >>> from augury.spaces import MissingDependencyError
    >>> with patch.dict(sys.modules, psycopg2=None):  # as if it were not there
    ...     try:
    ...         list_studies("postgresql://host/database")
    ...     except MissingDependencyError:
    ...         print("not installed")
    not installed
    """
