"""Tables of trials that Optuna and MLflow write: which trials count, and where their objective is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["UNNAMED", "finished", "objective_column"]

UNNAMED = "value"  # what the objective of an Optuna study is called that does not name it
STATES = {
    ("number", "state"): ("COMPLETE", "PRUNED", "FAIL", "RUNNING", "WAITING"),
    ("run_id", "status"): ("FINISHED", "FAILED", "KILLED", "RUNNING", "SCHEDULED"),
}  # Optuna's and MLflow's columns: that of trials, and of what has become of each, the good end first
NAMED = ("", "metrics.", "value_", "values_", "user_attrs_")  # before a metric's name


def finished(frame: pd.DataFrame | Mapping[str, Any], table: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """``(n,)``: which rows are of trials that ended well; all, if the table is not of trials.

    What a trial had measured before it was pruned or failed is no value to learn from; the reader of Optuna's databases
    leaves it out, too.

    Args:
        frame: The whole table.
        table: The columns of it that are used, as `columns` gives them; a state among them is something else.

    >>> frame = pd.DataFrame({"number": [0, 1], "state": ["COMPLETE", "PRUNED"], "value": [0.5, 0.1]})
    >>> finished(frame, frame[["value"]]).tolist()
    [True, False]
    """
    have = list(frame)
    for (trial, state), states in STATES.items():
        if trial in have and have.count(state) == 1 and state not in table.columns:
            told = [str(cell) for cell in frame[state]]
            if len(told) == len(table) and set(told) <= set(states):
                return np.asarray([one == states[0] for one in told], dtype=bool)
    return np.ones(len(table), dtype=bool)


def objective_column(have: Sequence[str], objective: str, *, unnamed: bool) -> str:
    """The column of an objective: called so, or as MLflow and Optuna write it.

    Args:
        have: The names of all columns.
        objective: The objective's name; it is what is given where there is no such column.
        unnamed: Whether it may be what Optuna calls ``value`` where a study does not name it.

    >>> objective_column(["params.width", "metrics.accuracy"], "accuracy", unnamed=False)
    'metrics.accuracy'
    >>> objective_column(["number", "value", "params_width"], "accuracy", unnamed=True)
    'value'
    """
    named = [prefix + objective for prefix in NAMED if prefix + objective in have]
    if not named and unnamed and UNNAMED in have and any(name.startswith("params_") for name in have):
        return UNNAMED
    return (named or [objective])[0]
