"""``augury compare``: strategies, predictors or meta-learners against each other, on a benchmark or one's own tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .console import command_line, keeping_nothing, out, say
from .options import ArchitectureColumn, Meta, Minimize, SkipMissing, Space, at_least, names, refuse, set_option
from .tables import plain_table

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from .compared import Known

__all__ = ["compare"]

BUDGET = 50
SOURCE_SIZE = 200  # as in Python


def compare(
    context: typer.Context,
    benchmark: Annotated[str | None, typer.Option(help="Whose tasks are searched.  [default: nas-bench-graph]")] = None,
    tables: Annotated[
        str | None,
        typer.Option(
            help="Instead of a benchmark: your own .csv, .csv.gz, .tsv or .parquet files, with commas between, "
            "each a task of the search space of --space."
        ),
    ] = None,
    space: Space = None,
    architecture_column: ArchitectureColumn = None,
    objective: Annotated[
        str | None, typer.Option(help="The column of the tables to search by.  [default: valid_accuracy]")
    ] = None,
    minimize: Minimize = False,
    skip_missing: SkipMissing = False,
    tasks: Annotated[
        str | None,
        typer.Option(
            help="Which of them, with commas between; tables are called as their files, without the ending.  "
            "[default: all tables, or all tasks with a full table]"
        ),
    ] = None,
    strategies: Annotated[
        str | None,
        typer.Option(
            help="With commas between: bayesian, local-search, optuna-gp, random, regularized-evolution, tpe, or "
            "one of your own; warm is bayesian after learning from the other tasks.  [default: warm, if there are "
            "others, bayesian, regularized-evolution and random]"
        ),
    ] = None,
    predictors: Annotated[
        str | None,
        typer.Option(
            help="Instead of strategies: predictors, with commas between, as auto,gin,xgboost; how well each orders "
            "up to 2,000 architectures that it has not seen."
        ),
    ] = None,
    meta_learners: Annotated[
        str | None,
        typer.Option(
            help="Instead of strategies: what --meta may name, with commas between; how well each does the same after "
            "learning from the other tasks, beside the --predictors, which do not.  [default of these: auto]"
        ),
    ] = None,
    sizes: Annotated[
        str | None,
        typer.Option(
            help="From how many architectures of a task predictors and meta-learners learn, with commas between; 10 "
            "more are left to test on.  [default: those of 0,10,30,100 that fit; 0 is for meta-learners]"
        ),
    ] = None,
    meta: Meta = None,
    settings: Annotated[
        list[str] | None,
        set_option(
            "the meta-learner, or of a strategy or predictor by its name, as meta.points=100 or bayesian.initial=10"
        ),
    ] = None,
    budget: Annotated[int | None, typer.Option(help="Evaluations of each search.  [default: 50]")] = None,
    seeds: Annotated[int, typer.Option(help="Searches of each strategy, or splits, on each task.")] = 10,
    source_size: Annotated[
        int | None,
        typer.Option(
            help="Warm, or a meta-learner, learns from at most so many evaluations of each other task.  [default: 200]"
        ),
    ] = None,
    jobs: Annotated[int, typer.Option(help="Processes; -1 for all cores.")] = 1,
    folder: Annotated[
        str, typer.Option("--out", help="Where results, page or figure, and finished searches are kept.")
    ] = "augury-compare",
) -> None:
    """Compare search strategies, or predictors, or meta-learners: each on every task, with several seeds.

    Evaluations are looked up, so only the strategies take time. Finished searches are kept: run the same command again
    to go on after an interruption. With --predictors or --meta-learners it begins anew.
    """
    from ..evaluation.warm_comparison import leave_one_out
    from .compared import all_at_random, checked_names, compared_methods, compared_tasks, told_comparison
    from .compared_meta_learners import compare_meta_learners
    from .compared_predictors import compare_predictors
    from .earlier import record, replaced
    from .naming import make_folder
    from .own_tables import Reading
    from .progress import steps

    searching = predictors is None and meta_learners is None
    if not searching:
        reason = "predictors and meta-learners are compared without a search"
        refuse("strategies", reason, strategies=strategies, meta=meta, budget=budget)
    if searching:
        refuse("predictors and meta-learners", "name some by --predictors or --meta-learners", sizes=sizes)
    elif meta_learners is None:
        refuse("strategies and meta-learners", "predictors learn from one task", source_size=source_size)
    budget = BUDGET if budget is None else budget
    source_size = SOURCE_SIZE if source_size is None else source_size
    _check_numbers(budget, seeds, source_size, jobs)
    reading = Reading(space, architecture_column, objective, minimize, skip_missing)
    known = compared_tasks(benchmark, tables, reading)
    targets = checked_names(tasks, known)
    if not searching:
        cold = None if predictors is None else names(predictors)
        with keeping_nothing(context):
            if meta_learners is None:
                compare_predictors(cold or [], sizes, settings, known, targets, seeds=seeds, jobs=jobs, folder=folder)
            else:
                compare_meta_learners(
                    names(meta_learners),
                    cold,
                    sizes,
                    settings,
                    known,
                    targets,
                    source_size=source_size,
                    seeds=seeds,
                    jobs=jobs,
                    folder=folder,
                )
        return
    methods, learner = compared_methods(None if strategies is None else names(strategies), meta, settings, known)
    where = make_folder(folder)
    told = told_comparison(known, targets, strategies=methods)
    if warning := replaced(where / "comparison.json", told):
        say(f"{warning} Finished searches are kept.")
    with steps("searches") as show:
        frame = leave_one_out(
            known,
            methods,
            budget=budget,
            seeds=range(seeds),
            tasks=targets,
            source_size=source_size,
            learner=learner,
            n_jobs=jobs,
            checkpoint=where / "searches",
            progress=show,
        )
    written = _write(frame, where, known, command_line(context))
    record(where / "comparison.json", told)
    _show(frame)
    for remark in all_at_random(methods, budget):
        out().print(f"- {remark}")
    out().print("\n" + "\n".join(f"{what:<7}  {path}" for what, path in written.items()), soft_wrap=True)


def _check_numbers(budget: int, seeds: int, source_size: int, jobs: int) -> None:
    from ..spaces import InputError

    at_least(budget=(budget, 1), seeds=(seeds, 1), source_size=(source_size, 1))
    if jobs < 1 and jobs != -1:
        raise InputError(f"--jobs is a number of processes of at least 1, or -1 for all cores; got {jobs}.")


def _write(frame: pd.DataFrame, where: Path, known: Known, command: str) -> dict[str, Path]:
    """The rows and the page of a comparison, by what they are."""
    from ..evaluation import write, write_report
    from .compared import tasks_by_name, told_tasks

    results = write(frame, where / "results.parquet")
    page = write_report(
        frame,
        where / "report.html",
        title=f"Search strategies on {told_tasks(known)}",
        tasks={name: tasks_by_name(known)[name] for name in frame["task"].unique()},
        command=command,
    )
    return {"Results": results, "Page": page}


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
