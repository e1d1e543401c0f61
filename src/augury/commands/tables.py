"""Tables in the terminal, and in files."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

import typer

from .console import say, writing

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

__all__ = ["STANDARD_OUTPUT", "check_csv", "plain_table", "write_csv"]

STANDARD_OUTPUT = "-"


def plain_table(*columns: str, right: Collection[int] = ()) -> Table:
    """A table without a frame; a text that is too long goes on in the next line.

    Args:
        columns: The headings.
        right: Which columns are flush right.
    """
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place in right else "left", overflow="fold")
    return table


def check_csv(path: str | None, what: str, *, inputs: Iterable[str | None]) -> None:
    """Whether a table can be written to what ``--out`` gives, before the time is spent.

    Args:
        path: A ``.csv`` file, or ``-`` for standard output; None for no table.
        what: What is written, to begin a sentence with.
        inputs: The files that are read, which must not be replaced.

    Raises:
        InputError: It is no such file, or it cannot be written.
    """
    from ..spaces import InputError
    from .naming import check_writable

    if path is None or path == STANDARD_OUTPUT:
        return
    if not path.endswith(".csv"):
        raise InputError(f"{what} are written to a .csv file; got --out {path or repr('')}.")
    check_writable(path, inputs=inputs)


def write_csv(frame: pd.DataFrame, path: str, what: str) -> None:
    """Write a table where `check_csv` found that it can be written, whole or not at all.

    Args:
        frame: The table.
        path: As ``check_csv`` takes it.
        what: What its rows are.

    Raises:
        InputError: The file cannot be written there after all.
    """
    from ..evaluation import write

    if path == STANDARD_OUTPUT:
        typer.echo(frame.to_csv(index=False).encode(), nl=False)  # as in a file, whatever the terminal's encoding
        return
    with writing(path):
        write(frame, path)
    say(f"{len(frame):,} {what} in {path}")
