"""The tasks that are learned from before a new one begins."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

from ..data import Metric, Task, available, load_benchmark
from ..data.tables import TABLES, is_table
from ..data.trial_tables import UNNAMED
from ..meta.leave_out import other_tasks
from ..search.studies.sources import study_to_task, summaries
from ..search.studies.storage import describe
from ..search.studies.stored import load_stored, other_names
from ..spaces import InputError, StudyError, UnknownNameError
from .console import say
from .databases import DATABASES, is_database, parted, split_study
from .naming import find_benchmark_task, same_file
from .own_rows import UNFINISHED, read_task
from .studies import target_of
from .targets import Goal

__all__ = ["UNNAMED", "find_sources", "has_tables", "told_sources"]


def find_sources(text: str, target: Goal, *, architecture: str | None) -> list[Task]:
    """The tasks that a list such as ``"nas-bench-graph,own.csv,runs.db"`` names, without the target itself.

    What has another space, or no metric with the name and direction of the target's objective, is left out, and
    standard error tells why.

    Args:
        text: Benchmarks, single tasks of them (``nas-bench-graph/cora``), tables, and databases of studies, or single
            studies of them (``runs.db/first``), which other programs that use Optuna may have made, with commas between
            them. Benchmarks may be of another search space than the target.
        target: What is new; its objective, under the same name, is what all sources give.
        architecture: The column of tables with the architectures, as `Task.from_table` takes it.

    Raises:
        UnknownNameError: One is none of these.
        InputError: One is there twice, or nothing is left.
        DataError: A table cannot be read.
        StudyError: A database cannot be read, or has no such study.
    """
    found = _Sources(target, architecture)
    parts = parted(text)
    _refuse_twice(parts)
    for part in parts:
        found.add(part)
    if not found.tasks:
        reasons = " ".join(found.remarks) or "The list is empty."
        raise InputError(f"Nothing is left of the sources {text!r} to learn from. {reasons} Name others.")
    for remark in found.remarks:
        say(remark)
    return found.tasks


def has_tables(text: str) -> bool:
    """Whether a list of sources names a user's own table."""
    return any(is_table(part) for part in parted(text))


def told_sources(text: str) -> str:
    """A list of sources as it is recorded: files without their folders, which depend on where the command is run."""
    return ",".join(map(_told, parted(text)))


def _told(part: str) -> str:
    storage, name = split_study(part)
    file = is_table(storage) or storage.endswith(DATABASES)
    called = describe(storage) if "://" in storage else os.path.basename(storage) if file else storage
    return called if name is None else f"{called}/{name}"


def _refuse_twice(parts: list[str]) -> None:
    """Raises if something is in a list twice; a task of a benchmark is in the benchmark, a study in its database."""
    for earlier, part in combinations(parts, 2):
        whole, task = sorted((earlier, part), key=len)
        (storage, study), (other, another) = split_study(part), split_study(earlier)
        twice = (same_file(storage, other) or storage == other) and (study == another or None in (study, another))
        if twice or (whole in available() and task.startswith(f"{whole}/")):
            as_what = "" if part == earlier else f", as {earlier!r} and {part!r}"
            raise InputError(f"The source {part!r} is there twice{as_what}, and would count twice; name it once.")


