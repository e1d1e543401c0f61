"""``augury search``: find the best architecture for a graph, a table's task, or a program of one's own."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING, Annotated

import typer

from .console import command_line, out, working
from .options import ARCHITECTURE, ArchitectureColumn, Minimize, Seed, Space, at_least, names

if TYPE_CHECKING:
    from ..data import Task
    from ..search import Strategy
    from ..spaces import SearchSpace
    from .targets import Target

__all__ = ["search"]

EPOCHS = 60


def search(
    context: typer.Context,
    graph: Annotated[
        str | None, typer.Option(help="Train on this graph: a name from `augury data list`, or a .npz file.")
    ] = None,
    task: Annotated[str | None, typer.Option(help="Look results up in a benchmark: nas-bench-graph/cora.")] = None,
    command: Annotated[
        str | None,
        typer.Option(
            help="Run your own program, as 'python train.py {architecture}', which prints metrics as JSON last: "
            '{"valid_accuracy": 91.2}. It needs --space.'
        ),
    ] = None,
    space: Space = None,
    objective: Annotated[
        str | None, typer.Option(help="The metric to search by.  [default: valid_accuracy, or a task's own]")
    ] = None,
    minimize: Minimize = False,
    strategy: Annotated[
        str, typer.Option(help="bayesian, local-search, random or regularized-evolution.")
    ] = "bayesian",
    sources: Annotated[
        str | None,
        typer.Option(
            help="Learn from these first: benchmarks, tables, Optuna studies' .db files, with commas between them. "
            "Each must have the metric that is searched by."
        ),
    ] = None,
    no_warm: Annotated[bool, typer.Option("--no-warm", help="Take no notice of the sources.")] = False,
    architecture_column: ArchitectureColumn = None,
    budget: Annotated[int, typer.Option(help="How many evaluations, earlier runs included.")] = 30,
    workers: Annotated[int, typer.Option(help="How many processes evaluate at once.")] = 1,
    seed: Seed = 0,
    epochs: Annotated[int | None, typer.Option(help="Of a training on a graph.  [default: 60]")] = None,
    time_limit: Annotated[
        float | None, typer.Option(help="Seconds for one training or one run of the command.  [default: no limit]")
    ] = None,
    study: Annotated[str, typer.Option(help="The database that keeps the search: a file, or a URL.")] = "augury.db",
    name: Annotated[str | None, typer.Option(help="The study's name in it.  [default: made of the options]")] = None,
    report: Annotated[str | None, typer.Option(help="Write the search as an HTML page here.")] = None,
) -> None:
    """Search for the best architecture.

    Give one of --graph, --task and --command. Every evaluation is kept in the database of --study as soon as it is
    done: run the same command again to go on after an interruption, or with a larger --budget. A search of which three
    evaluations in a row fail in the same way, before any has succeeded, is stopped.
    """
    from ..search import available
    from ..spaces import InputError, UnknownNameError
    from .naming import check_writable, make_folder
    from .result import show_best, write_page
    from .sources import has_tables, told_sources
    from .studies import before_method, run_study

    at_least(budget=(budget, 1), workers=(workers, 1), seed=(seed, 0))
    if strategy not in available():
        raise UnknownNameError("strategy", strategy, available())
    warm = sources is not None and not no_warm
    if warm and strategy != "bayesian":
        raise InputError(f"Only the strategy 'bayesian' learns from sources, not {strategy!r}; leave out one of them.")
    if time_limit is not None and not 0 < time_limit < math.inf:
        raise InputError(
            f"--time-limit is a finite number of seconds above 0; got {time_limit:g}. For none, leave it out."
        )
    if no_warm and sources is None:
        raise InputError("--no-warm takes no notice of --sources, and none are given; leave it out.")
    if architecture_column is not None and not has_tables(sources or ""):
        raise InputError("--architecture-column belongs to a table among --sources; leave it out.")
    if report is not None:
        make_folder(os.path.dirname(report) or os.curdir)
        read = (graph, space, study, *names(sources or ""))
        check_writable(report, option="--report", inputs=read)  # before the time is spent
    target = _target(graph, task, command, space, objective, minimize, epochs, time_limit)
    tasks = _sources(sources, target, architecture_column or ARCHITECTURE) if warm else []
    called = f"{strategy}, warm" if warm else strategy
    by = "" if objective in (None, "valid_accuracy") else f" by {objective}"
    name = name or f"{target.name}{by} {called} seed {seed}"
    done = run_study(
        target,
        lambda: _strategy(strategy, tasks, target.space),
        storage=study,
        name=name,
        seed=seed,
        budget=budget,
        workers=workers,
        method={"strategy": strategy, "sources": told_sources(sources or "") if warm else None},
    )
    if report is not None and len(done.history.succeeded):  # before anything is shown, which may fail
        if before := before_method(done):
            called += f" (the first {before}: not recorded)"
        write_page(
            done, target, report, title=f"Search on {target.name}", strategy=called, command=command_line(context)
        )
    show_best(done, target)
    console = out()
    console.print(f"\nStudy  {name!r} in {study}", soft_wrap=True)
    if report is not None:
        console.print(f"Page   {report}", soft_wrap=True)


def _target(
    graph: str | None,
    task: str | None,
    command: str | None,
    space: str | None,
    objective: str | None,
    minimize: bool,
    epochs: int | None,
    time_limit: float | None,
) -> Target:
    from ..spaces import InputError
    from .targets import command_target, graph_target, table_target

    if sum(given is not None for given in (graph, task, command)) != 1:
        raise InputError("Say what to search on with exactly one of --graph, --task and --command.")
    if epochs is not None and graph is None:
        raise InputError("--epochs belongs to --graph; tasks and commands have their own.")
    if command is not None:
        return command_target(command, space=space, objective=objective, minimize=minimize, time_limit=time_limit)
    if space is not None or minimize:
        raise InputError("--space and --minimize belong to --command; graphs and tasks have their own.")
    if graph is not None:
        if objective not in (None, "valid_accuracy"):
            raise InputError(f"A training on a graph is searched by valid_accuracy, not by {objective!r}.")
        return graph_target(graph, epochs=EPOCHS if epochs is None else epochs, time_limit=time_limit)
    assert task is not None, "one of the three is given"
    if time_limit is not None:
        raise InputError("--time-limit belongs to --graph and --command; a task's results are looked up at once.")
    return table_target(task, objective)


def _sources(text: str | None, target: Target, architecture: str) -> list[Task]:
    from .sources import find_sources

    return find_sources(text or "", target, architecture=architecture)


def _strategy(name: str, sources: list[Task], space: SearchSpace) -> Strategy:
    from ..search import make

    if not sources:
        return make(name)
    from ..evaluation.summary import count
    from ..meta import make as make_learner
    from ..meta.memory import remembered

    if all(task.space == space for task in sources):
        learner = make_learner("auto").for_search()
    else:  # what another space says may mislead
        learner = make_learner("guard", learner="cross-space")
    with working(f"Learning from {count(len(sources), 'task')} ({', '.join(task.name for task in sources)}), once …"):
        return make(name, meta=remembered(learner, sources))
