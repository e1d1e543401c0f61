"""The tasks that a search learns from before it begins."""

from __future__ import annotations

from ..data import Task, available, load_benchmark
from ..meta.leave_out import other_tasks
from ..search.studies.sources import list_studies, study_to_task
from ..search.studies.storage import describe
from ..search.studies.stored import other_names
from ..spaces import InputError, StudyError, UnknownNameError
from .console import say
from .naming import TABLES, find_benchmark_task, read_task
from .studies import target_of
from .targets import Target

__all__ = ["find_sources"]

DATABASES = (".db", ".sqlite", ".sqlite3")


def find_sources(text: str, target: Target, *, architecture: str) -> list[Task]:
    """The tasks that a list such as ``"nas-bench-graph,own.csv,runs.db"`` names, without the target itself.

    Args:
        text: Benchmarks, single tasks of them (``nas-bench-graph/cora``), tables, and databases of studies, which other
            programs that use Optuna may have made, with commas between them. Benchmarks may be of another search space
            than the target.
        target: What will be searched; its objective, under the same name, is what tables give.
        architecture: The column of tables with the architectures.

    Raises:
        UnknownNameError: One is none of these.
        DataError: A table cannot be read.
        StudyError: A database cannot be read.
        InputError: Nothing is left.
    """
    found = [task for part in text.split(",") if part.strip() for task in _tasks(part.strip(), target, architecture)]
    if not found:
        raise InputError(f"The sources {text!r} hold no other task than {target.name!r} itself; name others.")
    return found


def _tasks(part: str, target: Target, architecture: str) -> list[Task]:
    if part in available():
        same = target.benchmark is not None and target.benchmark.info.name == part
        return other_tasks(load_benchmark(part), target.task.name if same and target.task is not None else None)
    if part.partition("/")[0] in available():
        return [] if part == target.name else [find_benchmark_task(part)[1]]
    if part.endswith(TABLES):
        return [
            read_task(
                part,
                space=target.space,
                architecture=architecture,
                objective=target.objective,
                direction=target.direction,
            )
        ]
    if part.endswith(DATABASES) or "://" in part:
        return _studies(part, target)
    raise UnknownNameError(f"source (or {', '.join((*TABLES, *DATABASES))} file)", part, available())


def _studies(storage: str, target: Target) -> list[Task]:
    """The studies of the target's space that have something to tell, but those of the target itself.

    Of studies that augury did not make, those are whose trials' parameters are the space's decisions.
    """
    tasks = []
    for summary in list_studies(storage):
        if summary.space == type(target.space).__name__ and summary.evaluations > summary.failures:
            if target_of(storage, summary.name) == dict(target.settings):
                continue
            task = study_to_task(storage, summary.name, space=None)
            if task.space == target.space:
                tasks.append(task)
    for name in other_names(storage):
        try:
            tasks.append(study_to_task(storage, name, space=target.space))
        except StudyError as error:
            say(f"The study {name!r} in {describe(storage)} is left out. {error}")
    return tasks
