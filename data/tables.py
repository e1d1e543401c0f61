"""Tables of a user's own measurements, from CSV and Parquet files."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pandas as pd

from ..spaces import DataError

__all__ = ["TABLES", "is_table", "read_table", "table_ending"]


def _read_csv(file: Path, separator: str = ",") -> pd.DataFrame:
    """As pandas reads it, which would number columns of one name, so that a wrong one might be taken for it."""
    names = pd.read_csv(file, sep=separator, header=None, nrows=1, dtype=str).iloc[0].dropna()
    if names.duplicated().any():
        raise ValueError(f"two columns are named {names[names.duplicated()].iloc[0]!r}")
    return pd.read_csv(file, sep=separator)


READERS: Mapping[str, Callable[[Path], pd.DataFrame]] = {
    ".csv": _read_csv,
    ".parquet": pd.read_parquet,
    ".tsv": partial(_read_csv, separator="\t"),
    ".csv.gz": _read_csv,  # pandas sees to it
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
            of what is not Parquet names the columns.

    Raises:
        DataError: No such file, another ending, a file that is not what its ending says, or one without rows.

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
