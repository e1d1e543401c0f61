"""``augury data``: what there is to learn from and to train on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .console import out
from .tables import plain_table

if TYPE_CHECKING:
    from ..data import BenchmarkInfo, NodeGraph

__all__ = ["app"]

app = typer.Typer(help="Show the benchmarks to learn from and the graphs to train on.", no_args_is_help=True)


@app.command("list")
def show_all() -> None:
    """List the benchmarks and the graphs."""
    from ..data import available, info, node_graphs

    benchmarks = plain_table("benchmark", "tasks", "architectures", "distinct", "licence", right=(1, 2, 3))
    for name in available():
        about = info(name)
        most = max(about.tasks.values(), key=lambda task: task.architectures)
        benchmarks.add_row(name, str(len(about.tasks)), f"{most.architectures:,}", f"{most.distinct:,}", about.licence)
    console = out()
    console.print("Benchmarks: architectures that were trained and measured\n")
    console.print(benchmarks)
    console.print("\nGraphs: node classification, to train on\n")
    for name in node_graphs():
        console.print(f"{name}")
    console.print("\nMore of one of them: augury data info NAME")


@app.command("info")
def show_one(
    name: Annotated[
        str, typer.Argument(help="A benchmark or a graph, as `augury data list` names them, or benchmark/task.")
    ],
) -> None:
    """Show the tasks, metrics, licence and source of a benchmark, or the size of a graph."""
    from ..data import available, info, node_graph, node_graphs
    from ..spaces import UnknownNameError

    if name in node_graphs():
        return _show_graph(node_graph(name))
    benchmark, _, task = name.partition("/")
    if benchmark not in available():
        raise UnknownNameError("benchmark or graph", name, [*available(), *node_graphs()])
    about = info(benchmark)
    if task and task not in about.tasks:
        raise UnknownNameError(f"task of {benchmark}", task, about.tasks)
    return _show_benchmark(about)


def _show_benchmark(about: BenchmarkInfo) -> None:
    tasks = plain_table("task", "architectures", "distinct", "what the networks do", right=(1, 2))
    for name, task in about.tasks.items():
        tasks.add_row(name, f"{task.architectures:,}", f"{task.distinct:,}", task.description)
    metrics = plain_table("metric", "better", "unit", "what it is")
    marks = {about.objective: " (objective)", about.test_metric: " (test)"}
    for name, metric in about.metrics.items():
        better = "more" if metric.direction == "maximize" else "less"
        metrics.add_row(name, better, metric.unit, metric.description + marks.get(name, ""))
    console = out()
    console.print(f"{about.name}: {about.description}\n")
    console.print(tasks)
    console.print()
    console.print(metrics)
    console.print(f"\nSearch space  {about.space}")
    console.print(f"Source        {about.package} on PyPI, {about.citation} in the references")
    console.print(f"Licence       {about.licence}, of the data")


def _show_graph(graph: NodeGraph) -> None:
    console = out()
    console.print(f"{graph.name}: a graph whose nodes are to be classified\n")
    for what, value in (
        ("nodes", f"{len(graph):,}"),
        ("edges", f"{graph.edges:,}"),
        ("features", f"{graph.x.shape[1]:,}"),
        ("classes", f"{graph.classes:,}"),
        ("homophily", f"{graph.homophily:.2f}"),
        ("training nodes", f"{int(graph.train_mask.sum()):,}"),
        ("validation nodes", f"{int(graph.valid_mask.sum()):,}"),
        ("test nodes", f"{int(graph.test_mask.sum()):,}"),
    ):
        console.print(f"{what:<18}{value:>8}")
