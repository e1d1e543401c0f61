"""``augury fit``: learn a predictor from a table."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Annotated

import typer

from .console import err, keeping_nothing, out
from .options import (
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
    import numpy as np
    import numpy.typing as npt

    from ..data import Task
    from ..predictors import Predictor
    from .own_tables import Reading
    from .targets import Goal

__all__ = ["fit"]

LEAST = 2  # architectures that have an order
FEW = 100  # architectures of a benchmark's task to learn from


def fit(
    context: typer.Context,
    task: Annotated[str | None, typer.Option(help="Learn from a benchmark's task: nas-bench-graph/cora.")] = None,
    table: Annotated[str | None, typer.Option(help="Learn from your own .csv, .csv.gz, .tsv or .parquet file.")] = None,
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
    skip_missing: SkipMissing = False,
    n: Annotated[
        int | None,
        typer.Option(
            "--n",
            help="Learn from so many, drawn at random, and test on the rest.  [default: 100 of a task, all of a table]",
        ),
    ] = None,
    seed: Seed = 0,
    predictor: Annotated[
        str | None,
        typer.Option(
            help="auto, bayesian-ridge, blend, conformal, extra-trees, gat, gates, gaussian-process, gcn, geometric, "
            "gin, graph-transformer, mlp-ensemble, random-forest, xgboost, or one of your own.  [default: auto]"
        ),
    ] = None,
    sources: Sources = None,
    meta: Meta = None,
    pretrained: Pretrained = None,
    settings: Annotated[
        list[str] | None,
        set_option("the predictor or the meta-learner, as predictor.members=3 or, with --meta, meta.points=100"),
    ] = None,
    out_path: Annotated[str, typer.Option("--out", help="Where to save what was learned.")] = "model.safetensors",
) -> None:
    """Learn to predict a metric of architectures, and tell how well that works on those it has not seen.

    Where there are values of single trainings, called as the metric with _seed0, _seed1 … behind it, as in
    nas-bench-201, a value counts the more the less noisy the mean of its trainings is.

    With --sources a meta-learner learns from these tasks first, and then takes in the architectures of this one, of
    which a few will do; `augury design` chooses them. With --pretrained it has learned already.
    """
    from ..meta import WarmPredictor
    from .cross_validation import told_quality
    from .databases import files_of
    from .experience import Experience
    from .models import Objective, save_model
    from .naming import check_writable
    from .own_tables import Reading
    from .settings import read_settings

    at_least(seed=(seed, 0), **({} if n is None else {"n": (n, 1)}))
    experience = Experience.of(sources, meta, pretrained)
    if experience is None:
        model = _predictor(predictor or "auto", settings, seed)
    else:
        refuse("a fit from one task alone", "--meta names what learns from others", predictor=predictor)
        read_settings(settings, experience.parts, advice=Experience.ADVICE)
        experience.example()  # which may have wrong arguments
    # before the time is spent
    check_writable(out_path, inputs=(table, space, pretrained, *files_of(sources)))
    goal = _goal(task, table, Reading(space, architecture_column, objective, minimize, skip_missing))
    learnt = goal.task
    assert learnt is not None, "it is looked up"
    n = FEW if n is None and task is not None else n
    train, test = (learnt, None) if n is None else _split(learnt, n, seed)
    metric = learnt.metrics[learnt.objective]
    with keeping_nothing(context):
        if experience is not None:
            model = WarmPredictor(learner=experience.prepared(goal, architecture_column)())
        weights = _weights(train) if model.takes_weights else None
        start = time.perf_counter()
        fitted = model.fit(train.architectures, train.y, weights)
        seconds = time.perf_counter() - start
        weighed = "" if weights is None else f", weighed by the noise of {len(learnt.seed_metrics)} seeds"
        _tell(fitted, train, f"{learnt.objective} of {task or table}", weighed)
        done = "Replaced" if os.path.exists(out_path) else "Saved to"
        save_model(fitted, Objective(learnt.objective, metric.direction, metric.unit), out_path)
    out().print(f"{done} {out_path}; predict with: augury predict {out_path} TABLE_OR_TEXTS", soft_wrap=True)
    if test is None:
        out().print(told_quality(fitted, train, weights, seconds=seconds, seed=seed), soft_wrap=True)
    else:
        _tell_held_out(fitted, test)


def _predictor(name: str, settings: list[str] | None, seed: int) -> Predictor:
    """What will learn from one task, with the seed unless it was given one of its own."""
    from ..predictors import registry
    from .settings import Part, read_settings

    part = Part(registry, name)
    read_settings(settings, {"predictor": part})
    if part.takes("seed"):
        part.arguments.setdefault("seed", seed)
    return part.make()


def _goal(task: str | None, table: str | None, reading: Reading) -> Goal:
    """What to learn from, and what is to be predicted there."""
    from ..spaces import InputError
    from .naming import refuse_table
    from .targets import own_table_target, table_target

    if (task is None) == (table is None):
        raise InputError("Learn either from --task BENCHMARK/TASK or from --table FILE; give one of them.")
    if table is not None:
        return own_table_target(table, reading)
    assert task is not None, "one of the two is given"
    refuse_table(task, "--table")
    refuse("--table", "a benchmark's task has its own", **reading.options)
    return table_target(task, reading.objective)


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


def _tell(fitted: Predictor, train: Task, what: str, weighed: str) -> None:
    """What was learned, and why."""
    import numpy as np

    from ..evaluation.summary import count
    from ..meta import WarmPredictor
    from ..predictors import SupportsExplanation

    console = out()
    different = len(np.unique(train.architectures.keys()))
    rows = "" if different == len(train) else f"{count(len(train), 'row')} of "
    learned, before = fitted, ""
    if isinstance(fitted, WarmPredictor):
        learned, before = fitted.adapted_, f", after {count(len(fitted.learner.sources_.all_names), 'other task')}"
    console.print(
        f"{type(learned).__name__} learned {what} from {rows}{count(different, 'architecture')}{weighed}{before}.",
        soft_wrap=True,
    )
    if len(train) > 1 and np.ptp(train.y) == 0:
        metric = train.metrics[train.objective]
        value = f"{metric.values[0]:g} {metric.unit}".strip()
        err().print(f"Warning: all values are {value}, so that no architecture is better than another.", soft_wrap=True)
    if isinstance(learned, SupportsExplanation):
        console.print(str(learned.explain()), soft_wrap=True, highlight=False)


def _tell_held_out(fitted: Predictor, test: Task) -> None:
    """How well it orders what was held out."""
    from ..evaluation import kendall_tau
    from ..evaluation.summary import count

    console = out()
    if len(test) < LEAST:
        console.print(f"Held out: {count(len(test), 'architecture')}, too few to measure on; a smaller --n keeps more.")
    else:
        tau = kendall_tau(test.y, fitted.predict(test.architectures))
        console.print(f"Kendall tau on {len(test):,} held-out architectures: {f'{tau:.3f}'.replace('-', '−')}")
