"""Predictors against each other: how well each orders architectures that it has not seen."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..evaluation import plot_learning_curve, rank_predictors
from ..evaluation.summary import count
from ..predictors import Predictor, registry
from ..spaces import InputError
from .compared import Known, told_comparison
from .compared_sizes import chosen_tasks, fitting_sizes, mean_taus, wanted_sizes, write_ranks
from .console import out, say
from .earlier import replaced
from .naming import make_folder
from .progress import steps
from .settings import Part, read_settings

__all__ = ["compare_predictors"]

SIZES = "10,30,100"


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
    predictors, numbers = _made(wanted, settings), wanted_sizes(SIZES if sizes is None else sizes)
    tasks = chosen_tasks(known, targets)
    fitting = fitting_sizes(numbers, tasks, every=sizes is not None)
    where = make_folder(folder)
    told = told_comparison(known, targets, predictors=wanted)
    if warning := replaced(where / "predictors.json", told):
        say(warning)
    with steps("fits") as show:
        frame = rank_predictors(predictors, tasks, fitting, range(seeds), n_jobs=jobs, progress=show)
    files = write_ranks(frame, where, "predictors", wanted, plot_learning_curve, told)
    _show(frame)
    out().print(files, soft_wrap=True)


def _made(wanted: Sequence[str], settings: Sequence[str] | None) -> dict[str, Predictor]:
    if not wanted or len(set(wanted)) < len(wanted):
        raise InputError(f"--predictors names each once, as auto,gin,xgboost; got {','.join(wanted)!r}.")
    parts = {name: Part(registry, name) for name in wanted}
    read_settings(settings, parts)
    return {name: part.make() for name, part in parts.items()}


def _show(frame: pd.DataFrame) -> None:
    table = mean_taus(frame, "predictor", "size", "fit_seconds", heading="from")
    tasks, seeds = frame["task"].unique(), frame["seed"].nunique()
    console = out()
    console.print(
        f"{count(len(table.rows), 'predictor')} on {count(len(tasks), 'task')} ({', '.join(tasks)}); "
        f"{count(seeds, 'split')} of each."
    )
    console.print("\nMean Kendall tau on architectures held out, ± its 95 % interval, and seconds to learn the most:\n")
    console.print(table)
