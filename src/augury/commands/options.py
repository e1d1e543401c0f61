"""Options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["ARCHITECTURE", "ArchitectureColumn", "Minimize", "Seed", "Space", "at_least", "names"]

ARCHITECTURE = "architecture"
ArchitectureColumn = Annotated[
    str | None,
    typer.Option(help=f"The column of a table that holds architectures as text.  [default: {ARCHITECTURE}]"),
]
Minimize = Annotated[bool, typer.Option("--minimize", help="Less of the objective is better.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same result.")]
Space = Annotated[
    str | None,
    typer.Option(
        help="The search space of a command or table: nas-bench-graph, nas-bench-201, or a .json file like "
        '{"type": "ChoiceSpace", "arguments": {"decisions": {"layer1": ["conv", "pool"]}}}.',
        metavar="NAME|JSON",
    ),
]


def at_least(**options: tuple[int, int]) -> None:
    """Refuses whole numbers that are too small, before anything is read, written or learnt.

    Args:
        options: Name of the option → its value, and the least that is allowed.

    Raises:
        InputError: One is less.
    """
    from ..spaces import InputError

    for name, (value, least) in options.items():
        if value < least:
            raise InputError(f"--{name.replace('_', '-')} is a whole number of at least {least}; got {value}.")


def names(text: str) -> list[str]:
    """The parts of a list with commas between them.

    >>> names("cora, pubmed")
    ['cora', 'pubmed']
    """
    return [part.strip() for part in text.split(",") if part.strip()]
