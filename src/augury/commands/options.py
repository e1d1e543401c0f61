"""Options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["ArchitectureColumn", "Minimize", "Seed", "Space", "names"]

ArchitectureColumn = Annotated[str, typer.Option(help="The column of a table that holds architectures as text.")]
Minimize = Annotated[bool, typer.Option("--minimize", help="Less of the objective is better.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same result.")]
Space = Annotated[
    str | None,
    typer.Option(help="The search space: nas-bench-graph, nas-bench-201, or a .json file.", metavar="NAME|JSON"),
]


def names(text: str) -> list[str]:
    """The parts of a list with commas between them.

    >>> names("cora, pubmed")
    ['cora', 'pubmed']
    """
    return [part.strip() for part in text.split(",") if part.strip()]
