"""Best so far of searches, whatever tells it: an array, a list, or the rows of their trials."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..spaces import DataError, InputError

__all__ = ["Runs", "best_of_runs", "best_of_trials"]

Runs = npt.NDArray[np.float64]
"""``(searches, evaluations)``: the best so far after each evaluation."""


def best_of_runs(given: npt.ArrayLike | pd.DataFrame, name: str) -> Runs:
    """Several searches as they are, one search as the only row, or those that a table of trials tells.

    Args:
        given: ``(searches, evaluations)`` or ``(evaluations,)`` best so far, or rows of `augury.evaluation.trials`.
        name: What they are called, for messages.

    Raises:
        InputError: It is none of these, or empty.
        DataError: A table lacks a column.

    >>> best_of_runs([0.5, 0.75], "warm")
    array([[0.5 , 0.75]])
    """
    if isinstance(given, pd.DataFrame):
        return best_of_trials(given, name)
    try:
        runs = np.atleast_2d(np.asarray(given, dtype=np.float64))
    except (TypeError, ValueError) as error:
        raise InputError(f"{_asked(name)}; got {type(given).__name__} ({error}).") from error
    if runs.ndim != 2 or not runs.size:
        raise InputError(f"{_asked(name)}; got an array of shape {np.shape(given)}.")
    return runs


def best_of_trials(frame: pd.DataFrame, name: str) -> Runs:
    """A row for each search of a table, told apart by ``seed`` if it has that; a shorter one keeps its last.

    Args:
        frame: With the columns ``evaluation``, ``architecture`` and ``y``.
        name: What they are called, for messages.

    Raises:
        DataError: A column is missing, or there is no row.

    >>> frame = pd.DataFrame({"evaluation": [1, 2, 3], "architecture": ["a", "b", "c"], "y": [0.5, 0.25, 0.75]})
    >>> best_of_trials(frame, "warm")
    array([[0.5 , 0.5 , 0.75]])
    """
    if missing := [column for column in ("evaluation", "architecture", "y") if column not in frame.columns]:
        raise DataError(f"The trials of {name!r} lack the columns {missing}; they have {list(frame.columns)}.")
    if not len(frame):
        raise DataError(f"There are no trials of {name!r}.")
    frame = frame if "seed" in frame.columns else frame.assign(seed=0)
    curves = [
        np.fmax.accumulate(run.sort_values("evaluation")["y"].to_numpy(dtype=np.float64))
        for _, run in frame.groupby("seed")
    ]
    longest = max(map(len, curves))
    return np.stack([np.pad(curve, (0, longest - len(curve)), mode="edge") for curve in curves])


def _asked(name: str) -> str:
    return (
        f"The searches {name!r} are an array of best values so far, (searches, evaluations) or (evaluations,), such as "
        "history.best_so_far(), or the rows that augury.evaluation.trials(history) gives"
    )
