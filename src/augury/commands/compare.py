"""``augury compare``: search strategies against each other on a benchmark's tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .console import command_line, out
from .options import at_least, names
from .tables import plain_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["compare"]


def compare(
    context: typer.Context,
    benchmark: Annotated[str, typer.Option(help="Whose tasks are searched.")] = "nas-bench-graph",
    tasks: Annotated[
        str | None, typer.Option(help="Which of them, with commas between.  [default: all with a full table]")
    ] = None,
    strategies: Annotated[
        str,
        typer.Option(
            help="With commas between: bayesian, local-search, random, regularized-evolution; warm is bayesian after "
            "learning from the other tasks."
        ),
    ] = "warm,bayesian,regularized-evolution,random",
    budget: Annotated[int, typer.Option(help="Evaluations of each search.")] = 50,
    seeds: Annotated[int, typer.Option(help="Searches of each strategy on each task.")] = 10,
    source_size: Annotated[int, typer.Option(help="Evaluations of each other task that warm learns from.")] = 200,
    jobs: Annotated[int, typer.Option(help="Processes; -1 for all cores.")] = 1,
    folder: Annotated[
        str, typer.Option("--out", help="Where results, page and finished searches are kept.")
    ] = "augury-compare",
) -> None:
    """Compare search strategies: each on every task, with several seeds.

    Evaluations are looked up, so only the strategies take time. Finished searches are kept: run the same command again
    to go on after an interruption.
    """
    from ..data import info, load_benchmark
    from ..evaluation import write, write_report
    from ..evaluation.warm_comparison import WARM, leave_one_out
    from ..search import available
    from ..spaces import InputError, UnknownNameError
    from .naming import make_folder
    from .progress import steps

    at_least(budget=(budget, 1), seeds=(seeds, 1), source_size=(source_size, 1))
    if jobs < 1 and jobs != -1:
        raise InputError(f"--jobs is a number of processes of at least 1, or -1 for all cores; got {jobs}.")
    compared, targets = names(strategies), None if tasks is None else names(tasks)
    for name in compared:
        if name not in (*available(), WARM):
            raise UnknownNameError("strategy", name, (*available(), WARM))
    loaded = load_benchmark(benchmark)
    for name in targets or ():
        if name not in loaded:
            raise UnknownNameError(f"task of {benchmark}", name, info(benchmark).tasks)
    where = make_folder(folder)
    with steps("searches") as show:
        frame = leave_one_out(
            benchmark,
            compared,
            budget=budget,
            seeds=range(seeds),
            tasks=targets,
            source_size=source_size,
            n_jobs=jobs,
            checkpoint=where / "searches",
            progress=show,
        )
    results = write(frame, where / "results.parquet")
    page = write_report(
        frame,
        where / "report.html",
        title=f"Search strategies on {benchmark}",
        tasks={name: loaded[name] for name in frame["task"].unique()},
        command=command_line(context),
    )
    _show(frame)
    out().print(f"\nResults  {results}\nPage     {page}", soft_wrap=True)


def _show(frame: pd.DataFrame) -> None:
    """The mean regret of each strategy, and a sentence for each against the reference."""
    from ..evaluation import evaluations_to_match, evaluations_to_optimum, harm_by_task, regret_at
    from ..evaluation.curves import ALL_TASKS, Curves
    from ..evaluation.page import regret_text
    from ..evaluation.summary import findings, introduction

    runs = Curves.of_frame(frame)
    budgets = list(runs.checked(None))
    reference = "bayesian" if "bayesian" in runs.strategies else runs.strategies[0]  # as the page has it
    regrets, optimum = regret_at(frame, budgets), evaluations_to_optimum(frame)
    table = plain_table("strategy", *(f"after {budget}" for budget in budgets), "optimum found", right=range(1, 9))
    for strategy in runs.strategies:
        own = regrets[(regrets["task"] == ALL_TASKS) & (regrets["strategy"] == strategy)]
        found = optimum[(optimum["task"] == ALL_TASKS) & (optimum["strategy"] == strategy)]["found"].iloc[0]
        table.add_row(strategy, *map(regret_text, own["regret"]), f"{found:.0%}")
    match = evaluations_to_match(frame, reference, budgets)
    match = match[(match["task"] == ALL_TASKS) & (match["strategy"] != reference)]
    console = out()
    console.print(introduction(runs))
    console.print("\nMean regret, in per cent of the way from a task's median to its best:\n")
    console.print(table)
    console.print()
    for finding in findings(match, harm_by_task(frame, reference, budgets[-1]), reference, runs):
        console.print(f"- {finding}")
