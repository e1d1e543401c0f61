"""Opening the database of a study, and saying in one line what is wrong with it."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import sqlalchemy
from optuna.exceptions import ExperimentalWarning, OptunaError, StorageInternalError
from optuna.storages import BaseStorage, RDBStorage
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from ...spaces import InputError, MissingDependencyError, StudyError
from ..quiet import quiet
from .reading import check_tables, connect_to_read

__all__ = ["Storage", "absolute", "describe", "file_of", "open_storage", "storage_errors"]

Storage = str | os.PathLike[str] | BaseStorage
"""A path of an SQLite file, a database URL, or one of Optuna's storages."""

BUSY_SECONDS = 60  # how long a worker waits for another's transaction
HEARTBEAT_SECONDS = 60
GRACE_SECONDS = 300  # a worker on another host that is silent for so long is dead
TRIES = 10
OWN_NOTATION = "file:"  # of SQLite's


def open_storage(storage: Storage, *, create: bool, read: bool = False) -> BaseStorage:
    """A storage of Optuna's.

    Args:
        storage: A path of an SQLite file, a database URL, or one of Optuna's storages, which is returned as it is.
        create: Whether to make a new SQLite file where there is none, and Optuna's tables in a database without them.
        read: Whether nothing will be written; the file and its folder may be read-only then.

    Raises:
        InputError: It is none of these.
        StudyError: No database can be opened there; the message says why and what to do.
        MissingDependencyError: The package that speaks to this kind of database is not installed.
    """
    if isinstance(storage, BaseStorage):
        return storage
    if not isinstance(storage, str | os.PathLike):
        raise InputError(
            "storage= takes the path of an SQLite file, such as 'runs.db', a database URL, or one of Optuna's "
            f"storages; got {storage!r}."
        )
    url = _url(storage)
    arguments: dict[str, object] = {}
    if url.get_backend_name() == "sqlite":
        _check_file(url.database, create, read)
        arguments = {"connect_args": {"timeout": BUSY_SECONDS}}
        if read and url.database and not url.database.startswith(OWN_NOTATION):
            arguments = {"creator": partial(connect_to_read, url.database, BUSY_SECONDS)}
    for _ in range(TRIES):
        try:
            return _connect(url, arguments, None if create else describe(storage))
        except StudyError:
            raise
        except (SQLAlchemyError, StorageInternalError) as error:
            if read and "readonly" in _line(error):
                raise StudyError(
                    f"The storage {describe(storage)} is of another version of Optuna, whose tables are others; mend a "
                    "copy of it by `optuna storage upgrade`, and give that."
                ) from error
            if not _raced(error):
                raise StudyError(_explain(storage, error)) from error
            time.sleep(0.1)  # another process is making the same tables
        except ImportError as error:
            raise MissingDependencyError(
                f"The storage {describe(storage)} needs a driver for {url.drivername}: {error}; install it with pip."
            ) from error
        except (OptunaError, RuntimeError) as error:
            raise StudyError(
                f"The storage {describe(storage)} is of another version of Optuna: {_line(error)}"
            ) from error
    raise StudyError(f"The storage {describe(storage)} is being set up by another process; try again in a moment.")


def _connect(url: sqlalchemy.URL, arguments: dict[str, object], found: str | None) -> RDBStorage:
    """A storage whose tables are made if need be, or refused unless they are there, where it is found."""
    if found is not None:
        engine = sqlalchemy.create_engine(url, **arguments)
        try:
            check_tables(engine, found)
        finally:
            engine.dispose()
    text = url.render_as_string(hide_password=False).replace("{", "{{").replace("}", "}}")  # Optuna formats it
    with warnings.catch_warnings(), quiet():
        warnings.simplefilter("ignore", ExperimentalWarning)  # heartbeats are marked experimental since 2021
        return RDBStorage(
            text, engine_kwargs=arguments, heartbeat_interval=HEARTBEAT_SECONDS, grace_period=GRACE_SECONDS
        )


@contextmanager
def storage_errors(storage: Storage) -> Iterator[None]:
    """Turns what the database complains of into a `StudyError`."""
    try:
        yield
    except (SQLAlchemyError, StorageInternalError) as error:
        raise StudyError(_explain(storage, error)) from error


