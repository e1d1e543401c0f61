"""Options that several commands have."""

from __future__ import annotations

from typing import Annotated, Any

import typer

__all__ = [
    "OBJECTIVE",
    "ArchitectureColumn",
    "Meta",
    "Minimize",
    "Pretrained",
    "Seed",
    "SkipMissing",
    "Sources",
    "Space",
    "at_least",
    "names",
    "refuse",
    "set_option",
]

OBJECTIVE = "valid_accuracy"
ArchitectureColumn = Annotated[
    str | None,
    typer.Option(
        help="The column of a table that holds architectures as text.  [default: architecture, or else the columns "
        "that are called as the space's decisions]"
    ),
]
Meta = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="What learns from them: ablr, additive-gp, anil, best-of, coregionalised-gp, cross-space, deep-kernel, "
        "guard, help, in-context, maml, multi-task, portfolio, quantile, ranking-ensemble, reptile, rgpe, "
        "task-similarity, transfer-blend, transfer-gp, two-stage, or one of your own.  [default: auto, which is "
        "transfer-blend, and cross-space in a guard where sources are of another space]",
    ),
]
Minimize = Annotated[bool, typer.Option("--minimize", help="Less of the objective is better.")]
Pretrained = Annotated[
    str | None,
    typer.Option(
        help="Instead of --sources: what has learned from a benchmark's validation accuracy already, nas-bench-graph "
        "or nas-bench-201, or a file that a meta-learner was saved to.",
        metavar="NAME|FILE",
    ),
]
Seed = Annotated[int, typer.Option(help="The same seed gives the same result.")]
SkipMissing = Annotated[
    bool, typer.Option("--skip-missing", help="Leave out rows of a table without a value, which otherwise are refused.")
]
Sources = Annotated[
    str | None,
    typer.Option(
        help="Learn from these first: benchmarks, or single tasks of them, tables, Optuna studies' .db files, or "
        "runs.db/NAME for one of several studies, with commas between them. Each must have the objective among its "
        "metrics; rows of tables without a value are left out."
    ),
]
Space = Annotated[
    str | None,
    typer.Option(
        help="The search space of a command or table: nas-bench-graph, nas-bench-201, or a .json file like "
        '{"type": "ChoiceSpace", "arguments": {"decisions": {"layer1": ["conv", "pool"]}}}.',
        metavar="NAME|FILE.json",
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
            raise InputError(f"{_option(name)} is a whole number of at least {least}; got {value}.")


def refuse(owner: str, reason: str, **options: object) -> None:
    """Refuses options that belong to another one, naming those that were given.

    Args:
        owner: What they belong to.
        reason: Why they are not needed here.
        options: Name of the option → its value; None and False are for one that was not given.

    Raises:
        InputError: At least one was given.

    >>> refuse("--table", "a task has its own", space=None, minimize=True)
    Traceback (most recent call last):
    ...
    augury.spaces.errors.InputError: --minimize belongs to --table; a task has its own.
    """
    from ..spaces import InputError

    *others, last = [_option(name) for name, value in options.items() if value is not None and value is not False] or [
        ""
    ]
    if last:
        verb = "belong" if others else "belongs"
        listed = f"{', '.join(others)} and {last}" if others else last
        raise InputError(f"{listed} {verb} to {owner}; {reason}.")


def set_option(parts: str) -> Any:
    """The option ``--set`` of a command.

    Args:
        parts: What it may set arguments of, with an example.
    """
    return typer.Option(
        "--set",
        metavar="PART.ARGUMENT=VALUE",
        help=f"An argument of {parts}. The value is read as JSON, or else as a text. May be given several times.",
    )


def names(text: str) -> list[str]:
    """The parts of a list with commas between them.

    >>> names("cora, pubmed")
    ['cora', 'pubmed']
    """
    return [part.strip() for part in text.split(",") if part.strip()]


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
