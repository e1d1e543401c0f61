"""Tables of a user's own measurements, from CSV and Parquet files."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pandas as pd

from ..spaces import DataError
from .separated_values import read_separated

__all__ = ["TABLES", "is_table", "read_table", "table_ending"]

READERS: Mapping[str, Callable[[Path], pd.DataFrame]] = {
    ".csv": read_separated,
    ".parquet": pd.read_parquet,
    ".tsv": partial(read_separated, separator="\t"),
    ".csv.gz": read_separated,
}
TABLES = tuple(READERS)


def table_ending(path: str | os.PathLike[str]) -> str:
    """The ending of a file that `read_table` reads, in small letters; that of another file as `Path` has it.

    >>> table_ending("mine.csv.gz"), table_ending("mine.tar.gz")
    ('.csv.gz', '.gz')
    """
    file = Path(path)
    return next((ending for ending in READERS if file.name.lower().endswith(ending)), file.suffix.lower())


def is_table(path: str | os.PathLike[str]) -> bool:
    """Whether a file is one that `read_table` reads, by its ending, in small letters or capitals.

    >>> is_table("mine.CSV"), is_table("mine.db")
    (True, False)
    """
    return table_ending(path) in READERS


def read_table(path: str | os.PathLike[str]) -> pd.DataFrame:
    """A CSV or Parquet file, by its ending; what `Task.from_table` takes.

    Args:
        path: A file that ends in ``.csv``, ``.csv.gz``, ``.tsv`` (with tabs for commas) or ``.parquet``; the first line
            of what is not Parquet names the columns, and its numbers remember how they are written, so that 1.10 and
            1.1 may be two choices.

    Raises:
        DataError: No such file, another ending, a file that is not what its ending says, one without rows, or a row
            with more cells than there are columns.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "mine.csv")
    ...     _ = path.write_text("arch,accuracy\\nconv,91.5\\npool,40.0\\n")
    ...     read_table(path)["accuracy"].tolist()
    [91.5, 40.0]
    """
    file = Path(path)
    ending = table_ending(file)
    if ending not in READERS:
        what = f"ends in {ending!r}" if ending else "has no ending"
        raise DataError(f"{str(file)!r} {what}; a table is a {' or a '.join(READERS)} file.")
    if not file.is_file():
        what = "a folder" if file.is_dir() else "not there"
        raise DataError(f"The table {str(file)!r} is {what}; give the path of a {ending} file.")
    try:
        table = READERS[ending](file)
    except DataError:
        raise
    except pd.errors.EmptyDataError as error:
        raise DataError(f"The table {str(file)!r} is empty; its first line should name the columns.") from error
    except (ValueError, OSError, EOFError, zlib.error, pd.errors.ParserError) as error:
        reason = str(error).strip().splitlines()
        raise DataError(
            f"The table {str(file)!r} cannot be read as {ending} ({reason[0] if reason else type(error).__name__}); "
            "write it again, or give it the ending of what it is."
        ) from error
    if not len(table):
        raise DataError(f"The table {str(file)!r} has columns but no rows; add a row for each architecture.")
    return table