def absolute(storage: Storage) -> Storage:
    """The same storage, whatever the current folder is by then."""
    if isinstance(storage, BaseStorage) or _is_url(storage):
        return storage
    return os.path.abspath(storage)


def file_of(storage: str) -> str:
    """The file of an SQLite database, even if a URL names it; what is given, if that is something else.

    >>> file_of("sqlite:///runs.db"), file_of("runs.db"), file_of("postgresql://host/base")
    ('runs.db', 'runs.db', 'postgresql://host/base')
    """
    try:
        url = _url(storage)
    except InputError:  # which is told when it is opened
        return storage
    return url.database or storage if _is_url(storage) and url.get_backend_name() == "sqlite" else storage


def describe(storage: Storage) -> str:
    """A storage for messages, without a password."""
    if isinstance(storage, BaseStorage):
        return type(storage).__name__
    if _is_url(storage):
        return repr(_url(storage).render_as_string(hide_password=True))
    return repr(os.fspath(storage))


def _is_url(storage: str | os.PathLike[str]) -> bool:
    return "://" in os.fspath(storage)


def _url(storage: str | os.PathLike[str]) -> sqlalchemy.URL:
    if not _is_url(storage):
        return sqlalchemy.URL.create("sqlite", database=os.path.abspath(storage))
    try:
        return sqlalchemy.make_url(os.fspath(storage))
    except (ArgumentError, ValueError) as error:
        raise InputError(
            f"{os.fspath(storage)!r} is not a database URL; write 'sqlite:///runs.db' or 'postgresql://user@host/base'."
        ) from error


def _check_file(name: str | None, create: bool, read: bool) -> None:
    """What SQLite itself would put less clearly."""
    if name is not None and name.startswith(OWN_NOTATION):
        return  # SQLite's own notation, with options that only it understands
    if not name or name == ":memory:":
        raise StudyError("An SQLite database in memory is lost at the end; give the path of a file.")
    path = Path(name)
    if path.is_dir():
        raise StudyError(f"The storage {name!r} is a folder; give the path of a file in it, such as {name}/runs.db.")
    if not path.parent.is_dir():
        raise StudyError(
            f"The storage {name!r} is in a folder that does not exist; make the folder, or give another path."
        )
    if not path.exists() and not create:
        raise StudyError(f"There is no storage {name!r}; give the path of a file that holds a study.")
    if path.exists():
        if not os.access(path, os.R_OK if read else os.R_OK | os.W_OK):
            what = "read" if read else "read and written"
            raise StudyError(f"The storage {name!r} may not be {what}; mend its permissions, or give another path.")
        with path.open("rb") as file:
            start = file.read(16)
        if start and start != b"SQLite format 3\0":
            if start.startswith(b'{"op_code"'):
                raise StudyError(
                    f"The storage {name!r} is a journal of Optuna's, no SQLite database; in Python, give "
                    f"optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend({name!r})) instead."
                )
            raise StudyError(
                f"The storage {name!r} is not an SQLite database; give another path, or move that file away."
            )
    if not read and not os.access(path.parent, os.W_OK | os.X_OK):
        raise StudyError(
            f"The storage {name!r} is in a folder that may not be written; mend its permissions, or give another path."
        )


def _raced(error: Exception) -> bool:
    text = _line(error).lower()
    return "already exists" in text or "unique constraint" in text or "duplicate" in text


def _explain(storage: Storage, error: Exception) -> str:
    text, where = _line(error), f"The storage {describe(storage)}"
    if "locked" in text:
        return f"{where} has been locked by another program for {BUSY_SECONDS} seconds; close that and run again."
    if "malformed" in text or "not a database" in text:
        return f"{where} is damaged ({text}); restore it from a copy, or give another path."
    if "unable to open" in text or "readonly" in text or "disk" in text:
        return f"{where} cannot be written ({text}); free or unlock the place, or give another path, and run again."
    return f"{where} failed: {text}; make the database available and run again."


def _line(error: BaseException) -> str:
    """The root of an error, in one line: Optuna and SQLAlchemy wrap what the database said."""
    while (inner := getattr(error, "orig", None) or error.__cause__) is not None:
        error = inner
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
