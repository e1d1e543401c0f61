"""Lists of tables, databases and benchmarks, as options take them: ``own.csv,runs.db,other.db/study``."""

from __future__ import annotations

import re

from ..data import available
from ..data.tables import is_table

__all__ = ["DATABASES", "files_of", "is_database", "parted", "split_study"]

DATABASES = (".db", ".sqlite", ".sqlite3")
SERVER = re.compile(r"(?!sqlite)(\w[\w+]*://[^/]*/[^/?]+)/(.+)")  # a database by its URL, and a study of it


def parted(text: str) -> list[str]:
    """The parts of a list; a comma in the name of a study, as a warm search has one, parts nothing.

    >>> parted("own.csv, runs.db/digits bayesian, warm seed 0, nas-bench-graph/cora, nas-bench-201")
    ['own.csv', 'runs.db/digits bayesian, warm seed 0', 'nas-bench-graph/cora', 'nas-bench-201']
    """
    found: list[str] = []
    for part in text.split(","):
        if found and not _begins(part.strip()) and split_study(found[-1].strip())[1] is not None:
            found[-1] += f",{part}"
        else:
            found.append(part)
    return [part.strip(" ,") for part in found if part.strip(" ,")]


def split_study(part: str) -> tuple[str, str | None]:
    """A database, and the name of one study in it behind a slash; None if there is none, as behind what is no database.

    >>> split_study("runs.db/first"), split_study("sqlite:///runs.db"), split_study("nas-bench-graph/cora")
    (('runs.db', 'first'), ('sqlite:///runs.db', None), ('nas-bench-graph/cora', None))
    """
    if url := SERVER.fullmatch(part):
        return url[1], url[2]
    for ending in DATABASES:
        storage, slash, name = part.partition(f"{ending}/")
        if slash and ("://" not in part or part.startswith("sqlite")):
            return storage + ending, name
    return part, None


def is_database(storage: str) -> bool:
    """Whether it is the path or the URL of one."""
    return storage.endswith(DATABASES) or "://" in storage


def files_of(*lists: str | None) -> list[str]:
    """What the parts of such lists are read from, which must not be written to."""
    return [split_study(part)[0] for text in lists for part in parted(text or "")]


def _begins(part: str) -> bool:
    """Whether it is a part by itself, and no rest of a study's name."""
    known = part.partition("/")[0] in available()
    return known or is_table(part) or is_database(split_study(part)[0])
