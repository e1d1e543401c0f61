"""``augury fit``: learn a predictor from a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .console import out
from .options import ARCHITECTURE, ArchitectureColumn, Minimize, Seed, Space

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ..data import Task

__all__ = ["fit"]

LEAST = 2  # architectures that have an order


def fit(
    task: Annotated[str | None, typer.Option(help="Learn from a benchmark's task: nas-bench-graph/cora.")] = None,
    table: Annotated[str | None, typer.Option(help="Learn from your own .csv or .parquet file.")] = None,
    space: Space = None,
    architecture_column: ArchitectureColumn = None,
    objective: Annotated[
        str | None,
        typer.Option(
            help="What to predict: a metric of the task, or a column of the table.  [default: valid_accuracy, or a "
            "task's own]"
        ),
    ] = None,
    minimize: Minimize = False,
    skip_missing: Annotated[bool, typer.Option("--skip-missing", help="Leave out rows without a value.")] = False,
    n: Annotated[
        int | None,
        typer.Option(
            "--n",
            help="Learn from so many, drawn at random, and test on the rest.  [default: 100 of a task, all of a table]",
        ),
    ] = None,
    seed: Seed = 0,
    predictor: Annotated[
        str,
        typer.Option(
            help="auto, bayesian-ridge, blend, conformal, extra-trees, gat, gates, gaussian-process, gcn, geometric, "
            "gin, graph-transformer, mlp-ensemble, random-forest or xgboost."
        ),
    ] = "auto",
    out_path: Annotated[str, typer.Option("--out", help="Where to save what was learned.")] = "model.safetensors",
) -> None:
    """Learn to predict a metric of architectures, and tell how well that works on those it has not seen.

    Where there are values of single trainings, called as the metric with _seed0, _seed1 … behind it, as in
    nas-bench-201, a value counts the more the less noisy the mean of its trainings is.
    """
    from ..evaluation import kendall_tau
    from ..evaluation.summary import count
    from ..predictors import SupportsExplanation, available, make
    from ..spaces import InputError, UnknownNameError
    from .models import Objective, save_model
    from .naming import check_writable
    from .options import at_least

    at_least(seed=(seed, 0))
    if n is not None:
        at_least(n=(n, 1))
    if predictor not in available():
        raise UnknownNameError("predictor", predictor, available())
    if (task is None) == (table is None):
        raise InputError("Learn either from --task BENCHMARK/TASK or from --table FILE; give one of them.")
    check_writable(out_path, inputs=(table, space))  # before the time is spent
    if task is not None:
        if space is not None or minimize or skip_missing or architecture_column is not None:
            raise InputError(
                "--space, --architecture-column, --minimize and --skip-missing belong to --table; a task has its own."
            )
        learnt = _benchmark_task(task, objective)
        n = 100 if n is None else n
    else:
        assert table is not None, "checked above"
        column = ARCHITECTURE if architecture_column is None else architecture_column
        learnt = _own_task(table, space, column, objective or "valid_accuracy", minimize, skip_missing)
    train, test = (learnt, None) if n is None else _split(learnt, n, seed)
    metric = learnt.metrics[learnt.objective]
    model = make(predictor)
    if "seed" in model.get_params(deep=False):
        model.set_params(seed=seed)
    weights = _weights(train) if model.takes_weights else None
    fitted = model.fit(train.architectures, train.y, weights)
    console = out()
    weighed = "" if weights is None else f", weighed by the noise of {len(learnt.seed_metrics)} seeds"
    console.print(
        f"{type(fitted).__name__} learned {learnt.objective} of {task or table} from "
        f"{count(len(train), 'architecture')}{weighed}.",
        soft_wrap=True,
    )
    if isinstance(fitted, SupportsExplanation):
        console.print(str(fitted.explain()), soft_wrap=True, highlight=False)
    if test is None:
        console.print("Held out: none; --n keeps the others to test on.")
    elif len(test) < LEAST:
        console.print(f"Held out: {count(len(test), 'architecture')}, too few to measure on; a smaller --n keeps more.")
    else:
        tau = kendall_tau(test.y, fitted.predict(test.architectures))
        console.print(f"Kendall tau on {len(test):,} held-out architectures: {f'{tau:.3f}'.replace('-', '−')}")
    save_model(fitted, Objective(learnt.objective, metric.direction, metric.unit), out_path)
    console.print(f"Saved to {out_path}; predict with: augury predict {out_path} TABLE_OR_TEXTS", soft_wrap=True)


def _split(task: Task, n: int, seed: int) -> tuple[Task, Task]:
    """``n`` architectures to learn from, and the others."""
    import numpy as np

    from ..spaces import InputError

    most = len(task.architectures[np.isfinite(task.y)].distinct()) - 1
    if n > most:
        mend = f"Give from 1 to {most:,}." if most > 0 else "To learn from all and test on none, leave out --n."
        raise InputError(
            f"--n {n} leaves none to test on: there are {most + 1:,} different architectures with a value. {mend}"
        )
    return task.split(n, seed)


def _weights(task: Task) -> npt.NDArray[np.float64] | None:
    """What each value counts; None where no architecture was trained twice."""
    import numpy as np

    known = sum(np.isfinite(task.metrics[name].values).astype(int) for name in task.seed_metrics)
    return task.sample_weight() if np.any(known > 1) else None


def _benchmark_task(text: str, objective: str | None) -> Task:
    from .naming import find_benchmark_task

    task = find_benchmark_task(text)[1]
    return task if objective is None else task.with_objective(objective)


def _own_task(path: str, space: str | None, column: str, objective: str, minimize: bool, skip_missing: bool) -> Task:
    import numpy as np

    from ..spaces import DataError, InputError
    from .naming import find_space, read_task

    if space is None:
        raise InputError("A table does not tell its search space; give --space NAME or --space FILE.json.")
    task = read_task(
        path,
        space=find_space(space),
        architecture=column,
        objective=objective,
        direction="minimize" if minimize else "maximize",
    )
    missing = np.flatnonzero(np.isnan(task.y))
    if len(missing) == len(task):
        raise DataError(f"The column {objective!r} of {path!r} has no value at all; nothing can be learned from it.")
    if len(missing) and not skip_missing:
        raise DataError(
            f"The column {objective!r} of {path!r} has no value in {len(missing)} of {len(task)} rows, the first of "
            f"them row {missing[0]} (counted from 0); fill them in, or leave them out with --skip-missing."
        )
    return task.select(np.isfinite(task.y))
