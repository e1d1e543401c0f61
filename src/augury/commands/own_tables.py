"""Tables of a user's own as tasks to learn from or to search on."""

from __future__ import annotations

import numpy as np

from ..data import Task
from ..spaces import DataError, InputError, SearchSpace
from .naming import find_space, read_task
from .options import ARCHITECTURE, OBJECTIVE, names

__all__ = ["own_task", "own_tasks"]


def own_task(
    path: str,
    *,
    space: str | SearchSpace | None,
    column: str | None,
    objective: str | None,
    minimize: bool,
    skip_missing: bool,
) -> Task:
    """A table's rows that have a value, as a task named after the file.

    Args:
        path: The file.
        space: Its search space, as `find_space` takes it, or found already.
        column: Where the architectures are; by default ``architecture``.
        objective: Where the values are; by default ``valid_accuracy``.
        minimize: Whether less is better.
        skip_missing: Whether rows without a value are left out; otherwise there must be none.

    Raises:
        InputError: There is no space.
        UnknownNameError: The space or a column is missing.
        DataError: The file cannot be read, or values are missing.
    """
    if space is None:
        raise InputError("A table does not tell its search space; give --space NAME or --space FILE.json.")
    objective = objective or OBJECTIVE
    task = read_task(
        path,
        space=find_space(space) if isinstance(space, str) else space,
        architecture=column or ARCHITECTURE,
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


def own_tasks(
    text: str,
    *,
    space: str | None,
    column: str | None,
    objective: str | None,
    minimize: bool,
    skip_missing: bool,
) -> dict[str, Task]:
    """The tables of a list, of one search space, by the names of their files without folder and ending.

    Arguments and errors are those of `own_task`, and besides:

    Raises:
        InputError: The list is empty, or two tables have one name.
    """
    found: dict[str, Task] = {}
    known = None if space is None else find_space(space)
    for path in names(text):
        task = own_task(
            path, space=known, column=column, objective=objective, minimize=minimize, skip_missing=skip_missing
        )
        if task.name in found:
            raise InputError(f"Two tables are called {task.name!r}, as {path!r}; give each file a name of its own.")
        found[task.name] = task
    if not found:
        raise InputError("The list of --tables is empty; give the paths of .csv or .parquet files.")
    return found
