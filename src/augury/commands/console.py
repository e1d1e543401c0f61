"""Where a command writes: what it found to standard output, what it is doing to standard error."""

from __future__ import annotations

import codecs
import errno
import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "COMMAND_LINE",
    "FULL",
    "command_line",
    "err",
    "forgive_encodings",
    "keeping_nothing",
    "kept",
    "out",
    "say",
    "without_passwords",
    "working",
    "writing",
]

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # the disk, the user's part of it, or the longest file there may be
COMMAND_LINE = "augury.command-line"  # key in the context's meta
NOTHING_KEPT = "augury.nothing-kept"  # another
PLAIN = "augury-plain"  # the name of `_plain` among Python's error handlers for text
PASSWORD = re.compile(r"(://[^:/\s@]*:)[^@\s]+(?=@)")
INSTEAD = {"→": "->", "±": "+/-", "−": "-", "–": "-", "…": "..."}


def out() -> Console:
    """Standard output, for results."""
    from rich.console import Console

    forgive_encodings()
    return Console(markup=False, highlight=False, emoji=False)


def err() -> Console:
    """Standard error, for progress and remarks."""
    from rich.console import Console

    forgive_encodings()
    return Console(stderr=True, markup=False, highlight=False, emoji=False)


def say(text: str) -> None:
    """One line on standard error."""
    forgive_encodings()
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


@contextmanager
def writing(path: str) -> Iterator[None]:
    """For the time of writing a file.

    Raises:
        InputError: The file cannot be written there.
    """
    from ..spaces import InputError

    try:
        yield
    except OSError as error:
        full = error.errno in FULL
        mend = "make room, then run the same command again" if full else "give a folder you may write to"
        raise InputError(f"Cannot write {path!r} ({error.strerror}); {mend}.") from error


def command_line(context: typer.Context) -> str:
    """What the user typed, as it may be shown to others."""
    return without_passwords(context.meta[COMMAND_LINE])


def without_passwords(text: str) -> str:
    """A text whose URLs have stars in place of passwords.

    >>> without_passwords("--study postgresql://me:secret@host:5432/base --report page.html")
    '--study postgresql://me:***@host:5432/base --report page.html'
    """
    return PASSWORD.sub(r"\1***", text)


@contextmanager
def keeping_nothing(context: typer.Context) -> Iterator[None]:
    """For the time of something that begins anew when it is stopped, so that the message says so."""
    context.meta[NOTHING_KEPT] = True
    yield
    del context.meta[NOTHING_KEPT]  # not where it was stopped


def kept(context: typer.Context) -> tuple[str, str]:
    """What of the work is kept when a command stops, and what to run it again is called then."""
    return ("nothing", "begin anew") if NOTHING_KEPT in context.meta else ("what was finished", "go on")


def forgive_encodings() -> None:
    """Lets terminals and files whose encoding lacks a character have others instead of an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors in ("strict", "backslashreplace", "surrogateescape"):
            stream.reconfigure(errors=PLAIN)


def _plain(error: UnicodeError) -> tuple[str, int]:
    """What stands for characters that cannot be encoded."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(INSTEAD.get(one, "?") for one in error.object[error.start : error.end]), error.end


codecs.register_error(PLAIN, _plain)
