"""Evaluations of the task itself that were made before the search, or beside it."""

from __future__ import annotations

from collections.abc import Mapping

from ..data import Metric, Task
from ..data.tables import TABLES, is_table
from ..search.studies.sources import study_to_task
from ..search.studies.storage import describe
from ..search.studies.stored import load_stored, other_names, stored_names
from ..spaces import InputError, UnknownNameError
from .console import say, without_passwords
from .databases import DATABASES, is_database, parted, split_study
from .naming import same_file
from .own_rows import UNFINISHED, read_task
from .sources import UNNAMED
from .studies import target_of
from .targets import Target

__all__ = ["find_known"]


def find_known(text: str, target: Target, *, architecture: str | None, study: tuple[str, str]) -> list[Task]:
    """What a list such as ``"by_hand.csv,runs.db,other.db/first"`` tells of a target.

    Args:
        text: Tables, and databases of studies, which other programs that use Optuna may have made, with commas between
            them. Of several studies in one database, those count that the command line made for the target, or else
            the one that is named behind a slash.
        target: What will be searched.
        architecture: The column of tables with the architectures, as `Task.from_table` takes it.
        study: Storage and name of the study itself, which is none of those.

    Raises:
        InputError: The list is empty, it is not told which study, or one lacks the objective in its direction.
        UnknownNameError: One is neither a table nor a database.
        DataError: A table cannot be read.
        StudyError: A database cannot be read, or a study is of another space or has no successful evaluation.
    """
    found: list[Task] = []
    parts = parted(text)
    for part in parts:
        storage, name = split_study(part)
        if is_table(part):
            found.append(_table(part, target, architecture))
        elif is_database(storage):
            found += [_study(storage, one, target) for one in _names(storage, name, target, study)]
        else:
            raise UnknownNameError("table or database", part, (*TABLES, *DATABASES), "These are the endings of files.")
    if not found and not parts:
        raise InputError("The list of --known is empty; give the paths of tables or of studies' databases.")
    return found


def _table(path: str, target: Target, column: str | None) -> Task:
    rows = read_task(
        path,
        space=target.space,
        architecture=column,
        objective=target.objective,
        direction=target.direction,
        unnamed=True,
    )
    if len(rows.missing):
        say(f"{len(rows.missing)} of {len(rows)} rows of {path} have no {target.objective!r}, and are left out.")
    if rows.unfinished:
        say(f"Left out of {path}: {rows.unfinished} of {len(rows)} rows, {UNFINISHED}.")
    return rows.task


def _names(storage: str, name: str | None, target: Target, study: tuple[str, str]) -> list[str]:
    """The studies of a database that tell of the target."""
    if name is not None:
        return [name]
    own = same_file(storage, study[0]) or storage == study[0]
    there = [one for one in (*stored_names(storage), *other_names(storage)) if not (own and one == study[1])]
    if len(there) <= 1:
        return there
    alike = [one for one in stored_names(storage) if one in there and target_of(storage, one) == dict(target.settings)]
    if not alike:
        raise InputError(
            f"{describe(storage)} has several studies, and none of them tells that it is of this task; name one: "
            f"{', '.join(f'{without_passwords(storage)}/{one}' for one in there)}."
        )
    return alike


def _study(storage: str, name: str, target: Target) -> Task:
    task = study_to_task(storage, name, space=target.space)
    told: Mapping[str, tuple[str, str]] = {task.objective: (task.metrics[task.objective].direction, "")}
    if name in stored_names(storage):
        told = load_stored(storage, name, read=True)[1].metrics
    objective = target.objective
    if objective not in task.metrics and task.objective == UNNAMED:
        objective = UNNAMED
    if objective not in task.metrics:
        raise UnknownNameError(f"metric of the study {name!r}", objective, task.metrics)
    if objective in told and told[objective][0] != target.direction:
        raise InputError(
            f"The study {name!r} in {describe(storage)} is to {told[objective][0]} {objective!r}, not to "
            f"{target.direction} it; give both one direction, as by --minimize."
        )
    metric = Metric(task.metrics[objective].values, target.direction, task.metrics[objective].unit)
    others = {one: values for one, values in task.metrics.items() if one != objective}
    return Task(name, task.architectures, {target.objective: metric, **others}, target.objective)
