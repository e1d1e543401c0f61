"""Tables in the terminal."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["plain_table"]


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
