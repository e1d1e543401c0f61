"""On which tasks, and from how many architectures each, what is compared learns; and how well that is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..data import Task
from ..evaluation import write
from ..evaluation.intervals import mean_interval
from ..evaluation.style import figure_beside
from ..evaluation.whole_file import whole_file
from ..meta.leave_out import other_tasks
from ..spaces import InputError
from .compared import Known, tasks_by_name
from .earlier import record
from .options import names
from .tables import plain_table

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["chosen_tasks", "fitting_sizes", "mean_taus", "wanted_sizes", "write_ranks"]

LEAST = 10  # architectures to test on
REPLICATES = 3  # seeds; Student's interval of two tells nothing


def wanted_sizes(text: str, *, least: int = 1) -> list[int]:
    """The numbers of a list, each once, in order.

    Raises:
        InputError: One is no whole number, or less than the least.

    >>> wanted_sizes("30, 10")
    [10, 30]
    """
    found = names(text)
    if not found or not all(part.isdecimal() and int(part) >= least for part in found):
        raise InputError(f"--sizes are whole numbers of at least {least}, as 10,30,100; got {text!r}.")
    return sorted({int(part) for part in found})


def fitting_sizes(sizes: Sequence[int], tasks: Mapping[str, Task], *, every: bool) -> list[int]:
    """The sizes that leave enough of each task to test on, which may have to be every one.

    Raises:
        InputError: There is none, or not every one.
    """
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


def chosen_tasks(known: Known, targets: Sequence[str] | None) -> dict[str, Task]:
    """The tasks that are wanted, by name, or else the usual ones.

    Raises:
        InputError: None is.
    """
    there = tasks_by_name(known)
    if targets is not None and not targets:
        raise InputError(f"--tasks names at least one, with commas between: {', '.join(there)}; got none.")
    if targets is None:
        targets = [task.name for task in other_tasks(there)] if isinstance(known, str) else list(there)
    return {name: there[name] for name in targets}


def write_ranks(
    frame: pd.DataFrame,
    where: Path,
    stem: str,
    lines: Sequence[str],
    plot: Callable[..., object],
    told: Mapping[str, str],
) -> str:
    """Write rows, figure and what they are of; which files these are, in words.

    Args:
        frame: A row a fit.
        where: The folder.
        stem: What the files are called, without their endings.
        lines: What the figure's lines are called.
        plot: What draws the rows on given axes.
        told: What the rows depend on.
    """
    results, picture = write(frame, where / f"{stem}.parquet"), where / f"{stem}.svg"
    drawn, ax = figure_beside(lines)
    plot(frame, ax=ax)
    with whole_file(picture) as unfinished:
        drawn.savefig(unfinished, metadata={"Date": None})
    record(where / f"{stem}.json", told)
    return f"\nResults  {results}\nFigure   {picture}"


def mean_taus(frame: pd.DataFrame, method: str, size: str, seconds: str, *, heading: str) -> Table:
    """The mean over the tasks, and half the width of its interval over the seeds.

    Args:
        frame: A row a fit, with Kendall's tau.
        method: The column of what is compared.
        size: The column of how many architectures it learned from.
        seconds: The column of the time that the largest took.
        heading: Before a size.
    """
    sizes = sorted(frame[size].unique())
    table = plain_table(method, *(f"{heading} {one}" for one in sizes), "seconds", right=range(1, len(sizes) + 2))
    for name, own in frame.groupby(method, sort=False):
        cells = []
        for one in sizes:
            taus = own[own[size] == one].groupby("seed")["kendall_tau"].mean().to_numpy()
            if not len(taus):  # as a cold predictor from nothing
                cells.append("–")
                continue
            mean, low, high = mean_interval(taus)
            away = "" if len(taus) < REPLICATES else f" ± {(high - low) / 2:.2f}"
            cells.append(f"{mean:.2f}{away}".replace("-", "−"))
        table.add_row(str(name), *cells, f"{own[own[size] == sizes[-1]][seconds].mean():.1f}")
    return table
