"""Where a command writes: what it found to standard output, what it is doing to standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["COMMAND_LINE", "command_line", "err", "out", "say", "working"]

COMMAND_LINE = "augury.command-line"  # key in the context's meta


def out() -> Console:
    """Standard output, for results."""
    from rich.console import Console

    return Console(markup=False, highlight=False, emoji=False)


def err() -> Console:
    """Standard error, for progress and remarks."""
    from rich.console import Console

    return Console(stderr=True, markup=False, highlight=False, emoji=False)


def say(text: str) -> None:
    """One line on standard error."""
    typer.echo(text, err=True)


@contextmanager
def working(text: str) -> Iterator[None]:
    """Shows for the time of something long what it is."""
    console = err()
    if console.is_terminal:
        with console.status(text):
            yield
    else:
        say(text)
        yield


def command_line(context: typer.Context) -> str:
    """What the user typed."""
    typed: str = context.meta[COMMAND_LINE]
    return typed
