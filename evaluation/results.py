"""The rows of searches: made from histories, written to files, read from files."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from ..search.history import History
from ..spaces import DataError, InputError
from .whole_file import whole_file

__all__ = ["COLUMNS", "read", "trials", "write"]

COLUMNS = (
    "strategy",
    "task",
    "seed",
    "evaluation",
    "architecture",
    "y",
    "best",
    "regret",
    "test",
    "failed",
    "seconds",
)
TEXTS = ("strategy", "task", "architecture")
NUMBERS = ("y", "best", "regret", "test", "seconds")


def trials(history: History, test: str | None = None) -> pd.DataFrame:
    """The evaluations of one search, a row each.

    Columns: ``evaluation`` from 1, ``architecture`` as text, ``y``, ``best`` so far, ``test`` of the best so far
    (what would be reported if the search stopped here), ``failed``, then the history's metrics by name, after
    ``metric_`` where it is that of a column.

    Args:
        history: The search.
        test: The name of the metric that is reported of what was chosen, in its own unit; None if there is none.

    Raises:
        InputError: The history has no metric of that name.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"layer": ("conv", "pool")})
    >>> history = History(space.enumerate(), np.array([0.7, 0.9]), {"test": np.array([0.6, 0.8])})
    >>> trials(history, test="test")[["architecture", "y", "best", "test"]]
      architecture    y  best  test
    0   layer=conv  0.7   0.7   0.6
    1   layer=pool  0.9   0.9   0.8
    """
    if test is not None and test not in history.metrics:
        raise InputError(f"The history has no metric {test!r} to report; it has: {', '.join(history.metrics)}.")
    best = history.best_so_far()
    before = np.concatenate([[np.nan], best[:-1]]) if len(best) else best
    # a new best is above the one before, or the first that succeeded; a tie keeps the first
    improved = np.where(np.isfinite(before), best > before, np.isfinite(best))
    chosen = np.maximum.accumulate(np.where(improved, np.arange(len(best)), -1)) if len(best) else improved
    reported = np.full(len(best), np.nan)
    if test is not None:
        reported = np.where(chosen >= 0, history.metrics[test][chosen], np.nan)
    columns = {
        "evaluation": np.arange(1, len(best) + 1, dtype=np.int64),
        "architecture": pd.Series(history.architectures.format(), dtype="str"),
        "y": history.y,
        "best": best,
        "test": reported,
        "failed": ~np.isfinite(history.y),
    }
    for name, values in history.metrics.items():
        while name in columns:
            name = f"metric_{name}"
        columns[name] = values
    return pd.DataFrame(columns)


def write(frame: pd.DataFrame, path: str | Path) -> Path:
    """A table as ``.csv`` or ``.parquet``; the file is whole or not there at all.

    Args:
        frame: The table.
        path: Where to; folders are made as needed.

    Raises:
        InputError: The path ends in something else.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(pd.DataFrame({"y": [0.5]}), f"{folder}/new/table.csv").read_text()
    'y\\n0.5\\n'
    """
    path = Path(path)
    suffix = _suffix(path)
    with whole_file(path) as unfinished:
        if suffix == ".csv":
            frame.to_csv(unfinished, index=False)
        else:
            frame.to_parquet(unfinished, index=False)
    return path


def read(path: str | Path, columns: Sequence[str] = COLUMNS) -> pd.DataFrame:
    """A table that `write` wrote.

    Args:
        path: A ``.csv`` or ``.parquet`` file.
        columns: The columns it must have.

    Raises:
        InputError: The path ends in something else.
        DataError: The file is not there, cannot be read, or lacks a column.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write(pd.DataFrame({"task": ["cora"], "y": [0.5]}), f"{folder}/table.parquet")
    ...     read(path, columns=["task", "y"])["y"].tolist()
    [0.5]
    """
    path = Path(path)
    suffix = _suffix(path)
    try:
        if suffix == ".csv":
            # only an empty field is missing: an architecture or a task may well be named "none" or "NA"
            texts: dict[Hashable, Literal["str"]] = dict.fromkeys(TEXTS, "str")
            numbers = dict.fromkeys(NUMBERS, _number)
            frame = pd.read_csv(path, keep_default_na=False, na_values=[""], dtype=texts, converters=numbers)
        else:
            frame = pd.read_parquet(path)
    except FileNotFoundError as error:
        raise DataError(f"There is no file {path}; give one that a comparison wrote.") from error
    except (ValueError, OSError) as error:  # pandas' and pyarrow's own errors are ValueErrors
        raise DataError(f"{path} cannot be read as a table ({error}); remove it and make it again.") from error
    if missing := [name for name in columns if name not in frame.columns]:
        raise DataError(f"{path} lacks the columns {missing}; it has {list(frame.columns)}.")
    return frame


def _number(text: str) -> float:
    """Exactly what was written, which not every version of pandas reads."""
    return float(text) if text else np.nan


def _suffix(path: Path) -> str:
    if path.suffix not in (".csv", ".parquet"):
        raise InputError(f"Tables are written and read as .csv or .parquet; got the path {str(path)!r}.")
    return path.suffix
