"""Sample efficiency: how many evaluations a strategy needs for what a reference reaches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from .curves import Curves, first_reaching
from .intervals import DRAWS, LEVEL, bootstrap_weights, quantile_levels, task_mean_interval

__all__ = [
    "evaluations_to_match",
    "evaluations_to_optimum",
    "format_evaluations",
    "regret_at",
]


def regret_at(
    frame: pd.DataFrame,
    budgets: Sequence[int] | None = None,
    *,
    level: float = LEVEL,
    draws: int = DRAWS,
    seed: int = 0,
) -> pd.DataFrame:
    """The mean regret of each strategy after some evaluations, over all tasks and on each.

    Columns: ``strategy``, ``task`` (``"all tasks"`` for the mean over tasks), ``budget``, ``regret``, ``low``,
    ``high``; the interval is over seeds (`mean_interval`).

    Args:
        frame: The rows that `compare` gives.
        budgets: After how many evaluations; by default `usual_budgets`.
        level: The probability of the intervals.
        draws: Bootstrap resamples, with ten seeds or more.
        seed: Of the bootstrap.

    Raises:
        InputError: A budget is beyond the searches.

    >>> rows = {"strategy": "random", "task": "cora", "seed": 0, "evaluation": [1, 2], "regret": [0.5, 0.25]}
    >>> regret_at(pd.DataFrame(rows), budgets=[1, 2])[["task", "budget", "regret"]].to_numpy().tolist()
    [['all tasks', 1, 0.5], ['all tasks', 2, 0.25], ['cora', 1, 0.5], ['cora', 2, 0.25]]
    """
    runs = Curves.of_frame(frame)
    rows = []
    for part_name, part in runs.parts():
        for strategy in runs.strategies:
            interval = task_mean_interval(part.of(strategy), level=level, draws=draws, seed=seed)
            for budget in runs.checked(budgets):
                mean, low, high = (float(values[budget - 1]) for values in interval)
                rows.append((strategy, part_name, budget, mean, low, high))
    return pd.DataFrame(rows, columns=["strategy", "task", "budget", "regret", "low", "high"])


def evaluations_to_match(
    frame: pd.DataFrame,
    reference: str,
    budgets: Sequence[int] | None = None,
    *,
    level: float = LEVEL,
    draws: int = DRAWS,
    seed: int = 0,
) -> pd.DataFrame:
    """How many evaluations each strategy needs to be as good as the reference after a budget.

    The mean regret (over the tasks and seeds) of the reference after ``budget`` evaluations is the level; what counts
    is when the mean regret of the strategy first is that low. The reference itself may have been that low before its
    budget was spent, so its own first time is the measure: speed-up = evaluations of the reference ÷ evaluations of the
    strategy, and saved = their difference.

    Columns: ``strategy``, ``task`` (``"all tasks"`` for the mean curve over tasks), ``budget``, ``evaluations``
    (infinite if never within the searches), ``reference_evaluations``, ``speed_up`` (0 if never: less than could be
    seen) with ``low`` and ``high`` (bootstrap over seeds, the same for both; too narrow for a handful of seeds),
    ``saved`` (minus infinity if never).

    Args:
        frame: The rows that `compare` gives.
        reference: The strategy to be matched, such as a cold search.
        budgets: After how many evaluations of the reference; by default `usual_budgets`.
        level: The probability of the intervals.
        draws: Bootstrap resamples.
        seed: Of the bootstrap.

    Raises:
        UnknownNameError: The reference was not compared.
        InputError: A budget is beyond the searches.

    >>> def run(name, regrets):
    ...     steps = range(1, len(regrets) + 1)
    ...     return pd.DataFrame(
    ...         {"strategy": name, "task": "cora", "seed": 0, "evaluation": steps, "regret": regrets}
    ...     )
    >>> frame = pd.concat([run("cold", [4, 3, 2, 1]), run("warm", [3, 1, 1, 0])])
    >>> table = evaluations_to_match(frame, "cold", budgets=[4])
    >>> table[table["strategy"] == "warm"][["evaluations", "speed_up", "saved"]].iloc[0].tolist()
    [2.0, 2.0, 2.0]
    """
    runs = Curves.of_frame(frame)
    runs.of(reference)  # raises if it is not there
    n = len(runs.seeds)
    weights = bootstrap_weights(n, draws, np.random.default_rng(seed))
    rows = []
    for part_name, part in runs.parts():
        by_seed = {name: part.of(name).mean(axis=0) for name in runs.strategies}  # (seeds, evaluations)
        resampled = {name: weights @ values for name, values in by_seed.items()}  # (draws, evaluations)
        for name in runs.strategies:
            for budget in runs.checked(budgets):
                own, cold = _needed(by_seed[name].mean(axis=0), by_seed[reference].mean(axis=0), budget)
                low = high = np.nan
                if n > 1:
                    drawn = np.divide(*reversed(_needed(resampled[name], resampled[reference], budget)))
                    # one of the drawn values, as an infinite number of evaluations allows no mean
                    low, high = np.quantile(drawn, quantile_levels(n, level), method="inverted_cdf")
                rows.append((name, part_name, budget, own, cold, cold / own, low, high, cold - own))
    columns = ["evaluations", "reference_evaluations", "speed_up", "low", "high", "saved"]
    return pd.DataFrame(rows, columns=["strategy", "task", "budget", *columns]).astype(dict.fromkeys(columns, float))


def evaluations_to_optimum(frame: pd.DataFrame) -> pd.DataFrame:
    """The median number of evaluations until the task's best is found.

    Columns: ``strategy``, ``task`` (``"all tasks"`` for all runs together), ``evaluations`` (infinite if half of the
    runs or more did not find it), ``found`` (the share of runs that did), ``budget``.

    Args:
        frame: The rows that `compare` gives.

    >>> rows = {"strategy": "random", "task": "cora", "seed": 0, "evaluation": [1, 2], "regret": [0.5, 0.0]}
    >>> evaluations_to_optimum(pd.DataFrame(rows))[["evaluations", "found"]].to_numpy().tolist()
    [[2.0, 1.0], [2.0, 1.0]]
    """
    runs = Curves.of_frame(frame)
    rows = []
    for part_name, part in runs.parts():
        for name in runs.strategies:
            first = first_reaching(part.of(name), 0.0).ravel()
            rows.append((name, part_name, float(np.median(first)), float(np.isfinite(first).mean()), runs.budget))
    return pd.DataFrame(rows, columns=["strategy", "task", "evaluations", "found", "budget"])


def format_evaluations(evaluations: float, budget: int) -> str:
    """A number of evaluations as text; one that was not reached is above the budget.

    Args:
        evaluations: How many; infinite if it was not reached.
        budget: How many there were.

    >>> format_evaluations(18.0, 100), format_evaluations(float("inf"), 100)
    ('18', '>100')
    """
    return f"{evaluations:g}" if np.isfinite(evaluations) else f">{budget}"


def _needed(
    own: npt.NDArray[np.float64], reference: npt.NDArray[np.float64], budget: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Evaluations of both until the regret that the reference has after its budget."""
    goal = reference[..., budget - 1]
    return first_reaching(own, goal), first_reaching(reference, goal)
