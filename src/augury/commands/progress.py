"""A running search, shown on standard error."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .console import err

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

    from ..search import Study

__all__ = ["progress", "steps"]

Show = Callable[["Study", "FrozenTrial"], None]


@contextmanager
def progress(study: Study, budget: int) -> Iterator[Show]:
    """Shows how far a study is: a bar in a terminal, a line for each evaluation elsewhere.

    Args:
        study: The study that will run.
        budget: How many evaluations it will have.

    Returns:
        What the study calls for each evaluation that ends.
    """
    console = err()
    state = _State(study, budget)
    if not console.is_terminal:
        yield lambda _, trial: console.print(
            f"{state.count(trial)}  best {state.best_text}  {state.told(trial)}", soft_wrap=True
        )
        return
    from rich.console import Group
    from rich.live import Live
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.text import Text

    bar = Progress(
        MofNCompleteColumn(), BarColumn(bar_width=30), TimeElapsedColumn(), TextColumn("best {task.fields[best]}"),
        console=console,
    )  # fmt: skip
    task = bar.add_task("", total=budget, completed=state.done, best=state.best_text)
    last = Text("", style="dim", no_wrap=True, overflow="ellipsis")

    def show(_: Study, trial: FrozenTrial) -> None:
        state.count(trial)
        last.plain = state.told(trial)
        bar.update(task, completed=state.done, best=state.best_text)

    with Live(Group(bar, last), console=console, refresh_per_second=4):
        yield show


@contextmanager
def steps(label: str) -> Iterator[Callable[[int, int], None]]:
    """Shows how many of some steps are done; what it gives is called with (done, in all)."""
    console = err()
    if not console.is_terminal:
        yield lambda done, total: console.print(f"{label}: {done} of {total}")
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn(label), MofNCompleteColumn(), BarColumn(bar_width=30), TimeElapsedColumn(),
        TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


class _State:
    """How many evaluations there are, and the best of them."""

    def __init__(self, study: Study, budget: int) -> None:
        history = study.history
        self.done, self.budget = len(history) - study.known, budget
        self._sign = -1.0 if study.direction == "minimize" else 1.0
        self._unit = study.metrics[study.objective][1]
        self._objective = study.objective
        self._best = float(history.succeeded.y.max(initial=-math.inf))

    @property
    def best_text(self) -> str:
        """The best value so far."""
        return self._text(self._sign * self._best) if math.isfinite(self._best) else "–"

    def count(self, trial: FrozenTrial) -> str:
        """Takes note of one more evaluation."""
        self.done += 1
        if trial.state.name == "COMPLETE" and trial.value is not None:
            self._best = max(self._best, self._sign * trial.value)
        return f"{self.done}/{self.budget}"

    def told(self, trial: FrozenTrial) -> str:
        """What came of an evaluation."""
        architecture = trial.user_attrs.get("architecture", "?")
        if trial.state.name == "COMPLETE" and trial.value is not None:
            return f"{architecture}  {self._text(trial.value)}"
        return f"{architecture}  failed ({trial.user_attrs.get('failure', trial.state.name.lower())})"

    def _text(self, value: float) -> str:
        from ..evaluation.page import number

        return number(value, self._unit)
