"""Rows of a text file with commas or tabs between the cells."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from ..spaces import DataError
from .cells import column_of
from .columns import not_separated

__all__ = ["read_separated"]

END = "the end of the file"  # a row that a quotation mark without its twin swallows


def read_separated(file: Path, separator: str = ",") -> pd.DataFrame:
    """A table whose first line names the columns.

    Rows may lack cells at their end, and may have empty ones too many there, as some programs write them; pandas' own
    reader would take the first column of these for names of rows, and shift the others.

    Args:
        file: With the ending ``.gz`` if it is compressed.
        separator: What is between the cells.

    Raises:
        DataError: A row has more cells than there are columns.
        ValueError: Two columns have one name, or a quotation mark is open at the end; the message is a reason.
        EmptyDataError: There is nothing in the file.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "mine.csv")
    ...     _ = path.write_text("op,accuracy\\nconv,91.5,\\npool,40.0,\\n")
    ...     read_separated(path)["op"].tolist()
    ['conv', 'pool']
    """
    names: list[str] = []
    rows: list[list[str]] = []
    for line, row in _rows(file, separator):
        if not names:
            names = [name or f"Unnamed: {place}" for place, name in enumerate(row)]  # as pandas calls them
            if twice := [name for name in row if name and row.count(name) > 1]:
                raise ValueError(f"two columns are named {twice[0]!r}")
        elif any(row[len(names) :]):
            advice = not_separated(names) or (
                f"Put quotation marks around a cell that holds {separator!r}, and if the first cell is the row's name, "
                "name that column too, or leave it out (in R, row.names=FALSE)."
            )
            named = "one column" if len(names) == 1 else f"{len(names)} columns"
            what = f"Line {line} of the table {str(file)!r} has {len(row)} cells, and its first line names {named}."
            raise DataError(f"{what} {advice}")
        else:
            rows.append(row[: len(names)] + [""] * (len(names) - len(row)))
    if not names:
        raise pd.errors.EmptyDataError
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return pd.DataFrame({name: column_of(column) for name, column in zip(names, columns, strict=True)})


def _rows(file: Path, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that are not blank, by their numbers from 1."""
    opened = gzip.open if file.suffix.lower() == ".gz" else open
    with opened(file, "rt", encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(_with_end(lines), delimiter=separator)
        row: list[str] = []
        try:
            for row in reader:
                blank = len(row) < 2 and not "".join(row).strip()
                if not blank and row != [END]:
                    yield reader.line_num, row
        except csv.Error as error:
            raise ValueError(f"line {reader.line_num}: {error}") from error
        if row != [END]:
            raise ValueError("a quotation mark opens a cell, and none closes it")


def _with_end(lines: Iterator[str]) -> Iterator[str]:
    yield from lines
    yield END
