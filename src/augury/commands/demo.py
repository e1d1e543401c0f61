"""``augury demo``: real trainings on a graph that no benchmark has seen, with a warm start and without."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated

import typer

from .console import command_line, out, say, working
from .options import Seed, at_least
from .tables import plain_table

if TYPE_CHECKING:
    from ..search import Strategy, Study
    from .targets import Target

__all__ = ["demo"]

GRAPH = "digits-graph"
BENCHMARK = "nas-bench-graph"
WARM, RANDOM = "warm start", "random search"


def demo(
    context: typer.Context,
    budget: Annotated[int, typer.Option(help="Trainings of each of the two searches.")] = 30,
    workers: Annotated[int, typer.Option(help="Trainings at once.")] = 2,
    seed: Seed = 0,
    epochs: Annotated[int, typer.Option(help="Of a training.")] = 60,
    graph: Annotated[str, typer.Option(help="Another graph: a name from `augury data list`, or a .npz file.")] = GRAPH,
    source_size: Annotated[
        int | None, typer.Option(help="Learn from at most so many evaluations of each benchmark task.  [default: all]")
    ] = None,
    folder: Annotated[str, typer.Option("--out", help="Where trainings and page are kept.")] = "augury-demo",
) -> None:
    """Search for a graph neural network with real trainings, warm-started from a benchmark's tasks.

    The graph is made of scikit-learn's handwritten digits and is in no benchmark. As many random trainings show what
    the warm start is worth. Run it again to go on after an interruption.
    """
    from ..search import make
    from .naming import make_folder
    from .result import rows_of, show_best, write_page
    from .studies import run_study
    from .targets import graph_target

    at_least(budget=(budget, 1), workers=(workers, 1), seed=(seed, 0))
    if source_size is not None:
        at_least(source_size=(source_size, 1))
    target = graph_target(graph, epochs=epochs, time_limit=None)
    where = make_folder(folder)
    studies = {}
    for name, strategy in ((WARM, lambda: _warm(source_size, seed)), (RANDOM, lambda: make("random"))):
        say(f"{name}: {budget} trainings on {target.name}, {workers} at a time")
        studies[name] = run_study(
            target,
            strategy,
            storage=str(where / "study.db"),
            name=f"{name} seed {seed}",
            seed=seed,
            budget=budget,
            workers=workers,
            method={"strategy": name, "source_size": source_size if name == WARM else None},
            anew=f"remove the folder {folder}, or give another --seed",
        )
    show_best(studies[WARM], target)
    _compare(studies, target)
    page = where / "report.html"
    write_page(
        studies[WARM],
        target,
        str(page),
        title=f"A graph neural network for {target.name}",
        strategy=WARM,
        command=command_line(context),
        baselines={RANDOM: rows_of(studies[RANDOM], target)},
    )
    out().print(f"\nPage  {page}", soft_wrap=True)


def _warm(source_size: int | None, seed: int) -> Strategy:
    from ..data import load_benchmark
    from ..meta import make as make_learner
    from ..meta.leave_out import other_tasks
    from ..meta.memory import remembered
    from ..search import make

    tasks = other_tasks(load_benchmark(BENCHMARK), n=source_size, seed=seed)
    with working(f"Learning from {len(tasks)} tasks of {BENCHMARK}, once; it is remembered …"):
        learner = make_learner("auto").for_search()
        return make("bayesian", meta=remembered(learner, tasks))


def _compare(studies: dict[str, Study], target: Target) -> None:
    """What both searches found, and when the warm one was as good as the random one in the end."""
    from ..evaluation import first_reaching
    from ..evaluation.page import number

    curves = {name: study.history.best_so_far() for name, study in studies.items()}
    table = plain_table("", f"best {target.objective}", "its test accuracy", "trainings it took", right=(1, 2, 3))
    for name, study in studies.items():
        metrics = study.best.metrics
        found = float(first_reaching(-curves[name], -curves[name][-1]))
        table.add_row(
            name,
            number(metrics[target.objective], target.unit),
            number(metrics.get(target.test_metric or "", math.nan), target.unit),
            f"{found:g}",
        )
    console = out()
    console.print()
    console.print(table)
    best_of = f"the best of {len(curves[RANDOM])} random trainings"
    matched = float(first_reaching(-curves[WARM], -curves[RANDOM][-1]))
    if math.isfinite(matched):
        console.print(f"\nThe {WARM} was as good as {best_of} after {matched:g} of its own.")
    else:
        console.print(f"\nThe {WARM} did not reach {best_of} this time.")
