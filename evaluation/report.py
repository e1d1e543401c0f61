"""A comparison as one page that needs nothing else: tables, figures, the best architectures as graphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from markupsafe import Markup

from ..spaces import InputError
from .curves import ALL_TASKS, Curves
from .drawing import draw_architecture
from .efficiency import evaluations_to_match, evaluations_to_optimum, regret_at
from .figures import draw_harm, draw_regret, draw_saved, literal
from .harm import harm_by_task
from .page import number, regret_text, write_page
from .style import Dash, colours, figure, svg
from .summary import count, findings, introduction, match_rows, regret_rows, task_rows

if TYPE_CHECKING:
    from ..data import Task

__all__ = ["write_report"]

TASK_LETTERS = 25  # as many as fit above the picture of a task


def write_report(
    frame: pd.DataFrame,
    path: str | Path,
    *,
    title: str = "Comparison of search strategies",
    tasks: Mapping[str, Task] | None = None,
    reference: str | None = None,
    budgets: Sequence[int] | None = None,
    command: str | None = None,
) -> Path:
    """Write a comparison as one HTML page without scripts, which fetches nothing.

    Args:
        frame: The rows that `compare` gives.
        path: Where to.
        title: The heading.
        tasks: The tasks compared on; with them, the best architectures are drawn and their values have names and units.
        reference: The strategy that others are measured against; by default ``"bayesian"``, else the first.
        budgets: After how many evaluations to report; by default `usual_budgets`.
        command: What made the comparison, to be shown.

    Raises:
        DataError: The comparison is not complete.
        UnknownNameError: The reference was not compared.
        InputError: A budget is beyond the searches.

    >>> import tempfile
    >>> row = {"strategy": "random", "task": "cora", "seed": 0, "architecture": "a", "y": 0.5, "test": 0.4}
    >>> frame = pd.DataFrame([row | {"evaluation": i, "best": 0.5, "regret": 0.25} for i in (1, 2)])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     "cora" in write_report(frame, f"{folder}/report.html").read_text("utf-8")
    True
    """
    runs = Curves.of_frame(frame)
    budgets = list(runs.checked(budgets))
    if reference is None:
        reference = "bayesian" if "bayesian" in runs.strategies else runs.strategies[0]
    runs.of(reference)  # raises if it is not there
    alone = len(runs.strategies) == 1
    regrets, optimum = regret_at(frame, budgets), evaluations_to_optimum(frame)
    match = evaluations_to_match(frame, reference, budgets)
    match = match[(match["task"] == ALL_TASKS) & (match["strategy"] != reference)]
    harmed = harm_by_task(frame, reference, budgets[-1])
    several = len(runs.tasks) > 1
    context = {
        "title": title,
        "command": command,
        "introduction": introduction(runs),
        "findings": findings(match, harmed, reference, runs),
        "reference": reference,
        "budgets": budgets,
        "tasks": count(len(runs.tasks), "task"),
        "regret_rows": regret_rows(regrets, optimum, runs),
        "match_rows": match_rows(match, harmed, runs),
        "overall_figure": svg(
            draw_regret(frame, legend=False), "Regret of each strategy against evaluations", "overall"
        ),
        "task_figures": [_task_figure(frame, task, i) for i, task in enumerate(runs.tasks)] if several else [],
        "legend": [_legend_line(name, *look) for name, look in colours(runs.strategies).items()],
        "saved_figure": None
        if alone
        else svg(draw_saved(frame, reference, budgets), "Evaluations needed for the regret of the reference", "saved"),
        "harm_figure": None
        if alone
        else svg(draw_harm(frame, reference, budgets[-1]), "Regret minus that of the reference on each task", "harm"),
        "task_rows": task_rows(regrets, optimum, budgets[-1]),
        "architectures": [_best(frame, task, i, (tasks or {}).get(task)) for i, task in enumerate(runs.tasks)],
    }
    return write_page("report.html", path, context)


def _best(frame: pd.DataFrame, name: str, place: int, task: Task | None) -> dict[str, object]:
    """The best value met on a task, by whoever met it first."""
    rows = frame[frame["task"] == name]
    rows = rows[rows["y"] == rows["y"].max()].sort_values("evaluation", kind="stable")
    if not len(rows):
        raise InputError(f"No evaluation on the task {name!r} gave a value; leave it out of the report.")
    row = rows.iloc[0]
    found: dict[str, object] = {
        "task": name,
        "architecture": row["architecture"],
        "objective": "value",
        "value": number(row["y"]),
        "test_name": "test value",
        "test": "" if np.isnan(row["test"]) else number(row["test"]),
        "strategy": row["strategy"],
        "evaluation": row["evaluation"],
        "seed": row["seed"],
        "regret": regret_text(row["regret"]),
        "figure": None,
    }
    if task is not None:
        metric = task.metrics[task.objective]
        found["objective"] = task.objective
        found["value"] = number(row["y"] if metric.direction == "maximize" else -row["y"], metric.unit)
        if task.test_metric is not None and not np.isnan(row["test"]):
            found["test_name"] = task.test_metric
            found["test"] = number(row["test"], task.metrics[task.test_metric].unit)
        drawn = draw_architecture(task.space.parse(row["architecture"])[0])
        found["figure"] = svg(drawn, f"Graph of {row['architecture']}", f"graph-{place}")
    return found


def _task_figure(frame: pd.DataFrame, task: str, place: int) -> Markup:
    ax = draw_regret(frame, task, figure(2.8, 2.0)[1], legend=False)
    ax.set_title(literal(task, TASK_LETTERS), loc="left", fontweight="bold")
    return svg(ax, f"Regret against evaluations on {task}", f"task-{place}")


def _legend_line(strategy: str, colour: str, dash: Dash) -> dict[str, str]:
    pattern = "" if isinstance(dash, str) else " ".join(f"{4 * part:g}" for part in dash[1])
    return {"strategy": strategy, "colour": colour, "dash": pattern}
