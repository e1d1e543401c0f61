"""``augury design``: what to train first on a new task."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from .console import keeping_nothing, out, say
from .options import (
    OBJECTIVE,
    ArchitectureColumn,
    Meta,
    Minimize,
    Pretrained,
    Sources,
    Space,
    at_least,
    refuse,
    set_option,
)
from .tables import STANDARD_OUTPUT, check_csv, plain_table, write_csv

if TYPE_CHECKING:
    from ..spaces import Architectures, SearchSpace

__all__ = ["design"]

PURPOSES = ("predict", "search")


def design(
    context: typer.Context,
    space: Space = None,
    sources: Sources = None,
    objective: Annotated[str, typer.Option(help="The metric that counts, of all sources.")] = OBJECTIVE,
    minimize: Minimize = False,
    n: Annotated[int, typer.Option("--n", help="How many architectures.")] = 10,
    purpose: Annotated[
        str,
        typer.Option(
            help="predict, for what tells the most of all others, or search, for what is good whatever the task.",
            metavar="|".join(PURPOSES),
        ),
    ] = PURPOSES[0],
    candidates: Annotated[
        str | None,
        typer.Option(
            help="Choose among the architectures of this .csv, .csv.gz, .tsv or .parquet file.  [default: those of the "
            "sources, or a sample of another space]"
        ),
    ] = None,
    architecture_column: ArchitectureColumn = None,
    meta: Meta = None,
    pretrained: Pretrained = None,
    settings: Annotated[list[str] | None, set_option("the meta-learner, as meta.points=100")] = None,
    out_path: Annotated[
        str | None,
        typer.Option(
            "--out",
            help="Write a .csv file to fill in, with a column for the objective; - writes it to standard output.",
            metavar="FILE",
        ),
    ] = None,
) -> None:
    """Choose what to train first on a new task, from what other tasks tell.

    When the objective is known of these, `augury fit --table FILE` with the same --space and --sources predicts all
    others. A warm `augury search` needs no design: it makes its own.
    """
    import pandas as pd

    from ..evaluation.summary import count
    from ..spaces import InputError, UnknownNameError
    from .databases import files_of
    from .experience import Experience
    from .naming import find_space
    from .settings import read_settings
    from .sources import has_tables
    from .targets import Goal

    at_least(n=(n, 1))
    experience = Experience.of(sources, meta, pretrained)
    if space is None or experience is None:
        raise InputError("Say of which architectures with --space, and what there is to learn from with --sources.")
    read_settings(settings, experience.parts, advice=Experience.ADVICE)
    experience.example()  # which may have wrong arguments
    if purpose not in PURPOSES:
        raise UnknownNameError("purpose", purpose, PURPOSES)
    if candidates is None and not has_tables(sources or ""):
        refuse("a table of --candidates or --sources", "there is none", architecture_column=architecture_column)
    check_csv(out_path, "Designs", inputs=(space, pretrained, candidates, *files_of(sources)))
    searched = find_space(space)
    choice = None if candidates is None else _candidates(candidates, architecture_column, searched)
    metrics = {objective: ("minimize" if minimize else "maximize", "")}
    goal = Goal(name="new task", space=searched, metrics=metrics, objective=objective, settings={})
    with keeping_nothing(context):
        learner = experience.prepared(goal, architecture_column)()
        choose = learner.informative_design if purpose == PURPOSES[0] else learner.initial_design
        chosen = choose(n, space=searched, candidates=choice)
    if len(chosen) < n:
        among = "the sources" if choice is None else "the candidates"
        say(f"Not {n:,}, for {among} have {count(len(chosen), 'different architecture')}.")
    if out_path is None:
        _show(chosen)
        return
    column = architecture_column or "architecture"
    write_csv(pd.DataFrame({column: chosen.format(), objective: ""}), out_path, "architectures")
    if out_path != STANDARD_OUTPUT:
        given = {"--space": space, "--sources": sources, "--pretrained": pretrained, "--objective": objective}
        given |= {"--meta": meta, "--architecture-column": architecture_column}
        more = [text for option, value in given.items() if value for text in (option, value)]
        more += [text for setting in settings or () for text in ("--set", setting)]
        again = shlex.join(["augury", "fit", "--table", out_path, *more, *(["--minimize"] if minimize else [])])
        out().print(f"Fill in {objective}, then learn from it with: {again}", soft_wrap=True)


def _candidates(path: str, column: str | None, space: SearchSpace) -> Architectures:
    """The architectures of a table."""
    from ..data import read_table
    from ..spaces import DataError
    from .own_rows import architectures_of

    found = architectures_of(read_table(path), space, column)
    if not len(found):
        raise DataError(f"The table {path!r} has no row; give architectures to choose from, or leave out --candidates.")
    return found


def _show(chosen: Architectures) -> None:
    table = plain_table("architecture")
    for text in chosen.format():
        table.add_row(text)
    out().print(table)
