"""What architectures are to do well on, and how they are evaluated there."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..data import Benchmark, NodeGraph, Task, node_graph, node_graphs
from ..search import CommandEvaluator, GraphTrainingEvaluator, TableEvaluator
from ..spaces import Architectures, InputError, NASBenchGraphSpace, SearchSpace, UnknownNameError
from .naming import find_benchmark_task, find_space, make_folder
from .options import OBJECTIVE
from .own_tables import Reading, own_task

if TYPE_CHECKING:
    import numpy.typing as npt

    from ..search import Evaluator

__all__ = ["Goal", "Setting", "Target", "command_target", "graph_target", "own_table_target", "table_target"]

Setting = str | int | float | None


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A data set, device or program, and the metric that counts there.

    Attributes:
        name: For people, and for a study's name.
        space: The architectures that there may be.
        metrics: Name → direction and unit.
        objective: The metric that counts.
        settings: All that a value depends on besides the architecture; a study goes on only with the same.
        candidates: The only architectures there are, if it is a table.
        task: That table.
        benchmark: The tasks that it is one of.
        path: The file that it was read from, if it is a user's own.
    """

    name: str
    space: SearchSpace
    metrics: Mapping[str, tuple[str, str]]
    objective: str
    settings: Mapping[str, Setting]
    candidates: Architectures | None = None
    task: Task | None = None
    benchmark: Benchmark | None = None
    path: str | None = None

    @property
    def direction(self) -> Literal["maximize", "minimize"]:
        """Of the objective."""
        return "minimize" if self.metrics[self.objective][0] == "minimize" else "maximize"

    @property
    def unit(self) -> str:
        """Of the objective."""
        return self.metrics[self.objective][1]

    @property
    def test_metric(self) -> str | None:
        """The objective's twin on held-out data, if there is one."""
        twin = self.objective.replace("valid", "test", 1)
        return twin if twin != self.objective and twin in self.metrics else None


@dataclass(frozen=True, kw_only=True)
class Target(Goal):
    """A goal, with what a study needs to search for it.

    Attributes:
        evaluator: Architecture → metrics.
    """

    evaluator: Evaluator


def graph_target(text: str, *, epochs: int, time_limit: float | None) -> Target:
    """Real trainings on a graph: a name that ``augury data list`` shows, or a ``.npz`` file.

    Raises:
        UnknownNameError: There is no such graph.
        DataError: The file is none.
        InputError: The epochs or the time limit are out of range.
    """
    graph = _graph(text)
    evaluator = GraphTrainingEvaluator(graph, epochs=epochs, time_limit_seconds=time_limit)
    training = {field.name: getattr(evaluator, field.name) for field in fields(evaluator)}
    del training["graph"], training["time_limit_seconds"]  # a limit may well be raised on the way
    digest = _digest(graph.x, graph.edge_index, graph.y, graph.train_mask, graph.valid_mask, graph.test_mask)
    settings: dict[str, Setting] = {"graph": graph.name, "digest": digest, **training}
    return Target(
        name=graph.name,
        space=NASBenchGraphSpace(),
        metrics=evaluator.metrics,
        objective=OBJECTIVE,
        settings=settings,
        evaluator=evaluator,
    )


def table_target(text: str, objective: str | None) -> Target:
    """Looking up a benchmark's task, which costs nothing.

    Raises:
        UnknownNameError: There is no such benchmark, task or metric.
    """
    benchmark, task = find_benchmark_task(text)
    task = task if objective is None else task.with_objective(objective)
    return replace(_looked_up(task, text, {"task": text}), benchmark=benchmark)


def own_table_target(path: str, reading: Reading) -> Target:
    """Looking up a user's own table; errors are those of `own_task`."""
    task = own_task(path, reading)
    digest = _digest(task.architectures.genotypes, task.y)
    return replace(_looked_up(task, task.name, {"table": task.name, "digest": digest}), path=path)


def command_target(command: str, reading: Reading, *, time_limit: float | None, logs: str | None) -> Target:
    """A user's program, which prints metrics as JSON.

    Raises:
        InputError: The command has no place for the architecture, or for one that there is not, no space is named, or
            the folder of the logs cannot be made.
        DataError: The space cannot be read.
    """
    if reading.space is None:
        raise InputError("A command does not tell what it takes; give --space NAME or --space FILE.json.")
    objective = reading.objective or OBJECTIVE
    metrics = {objective: ("minimize" if reading.minimize else "maximize", "")}
    folder = None if logs is None else make_folder(logs)
    evaluator = CommandEvaluator(command, timeout_seconds=time_limit, metrics=metrics, logs=folder)
    mark = hashlib.sha256(command.encode()).hexdigest()[:8]
    searched = find_space(reading.space)
    evaluator.check_places(searched)
    return Target(
        name=f"command-{mark}",
        space=searched,
        metrics=metrics,
        objective=objective,
        settings={"command": command},
        evaluator=evaluator,
    )


def _looked_up(task: Task, name: str, settings: Mapping[str, Setting]) -> Target:
    evaluator = TableEvaluator(task)
    return Target(
        name=name,
        space=task.space,
        metrics=evaluator.metrics,
        objective=task.objective,
        settings=settings,
        candidates=task.architectures,
        task=task,
        evaluator=evaluator,
    )


def _graph(text: str) -> NodeGraph:
    if text in node_graphs():
        return node_graph(text)
    if text.endswith(".npz") or Path(text).exists():
        return NodeGraph.load(text)
    raise UnknownNameError("graph (or .npz file)", text, node_graphs())


def _digest(*arrays: npt.NDArray[Any]) -> str:
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(array.tobytes())
    return digest.hexdigest()[:16]
