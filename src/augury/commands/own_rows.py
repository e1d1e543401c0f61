"""The rows of a user's table, read as the options of a command say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from ..data import Metric, Task, read_table
from ..data.columns import PREFIXES, architecture_columns, columns, not_separated, number_column, read_architectures
from ..data.tables import table_ending
from ..data.trial_tables import finished, objective_column
from ..spaces import Architectures, SearchSpace, UnknownNameError
from .console import say

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

__all__ = ["UNFINISHED", "TableRows", "architectures_of", "find_architectures", "read_task"]

UNFINISHED = "of trials that failed, were pruned or still run"


@dataclass(frozen=True)
class TableRows:
    """What a user's table holds.

    Attributes:
        task: The rows that have a value, called after the file.
        missing: The numbers of those that have none, from 0.
        unfinished: How many are of trials of Optuna or MLflow that did not end well; they are neither of these.
    """

    task: Task
    missing: npt.NDArray[np.int64]
    unfinished: int

    def __len__(self) -> int:
        return len(self.task) + len(self.missing) + self.unfinished


def read_task(
    path: str,
    *,
    space: SearchSpace,
    architecture: str | None,
    objective: str,
    direction: Literal["maximize", "minimize"],
    unnamed: bool = False,
) -> TableRows:
    """A user's table as a task.

    Columns of single trainings, ``…_seed0``, are metrics of it too. What is no architecture, as of a trial that failed
    halfway, may stand in a row without a value.

    Args:
        path: The file.
        space: What its architectures are of.
        architecture: The column of them, as `Task.from_table` takes it.
        objective: The column of values, with or without what Optuna and MLflow write before it.
        direction: Of the objective.
        unnamed: Whether the values may be what Optuna calls ``value``, which standard error tells.

    Raises:
        DataError: The file or one of its cells cannot be read.
        UnknownNameError: A column is missing.
    """
    frame = read_table(path)
    told = find_architectures(frame, space, architecture)
    have = list(map(str, frame.columns))
    column = objective_column(have, objective, unnamed=unnamed)
    _check_column(frame, column, "--objective")
    if not column.endswith(objective):
        say(f"The column {column!r} of {path} is taken for {objective!r}, which is to {direction}.")
    seeds = [name for name in have if re.fullmatch(re.escape(column) + r"_seed\d+", name)]
    table = columns(frame, list(told), [column, *seeds])
    ended = finished(frame, table)
    table = table[ended]
    metrics = {
        objective + name.removeprefix(column): Metric(number_column(table[name]), direction)
        for name in (column, *seeds)
    }
    missing = np.isnan(metrics[objective].values)
    known = {name: metric.select(~missing) for name, metric in metrics.items()}
    architectures = read_architectures(table[~missing], told, space)
    task = Task(Path(path).name[: -len(table_ending(path))], architectures, known, objective)
    return TableRows(task, table.index.to_numpy()[missing], int((~ended).sum()))


def architectures_of(frame: pd.DataFrame, space: SearchSpace, column: str | None) -> Architectures:
    """All architectures of a table; errors are those of `find_architectures`, and besides:

    Raises:
        DataError: A row has none.
    """
    told = find_architectures(frame, space, column)
    return read_architectures(columns(frame, list(told)), told, space)


def find_architectures(frame: pd.DataFrame, space: SearchSpace, column: str | None) -> dict[str, str]:
    """What `architecture_columns` finds in a table.

    Raises:
        UnknownNameError: There is neither a column of architectures nor one for each decision.
    """
    told, decisions = architecture_columns(list(frame.columns), space, column), space.positions()
    lacks = [[prefix + one for one in decisions if prefix + one not in frame.columns] for prefix in PREFIXES]
    lacking = min(lacks, key=len)
    some = 0 < len(lacking) < len(decisions)
    advice = f"Of the columns for decisions it lacks {', '.join(map(repr, lacking))}." if some else ""
    for name in told:
        _check_column(frame, name, "--architecture-column", advice)
    return told


def _check_column(frame: pd.DataFrame, name: str, option: str, advice: str = "") -> None:
    """Raises `UnknownNameError` if a table has no column of that name, which an option may change."""
    if name not in frame.columns:
        have = list(frame.columns)
        raise UnknownNameError(f"column for {option}", name, map(str, have), not_separated(have) or advice)
