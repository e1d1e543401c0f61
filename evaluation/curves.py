"""The rows of a comparison as one array: strategies × tasks × seeds × evaluations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..spaces import DataError, InputError, UnknownNameError

__all__ = ["ALL_TASKS", "Curves", "first_reaching", "usual_budgets"]

ALL_TASKS = "all tasks"


@dataclass(frozen=True, eq=False)
class Curves:
    """One value after each evaluation of each run.

    Attributes:
        strategies: Names, in the order of the comparison.
        tasks: Names, in the order of the comparison.
        seeds: In rising order.
        values: ``(strategies, tasks, seeds, evaluations)``; ``[..., i]`` is after ``i + 1`` evaluations. A run that
            ended early keeps its last value.

    >>> curves = Curves(("random",), ("cora",), (0,), np.array([[[[0.5, 0.25]]]]))
    >>> curves.budget, curves.on("cora").of("random").shape
    (2, (1, 1, 2))
    """

    strategies: tuple[str, ...]
    tasks: tuple[str, ...]
    seeds: tuple[int, ...]
    values: npt.NDArray[np.float64]

    @classmethod
    def of_frame(cls, frame: pd.DataFrame, column: str = "regret") -> Curves:
        """One column of a comparison as an array.

        Args:
            frame: The rows that `compare` gives.
            column: Which value: ``"regret"``, ``"best"``, ``"test"``, ...

        Raises:
            DataError: A column is missing, a row occurs twice, or a strategy was not run on a task with a seed that
                others were run with.

        >>> rows = [("random", "cora", 0, 1, 0.5), ("random", "cora", 0, 2, 0.25)]
        >>> frame = pd.DataFrame(rows, columns=["strategy", "task", "seed", "evaluation", "regret"])
        >>> Curves.of_frame(frame).of("random").tolist()
        [[[0.5, 0.25]]]
        """
        needed = ["strategy", "task", "seed", "evaluation", column]
        if missing := [name for name in needed if name not in frame.columns]:
            raise DataError(f"A comparison has the columns {needed}; the table given lacks {missing}.")
        if not len(frame):
            raise DataError("The comparison has no rows; run at least one strategy on one task.")
        strategies, tasks = list(pd.unique(frame["strategy"])), list(pd.unique(frame["task"]))
        seeds = sorted(pd.unique(frame["seed"]))
        evaluation = frame["evaluation"].to_numpy(dtype=np.int64) - 1
        places = (
            _codes(frame["strategy"], strategies),
            _codes(frame["task"], tasks),
            _codes(frame["seed"], seeds),
            evaluation,
        )
        values = np.full((len(strategies), len(tasks), len(seeds), int(evaluation.max()) + 1), np.nan)
        count = np.zeros(values.shape, dtype=np.int64)
        np.add.at(count, places, 1)
        values[places] = frame[column].to_numpy(dtype=np.float64)
        if (count > 1).any():
            i, j, k, t = (int(axis) for axis in np.argwhere(count > 1)[0])
            raise DataError(f"{strategies[i]!r} on {tasks[j]!r} with seed {seeds[k]} has evaluation {t + 1} twice.")
        if (gaps := count[..., 0] == 0).any():
            i, j, k = (int(axis) for axis in np.argwhere(gaps)[0])
            raise DataError(
                f"{strategies[i]!r} was not run on {tasks[j]!r} with seed {seeds[k]}, as others were; "
                "finish the comparison, or leave out what is not complete."
            )
        last = np.maximum.accumulate(np.where(count, np.arange(values.shape[-1]), 0), axis=-1)
        values = np.take_along_axis(values, last, axis=-1)
        return cls(tuple(map(str, strategies)), tuple(map(str, tasks)), tuple(map(int, seeds)), values)

    @property
    def budget(self) -> int:
        """How many evaluations the longest run has."""
        return int(self.values.shape[-1])

    def of(self, strategy: str) -> npt.NDArray[np.float64]:
        """``(tasks, seeds, evaluations)``: the runs of one strategy.

        Raises:
            UnknownNameError: It was not compared.
        """
        runs: npt.NDArray[np.float64] = self.values[_place("strategy", strategy, self.strategies)]
        return runs

    def on(self, task: str) -> Curves:
        """The runs on one task.

        Raises:
            UnknownNameError: Nothing was compared on it.
        """
        place = _place("task", task, self.tasks)
        return replace(self, tasks=(task,), values=self.values[:, place : place + 1])

    def parts(self) -> list[tuple[str, Curves]]:
        """The runs on all tasks together, then those on each."""
        return [(ALL_TASKS, self), *((task, self.on(task)) for task in self.tasks)]

    def checked(self, budgets: Sequence[int] | None) -> Sequence[int]:
        """Numbers of evaluations to report after; by default `usual_budgets`.

        Raises:
            InputError: One is beyond the runs.
        """
        chosen = usual_budgets(self.budget) if budgets is None else budgets
        if bad := [budget for budget in chosen if not 1 <= budget <= self.budget]:
            raise InputError(f"The searches have 1 to {self.budget} evaluations; cannot report after {bad[0]!r}.")
        return chosen


def first_reaching(values: npt.NDArray[np.float64], level: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """After how many evaluations a falling curve is at its level or below; infinite if it never is.

    Args:
        values: ``(..., evaluations)``, smaller is better; negate a best-so-far curve and its level.
        level: ``(...)`` or a number.

    >>> first_reaching(np.array([[3.0, 2.0, 1.0], [3.0, 3.0, 3.0]]), 2.0).tolist()
    [2.0, inf]
    """
    # the tolerance is for means of equal values that were summed in another order
    reached = values <= np.asarray(level, dtype=np.float64)[..., None] + 1e-12
    return np.where(reached.any(axis=-1), reached.argmax(axis=-1) + 1.0, np.inf)


def usual_budgets(budget: int) -> tuple[int, ...]:
    """Up to three numbers of evaluations worth reporting of searches that long, the last included.

    Args:
        budget: How many evaluations they have.

    >>> usual_budgets(100), usual_budgets(30), usual_budgets(3)
    ((20, 50, 100), (10, 20, 30), (3,))
    """
    steps = [step * 10**power for power in range(1, 7) for step in (1, 2, 5)]
    return (*[step for step in steps if step < budget][-2:], budget)


def _place(kind: str, name: str, names: Sequence[str]) -> int:
    if name not in names:
        raise UnknownNameError(kind, name, names)
    return names.index(name)


def _codes(column: pd.Series, values: Sequence[object]) -> npt.NDArray[np.int64]:
    place = {value: code for code, value in enumerate(values)}
    return np.asarray([place[value] for value in column], dtype=np.int64)
