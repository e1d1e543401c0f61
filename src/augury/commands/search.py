"""``augury search``: find the best architecture for a graph, a table's task, or a program of one's own."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from .console import command_line, out, without_passwords
from .options import (
    OBJECTIVE,
    ArchitectureColumn,
    Meta,
    Minimize,
    Pretrained,
    Seed,
    SkipMissing,
    Sources,
    Space,
    at_least,
    refuse,
    set_option,
)

if TYPE_CHECKING:
    from ..data import Task
    from .own_tables import Reading
    from .targets import Target

__all__ = ["search"]

EPOCHS = 60


def search(
    context: typer.Context,
    graph: Annotated[
        str | None, typer.Option(help="Train on this graph: a name from `augury data list`, or a .npz file.")
    ] = None,
    task: Annotated[str | None, typer.Option(help="Look results up in a benchmark: nas-bench-graph/cora.")] = None,
    table: Annotated[
        str | None,
        typer.Option(help="Look results up in your own .csv, .csv.gz, .tsv or .parquet file. It needs --space."),
    ] = None,
    command: Annotated[
        str | None,
        typer.Option(
            help="Run your own program, as 'python train.py {architecture}', or with the names of decisions, as "
            "'python train.py --width {width}', which prints metrics as JSON: "
            '{"valid_accuracy": 91.2}. The last such object counts. No shell reads the command; where one should, '
            """write sh -c '… "$1"' sh {architecture}. It needs --space."""
        ),
    ] = None,
    space: Space = None,
    objective: Annotated[
        str | None, typer.Option(help="The metric to search by.  [default: valid_accuracy, or a task's own]")
    ] = None,
    minimize: Minimize = False,
    skip_missing: SkipMissing = False,
    strategy: Annotated[
        str,
        typer.Option(help="bayesian, local-search, optuna-gp, random, regularized-evolution, tpe, or one of your own."),
    ] = "bayesian",
    sources: Sources = None,
    meta: Meta = None,
    pretrained: Pretrained = None,
    settings: Annotated[
        list[str] | None,
        set_option("the strategy or the meta-learner, as strategy.initial=10 or, with --meta, meta.points=100"),
    ] = None,
    known: Annotated[
        str | None,
        typer.Option(
            help="Evaluations of the same task that there are already: tables, or Optuna studies' .db files, with "
            "commas between them (of several studies in a file, runs.db/NAME names one). They are kept in the study, "
            "are not proposed again, and do not count against --budget."
        ),
    ] = None,
    no_warm: Annotated[bool, typer.Option("--no-warm", help="Take no notice of the sources.")] = False,
    architecture_column: ArchitectureColumn = None,
    budget: Annotated[int, typer.Option(help="How many evaluations, earlier runs included.")] = 30,
    retry_failed: Annotated[
        bool,
        typer.Option("--retry-failed", help="First evaluate again what failed in earlier runs; that counts as well."),
    ] = False,
    workers: Annotated[int, typer.Option(help="How many processes evaluate at once.")] = 1,
    seed: Seed = 0,
    epochs: Annotated[int | None, typer.Option(help="Of a training on a graph.  [default: 60]")] = None,
    time_limit: Annotated[
        float | None, typer.Option(help="Seconds for one training or one run of the command.  [default: no limit]")
    ] = None,
    logs: Annotated[
        str | None, typer.Option(help="Write what the command prints to files in this folder while it runs.")
    ] = None,
    study: Annotated[str, typer.Option(help="The database that keeps the search: a file, or a URL.")] = "augury.db",
    name: Annotated[str | None, typer.Option(help="The study's name in it.  [default: made of the options]")] = None,
    report: Annotated[str | None, typer.Option(help="Write the search as an HTML page here.")] = None,
) -> None:
    """Search for the best architecture.

    Give one of --graph, --task, --table and --command. Every evaluation is kept in the database of --study as soon as
    it is done: run the same command again to go on after an interruption, or with a larger --budget. One that fails
    counts, too, and its architecture is not proposed again, unless --retry-failed is given. A search of which three
    evaluations in a row fail in the same way, before any has succeeded, is stopped.
    """
    from .databases import files_of
    from .method import Method
    from .own_tables import Reading
    from .result import show_best, write_page
    from .studies import before_method, run_study

    at_least(budget=(budget, 1), workers=(workers, 1), seed=(seed, 0))
    _check_time_limit(time_limit)
    _check_name(name)
    method = Method.of(strategy, sources, meta, settings, no_warm=no_warm, pretrained=pretrained)
    _check_column(architecture_column, table, sources, known)
    if report is not None:
        _check_report(report, study, (graph, table, space, pretrained, *files_of(sources, known)))
    reading = Reading(space, architecture_column, objective, minimize, skip_missing)
    target = _target(graph, task, table, command, reading, epochs, time_limit, logs)
    by = "" if objective in (None, OBJECTIVE) else f" by {objective}"
    name = f"{target.name}{by} {method.name} seed {seed}" if name is None else name
    beforehand = [] if known is None else _find_known(known, target, architecture_column, (study, name))
    done = run_study(
        target,
        method.prepared(target, architecture_column),
        storage=study,
        name=name,
        seed=seed,
        budget=budget,
        workers=workers,
        method=method.recorded,
        retry_failed=retry_failed,
        known=beforehand,
    )
    if report is not None and len(done.history.succeeded):  # before anything is shown, which may fail
        before = before_method(done)
        called = method.name + (f" (the first {before}: not recorded)" if before else "")
        write_page(
            done, target, report, title=f"Search on {target.name}", strategy=called, command=command_line(context)
        )
    show_best(done, target)
    console = out()
    console.print(f"\nStudy  {name!r} in {without_passwords(study)}", soft_wrap=True)
    if report is not None:
        console.print(f"Page   {report}", soft_wrap=True)


def _check_time_limit(seconds: float | None) -> None:
    from ..spaces import InputError

    if seconds is not None and not 0 < seconds < math.inf:
        raise InputError(
            f"--time-limit is a finite number of seconds above 0; got {seconds:g}. For none, leave it out."
        )


def _find_known(text: str, target: Target, column: str | None, study: tuple[str, str]) -> list[Task]:
    from .known import find_known

    return find_known(text, target, architecture=column, study=study)


def _check_name(name: str | None) -> None:
    from ..spaces import InputError

    if name is not None and not name.strip():
        raise InputError("--name is empty; call the study something, or leave it out.")


def _check_column(column: str | None, table: str | None, *lists: str | None) -> None:
    from .sources import has_tables

    if table is None and not any(has_tables(text or "") for text in lists):
        refuse("--table and to a table among --sources or --known", "there is none", architecture_column=column)


def _check_report(path: str, study: str, read: Iterable[str | None]) -> None:
    """Whether the page can be written, before the time is spent."""
    from ..search.studies.storage import file_of
    from ..spaces import InputError
    from .naming import check_writable

    if path and os.path.realpath(path) == os.path.realpath(file_of(study)):  # which may not be there yet
        raise InputError(f"--report {path} would overwrite the database of --study; give another path.")
    check_writable(path, option="--report", inputs=(study, *read))


def _target(
    graph: str | None,
    task: str | None,
    table: str | None,
    command: str | None,
    reading: Reading,
    epochs: int | None,
    time_limit: float | None,
    logs: str | None,
) -> Target:
    """What to search on."""
    from ..spaces import InputError
    from .naming import refuse_table
    from .targets import command_target, graph_target, own_table_target, table_target

    if sum(given is not None for given in (graph, task, table, command)) != 1:
        raise InputError("Say what to search on with exactly one of --graph, --task, --table and --command.")
    refuse_table(task or "", "--table")
    if graph is None:
        refuse("--graph", "only a training on a graph has them", epochs=epochs)
    if graph is None and command is None:
        refuse("--graph and --command", "results of a task or table are looked up at once", time_limit=time_limit)
    if command is None:
        refuse("--command", "nothing else prints", logs=logs)
    if table is None:
        refuse("--table", "rows of sources without a value are left out anyway", skip_missing=reading.skip_missing)
    objective = reading.objective
    if table is None and command is None:
        refuse(
            "--table and --command", "graphs and tasks have their own", space=reading.space, minimize=reading.minimize
        )
    if command is not None:
        return command_target(command, reading, time_limit=time_limit, logs=logs)
    if table is not None:
        return own_table_target(table, reading)
    if task is not None:
        return table_target(task, objective)
    assert graph is not None, "one of the four is given"
    if objective not in (None, OBJECTIVE):
        raise InputError(f"A training on a graph is searched by {OBJECTIVE}, not by {objective!r}.")
    return graph_target(graph, epochs=EPOCHS if epochs is None else epochs, time_limit=time_limit)
