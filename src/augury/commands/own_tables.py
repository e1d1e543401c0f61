"""Tables of a user's own as tasks to learn from or to search on."""

from __future__ import annotations

from dataclasses import dataclass

from ..data import Task
from ..spaces import DataError, InputError
from .console import say
from .naming import find_space
from .options import OBJECTIVE, names
from .own_rows import UNFINISHED, read_task

__all__ = ["Reading", "own_task", "own_tasks"]


@dataclass(frozen=True)
class Reading:
    """What the options say of a table, or of several alike.

    Attributes:
        space: Its search space, as `find_space` takes it.
        column: Where the architectures are; by default as `Task.from_table` finds them.
        objective: Where the values are; by default ``valid_accuracy``.
        minimize: Whether less is better.
        skip_missing: Whether rows without a value are left out; otherwise there must be none.

    Raises:
        InputError: The objective is empty.
    """

    space: str | None
    column: str | None
    objective: str | None
    minimize: bool
    skip_missing: bool

    def __post_init__(self) -> None:
        if self.objective is not None and not self.objective.strip():
            raise InputError("--objective is empty; name a metric, or leave it out.")

    @property
    def options(self) -> dict[str, object]:
        """Those that only a table needs, by name."""
        return {
            "space": self.space,
            "architecture_column": self.column,
            "minimize": self.minimize,
            "skip_missing": self.skip_missing,
        }


def own_task(path: str, reading: Reading) -> Task:
    """A table's rows that have a value, as a task named after the file.

    Raises:
        InputError: There is no space.
        UnknownNameError: The space or a column is missing.
        DataError: The file cannot be read, or values are missing.
    """
    if reading.space is None:
        raise InputError("A table does not tell its search space; give --space NAME or --space FILE.json.")
    objective = reading.objective or OBJECTIVE
    rows = read_task(
        path,
        space=find_space(reading.space),
        architecture=reading.column,
        objective=objective,
        direction="minimize" if reading.minimize else "maximize",
    )
    task, missing = rows.task, rows.missing
    if rows.unfinished:
        say(f"Left out of {path}: {rows.unfinished} of {len(rows)} rows, {UNFINISHED}.")
    if not len(task):
        raise DataError(f"The column {objective!r} of {path!r} has no value at all; nothing can be learned from it.")
    if len(missing) and not reading.skip_missing:
        raise DataError(
            f"The column {objective!r} of {path!r} has no value in {len(missing)} of {len(rows)} rows, "
            f"the first of them row {missing[0]} (counted from 0); fill them in, or leave them out with --skip-missing."
        )
    return task


def own_tasks(text: str, reading: Reading) -> dict[str, Task]:
    """The tables of a list, of one search space, by the names of their files without folder and ending.

    Errors are those of `own_task`, and besides:

    Raises:
        InputError: The list is empty, or two tables have one name.
    """
    found: dict[str, Task] = {}
    for path in names(text):
        task = own_task(path, reading)
        if task.name in found:
            raise InputError(f"Two tables are called {task.name!r}, as {path!r}; give each file a name of its own.")
        found[task.name] = task
    if not found:
        raise InputError("The list of --tables is empty; give the paths of .csv, .csv.gz, .tsv or .parquet files.")
    return found