@dataclass
class _Sources:
    """The tasks to learn from, and what was left out, by reason."""

    target: Goal
    architecture: str | None
    tasks: list[Task] = field(default_factory=list)
    left_out: dict[str, list[str]] = field(default_factory=dict)

    @property
    def remarks(self) -> list[str]:
        """A sentence for each reason to leave something out."""
        return [f"Left out of the sources: {', '.join(called)}, {reason}." for reason, called in self.left_out.items()]

    def add(self, part: str) -> None:
        """What one name stands for."""
        target = self.target
        if part in available():
            same = target.benchmark is not None and target.benchmark.info.name == part
            for task in other_tasks(load_benchmark(part), target.task.name if same and target.task else None):
                self._take(task, f"{part}/{task.name}")
        elif part.partition("/")[0] in available():
            task = find_benchmark_task(part)[1]
            if part == target.name:
                self._leave(part, "which is the target itself")
            else:
                self._take(task, part)
        elif is_table(part) and target.path is not None and same_file(part, target.path):
            self._leave(part, "which is the target itself")
        elif is_table(part):
            self._add_table(part)
        elif is_database(split_study(part)[0]):
            self._add_studies(*split_study(part))
        else:
            raise UnknownNameError(f"source (or {', '.join((*TABLES, *DATABASES))} file)", part, available())

    def _add_table(self, path: str) -> None:
        """The rows that have a value: a source need not be whole."""
        target = self.target
        rows = read_task(
            path,
            space=target.space,
            architecture=self.architecture,
            objective=target.objective,
            direction=target.direction,
            unnamed=True,
        )
        whole = f"{len(rows)} rows of {path}"
        if len(rows.missing):
            self._leave(f"{len(rows.missing)} of {whole}", f"for want of a value of {target.objective!r}")
        if rows.unfinished:
            self._leave(f"{rows.unfinished} of {whole}", UNFINISHED)
        if len(rows.task):
            self.tasks.append(rows.task)

    def _add_studies(self, storage: str, wanted: str | None) -> None:
        """The studies of the target's space that have something to tell, but those of the target itself; or one alone.

        Of studies that augury did not make, those are whose trials' parameters are the space's decisions.
        """
        own, others = summaries(storage), other_names(storage)
        if not own and not others:
            self._leave(describe(storage), "which has no study")
        elif wanted is not None:
            own = [summary for summary in own if summary.name == wanted]
            others = [name for name in others if name == wanted]
            if not own and not others:
                load_stored(storage, wanted, read=True)  # which tells what there is
        for summary in own:
            called = f"study {summary.name!r}"
            if summary.space != type(self.target.space).__name__:
                self._leave(called, "which searches another space")
            elif summary.evaluations == summary.failures:
                self._leave(called, "which has no successful evaluation")
            elif target_of(storage, summary.name) == dict(self.target.settings):
                self._leave(called, "which is of the target itself")
            else:
                task = study_to_task(storage, summary.name)
                if task.space == self.target.space:
                    self._take(task, called, load_stored(storage, summary.name, read=True)[1].metrics)
                else:
                    self._leave(called, "which searches another space")
        for name in others:
            try:
                task = study_to_task(storage, name, space=self.target.space)
            except StudyError as error:
                self._leave(f"study {name!r}", f"in {describe(storage)}. {str(error).rstrip('.')}")
            else:
                direction = task.metrics[task.objective].direction
                if task.objective == UNNAMED and direction == self.target.direction:
                    self.tasks.append(task)
                else:
                    without = f", and its value is to {direction}" if task.objective == UNNAMED else ""
                    self._take(task, f"study {name!r}", {task.objective: (direction, "")}, without=without)

    def _take(
        self, task: Task, called: str, told: Mapping[str, tuple[str, str]] | None = None, *, without: str = ""
    ) -> None:
        """The task, by the target's objective.

        Args:
            task: With all that was measured.
            called: What it is in messages.
            told: The metrics whose direction is known; by default all.
            without: What to say besides where it has no such metric.
        """
        objective, direction = self.target.objective, self.target.direction
        metric = task.metrics.get(objective)
        known = metric is not None and (told is None or objective in told)
        if metric is None:
            self._leave(called, f"for want of the metric {objective!r}{without}")
        elif known and metric.direction != direction:
            self._leave(called, f"where {objective!r} is to {metric.direction}, not to {direction}")
        else:
            rows = task.select(np.isfinite(metric.values)) if objective != task.objective else task
            if not len(rows):
                self._leave(called, f"where every {objective!r} is missing")
            elif objective == task.objective:
                self.tasks.append(rows)
            else:
                metrics = {**rows.metrics, objective: Metric(rows.metrics[objective].values, direction, metric.unit)}
                self.tasks.append(replace(rows, metrics=metrics, objective=objective, test_metric=None))

    def _leave(self, called: str, reason: str) -> None:
        self.left_out.setdefault(reason, []).append(called)
