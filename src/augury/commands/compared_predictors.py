"""Predictors against each other: how well each orders architectures that it has not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ..data import Task
from ..evaluation import plot_learning_curve, rank_predictors, write
from ..evaluation.intervals import mean_interval
from ..evaluation.style import figure_beside
from ..evaluation.summary import count
from ..evaluation.whole_file import whole_file
from ..meta.leave_out import other_tasks
from ..predictors import Predictor, registry
from ..spaces import InputError
from .compared import Known, tasks_by_name, told_comparison
from .console import out, say
from .earlier import record, replaced
from .naming import make_folder
from .options import names
from .progress import steps
from .settings import Part, read_settings
from .tables import plain_table

__all__ = ["compare_predictors"]

SIZES = "10,30,100"
LEAST = 10  # architectures to test on


def compare_predictors(
    wanted: Sequence[str],
    sizes: str | None,
    settings: Sequence[str] | None,
    known: Known,
    targets: Sequence[str] | None,
    *,
    seeds: int,
    jobs: int,
    folder: str,
) -> None:
    """Rank them, write rows and figure, and tell the means.

    Args:
        wanted: Their names.
        sizes: How many architectures they learn from, with commas between; None for the usual ones that fit.
        settings: Arguments of theirs.
        known: Where the tasks are.
        targets: The tasks by name; None for the usual ones.
        seeds: How many splits of each task.
        jobs: Processes.
        folder: Where to write.

    Raises:
        UnknownNameError: There is no such predictor or argument.
        InputError: There is none, sizes are no numbers, or a task is too small for them.
    """
    predictors, numbers = _made(wanted, settings), _sizes(SIZES if sizes is None else sizes)
    tasks = _tasks(known, targets)
    fitting = _fitting(numbers, tasks, every=sizes is not None)
    where = make_folder(folder)
    told = told_comparison(known, targets, predictors=wanted)
    if warning := replaced(where / "predictors.json", told):
        say(warning)
    with steps("fits") as show:
        frame = rank_predictors(predictors, tasks, fitting, range(seeds), n_jobs=jobs, progress=show)
    results, picture = write(frame, where / "predictors.parquet"), where / "predictors.svg"
    drawn, ax = figure_beside(wanted)
    plot_learning_curve(frame, ax=ax)
    with whole_file(picture) as unfinished:
        drawn.savefig(unfinished, metadata={"Date": None})
    record(where / "predictors.json", told)
    _show(frame)
    out().print(f"\nResults  {results}\nFigure   {picture}", soft_wrap=True)


def _made(wanted: Sequence[str], settings: Sequence[str] | None) -> dict[str, Predictor]:
    if not wanted or len(set(wanted)) < len(wanted):
        raise InputError(f"--predictors names each once, as auto,gin,xgboost; got {','.join(wanted)!r}.")
    parts = {name: Part(registry, name) for name in wanted}
    read_settings(settings, parts)
    return {name: part.make() for name, part in parts.items()}


def _sizes(text: str) -> list[int]:
    """The numbers of a list, each once, in order.

    >>> _sizes("30, 10")
    [10, 30]
    """
    found = names(text)
    if not found or not all(part.isdecimal() and int(part) for part in found):
        raise InputError(f"--sizes are whole numbers of at least 1, as {SIZES}; got {text!r}.")
    return sorted({int(part) for part in found})


def _fitting(sizes: Sequence[int], tasks: Mapping[str, Task], *, every: bool) -> list[int]:
    """The sizes that leave enough of each task to test on, which may have to be every one."""
    forms = {name: len(task.architectures[np.isfinite(task.y)].distinct()) for name, task in tasks.items()}
    name = min(forms, key=forms.__getitem__)
    most = forms[name] - LEAST
    found = [size for size in sizes if size <= most]
    if not found or (every and len(found) < len(sizes)):
        mend = f"give --sizes from 1 to {most:,}" if most > 0 else f"it takes {LEAST + 1} or more"
        raise InputError(
            f"--sizes {','.join(map(str, sizes))} must leave {LEAST} architectures to test on, and {name!r} has "
            f"{forms[name]:,} different ones with a value: {mend}."
        )
    return found


def _tasks(known: Known, targets: Sequence[str] | None) -> dict[str, Task]:
    there = tasks_by_name(known)
    if targets is not None and not targets:
        raise InputError(f"--tasks names at least one, with commas between: {', '.join(there)}; got none.")
    if targets is None:
        targets = [task.name for task in other_tasks(there)] if isinstance(known, str) else list(there)
    return {name: there[name] for name in targets}


def _show(frame: pd.DataFrame) -> None:
    """The mean over the tasks, and half the width of its interval over the seeds."""
    sizes = sorted(frame["size"].unique())
    table = plain_table("predictor", *(f"from {size}" for size in sizes), "seconds", right=range(1, len(sizes) + 2))
    for name, own in frame.groupby("predictor", sort=False):
        cells = []
        for size in sizes:
            mean, low, high = mean_interval(own[own["size"] == size].groupby("seed")["kendall_tau"].mean().to_numpy())
            away = "" if np.isnan(low) else f" ± {(high - low) / 2:.2f}"
            cells.append(f"{mean:.2f}{away}".replace("-", "−"))
        table.add_row(str(name), *cells, f"{own[own['size'] == sizes[-1]]['fit_seconds'].mean():.1f}")
    tasks, seeds = frame["task"].unique(), frame["seed"].nunique()
    console = out()
    console.print(
        f"{count(len(table.rows), 'predictor')} on {count(len(tasks), 'task')} ({', '.join(tasks)}); "
        f"{count(seeds, 'split')} of each."
    )
    console.print("\nMean Kendall tau on architectures held out, ± its 95 % interval, and seconds to learn the most:\n")
    console.print(table)
