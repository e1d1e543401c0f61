"""Meta-learners against each other: how well each orders a task's architectures after the other tasks."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..evaluation import plot_k_shot, rank_meta_learners
from ..evaluation.summary import count
from ..meta import MetaLearner
from ..meta import registry as learners
from ..predictors import Predictor
from ..predictors import registry as predictors
from ..spaces import InputError
from .compared import Known, tasks_by_name, told_comparison
from .compared_sizes import chosen_tasks, fitting_sizes, mean_taus, wanted_sizes, write_ranks
from .console import out, say
from .earlier import replaced
from .naming import make_folder
from .progress import steps
from .settings import Part, read_settings

__all__ = ["compare_meta_learners"]

SIZES = "0,10,30,100"
COLD = ("auto",)


def compare_meta_learners(
    wanted: Sequence[str],
    cold: Sequence[str] | None,
    sizes: str | None,
    settings: Sequence[str] | None,
    known: Known,
    targets: Sequence[str] | None,
    *,
    source_size: int,
    seeds: int,
    jobs: int,
    folder: str,
) -> None:
    """Rank them, write rows and figure, and tell the means.

    Args:
        wanted: Their names.
        cold: Predictors to compare them with, which learn from no other task, by name; None for the default one.
        sizes: How many architectures of a task they are adapted to, with commas between; None for the usual ones that
            fit.
        settings: Arguments of theirs.
        known: Where the tasks are, which are sources, too.
        targets: The tasks by name; None for the usual ones.
        source_size: At most how many evaluations of each other task are learned from.
        seeds: How many draws of both.
        jobs: Processes.
        folder: Where to write.

    Raises:
        UnknownNameError: There is no such meta-learner, predictor or argument.
        InputError: There is none, sizes are no numbers, or a task is too small for them or the only one.
    """
    made, without = _made(wanted, COLD if cold is None else cold, settings)
    numbers = wanted_sizes(SIZES if sizes is None else sizes, least=0)
    tasks = chosen_tasks(known, targets)
    fitting = fitting_sizes(numbers, tasks, every=sizes is not None)
    where = make_folder(folder)
    told = told_comparison(known, targets, **{"meta-learners": [*made, *without]}) | {"source size": str(source_size)}
    if warning := replaced(where / "meta-learners.json", told):
        say(warning)
    with steps("fits") as show:
        frame = rank_meta_learners(
            made, tasks_by_name(known), fitting, range(seeds), targets=list(tasks), source_size=source_size,
            cold=without, n_jobs=jobs, progress=show,
        )  # fmt: skip
    files = write_ranks(frame, where, "meta-learners", [*made, *without], plot_k_shot, told)
    _show(frame, source_size)
    out().print(files, soft_wrap=True)


def _made(
    wanted: Sequence[str], cold: Sequence[str], settings: Sequence[str] | None
) -> tuple[dict[str, MetaLearner], dict[str, Predictor]]:
    """The meta-learners, and the predictors, which are called cold."""
    for option, given, example in (("--meta-learners", wanted, "auto,rgpe"), ("--predictors", cold, "auto,gin")):
        if not given or len(set(given)) < len(given):
            raise InputError(f"{option} names each once, as {example}; got {','.join(given)!r}.")
    parts = {name: Part(learners, name) for name in wanted}
    others = {name: Part(predictors, name) for name in cold}
    read_settings(settings, {**others, **parts})
    return {name: part.make() for name, part in parts.items()}, {
        f"cold {name}": part.make() for name, part in others.items()
    }


def _show(frame: pd.DataFrame, source_size: int) -> None:
    table = mean_taus(frame, "method", "k", "adapt_seconds", heading="after")
    targets, seeds = frame["target"].unique(), frame["seed"].nunique()
    console = out()
    console.print(
        f"{count(len(table.rows), 'method')} on {count(len(targets), 'task')} ({', '.join(targets)}), each after up to "
        f"{count(source_size, 'evaluation')} of every other; {count(seeds, 'draw')} of each."
    )
    console.print(
        "\nMean Kendall tau on architectures held out, ± its 95 % interval, after so many evaluations of the task, and "
        "seconds to adapt to the most and predict:\n"
    )
    console.print(table)
