"""Databases that are only read: they may be anybody's, and nothing is written in them."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import sqlalchemy

from ...spaces import StudyError

__all__ = ["check_tables", "connect_to_read"]

TABLES = ("studies", "trials", "version_info")  # some of Optuna's, which no other program has all of
MLFLOW = {"experiments", "runs"}
SHOWN = 3  # tables in a message


def check_tables(engine: sqlalchemy.Engine, where: str) -> None:
    """Raises `StudyError` unless a database has the tables of Optuna, who would make them.

    Args:
        engine: What speaks to it.
        where: What it is in messages.
    """
    found = sqlalchemy.inspect(engine)
    if all(map(found.has_table, TABLES)):
        return
    names = found.get_table_names()
    if not names:
        raise StudyError(f"The storage {where} is an empty database; give one that holds a study.")
    if set(names) >= MLFLOW:
        raise StudyError(
            f"The storage {where} is a database of MLflow, not of Optuna; write its runs as a table, by "
            "mlflow.search_runs(...).to_csv('runs.csv'), and give that."
        )
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    raise StudyError(
        f"The storage {where} is another program's database, with the tables {', '.join(names[:SHOWN])}{more}, and not "
        "Optuna's; give one that holds a study."
    )


def connect_to_read(path: str, seconds: float) -> sqlite3.Connection:
    """A connection to an SQLite file that changes nothing in it, and may be to a file or folder that is read-only.

    What a killed program has left half written is rolled back, as by any who opens the file, since it cannot be read
    otherwise.

    Args:
        path: The file.
        seconds: How long to wait for another program's transaction.
    """
    modes = ["mode=ro", "mode=rw"]
    if not os.path.exists(f"{path}-wal"):
        modes.append("mode=ro&immutable=1")  # in a folder without the write-ahead log that the file asks for
    refused: sqlite3.OperationalError | None = None
    for mode in modes:
        uri = f"{Path(path).absolute().as_uri()}?{mode}"
        connection = None
        try:
            connection = sqlite3.connect(uri, uri=True, timeout=seconds, check_same_thread=False)
            connection.execute("PRAGMA query_only = 1")
            connection.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.OperationalError as error:
            if connection is not None:
                connection.close()
            if not any(word in str(error) for word in ("readonly", "unable to open")):
                raise
            refused = refused or error
        else:
            return connection
    raise refused or sqlite3.OperationalError(f"unable to open {path}")
