"""The tables of a report, as texts ready to be shown."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .curves import ALL_TASKS, Curves
from .efficiency import format_evaluations
from .page import interval_text, regret_text

__all__ = ["count", "findings", "introduction", "match_rows", "regret_rows", "task_rows"]


def introduction(runs: Curves) -> str:
    """What was compared, in a sentence."""
    names = ", ".join(runs.strategies)
    tasks = (
        f"the task {runs.tasks[0]}" if len(runs.tasks) == 1 else f"{len(runs.tasks)} tasks ({', '.join(runs.tasks)})"
    )
    seeds = f"{count(len(runs.seeds), 'search', 'searches')} of {count(runs.budget, 'evaluation')}"
    return f"{count(len(runs.strategies), 'strategy', 'strategies')} ({names}) on {tasks}; {seeds} for each."


def findings(match: pd.DataFrame, harmed: pd.DataFrame, reference: str, runs: Curves) -> list[str]:
    """What a reader wants to know first: a sentence a strategy."""
    found = []
    for strategy, rows in match.groupby("strategy", sort=False):
        row = rows.iloc[-1]
        goal = f"what {reference} reaches with {row['reference_evaluations']:g}"
        worse = f"it does harm on {_harmed(harmed, strategy, runs)} tasks."
        if not np.isfinite(row["evaluations"]):
            found.append(f"{strategy} does not reach within {runs.budget} evaluations {goal}; {worse}")
            continue
        bound = row["reference_evaluations"] / runs.budget
        interval = interval_text(_speed(row["low"], bound), _speed(row["high"], bound))
        times = f"{row['speed_up']:.2f}" + (f" (95 % interval {interval})" if interval else "")
        found.append(f"{strategy} reaches with {row['evaluations']:g} evaluations {goal}: speed-up {times}; {worse}")
    return found


def regret_rows(regrets: pd.DataFrame, optimum: pd.DataFrame, runs: Curves) -> list[dict[str, object]]:
    """A row a strategy: its mean regret after each budget, and when it finds the optimum."""
    overall = regrets[regrets["task"] == ALL_TASKS]
    least = overall.groupby("budget")["regret"].min()
    rows: list[dict[str, object]] = []
    for strategy in runs.strategies:
        cells = [
            {
                "regret": regret_text(cell["regret"]),
                "interval": interval_text(regret_text(cell["low"]), regret_text(cell["high"])),
                "best": len(runs.strategies) > 1 and cell["regret"] == least[cell["budget"]],
            }
            for _, cell in overall[overall["strategy"] == strategy].iterrows()
        ]
        row = optimum[(optimum["task"] == ALL_TASKS) & (optimum["strategy"] == strategy)].iloc[0]
        needed = format_evaluations(row["evaluations"], runs.budget)
        rows.append({"strategy": strategy, "cells": cells, "optimum": needed, "found": f"{row['found']:.0%}"})
    return rows


def match_rows(match: pd.DataFrame, harmed: pd.DataFrame, runs: Curves) -> list[dict[str, object]]:
    """A row a strategy: what it needs for what the reference reaches, and where it does harm."""
    rows: list[dict[str, object]] = []
    for strategy, group in match.groupby("strategy", sort=False):
        cells = []
        for _, cell in group.iterrows():
            reached = np.isfinite(cell["evaluations"])
            bound = cell["reference_evaluations"] / runs.budget
            cells.append(
                {
                    "evaluations": format_evaluations(cell["evaluations"], runs.budget),
                    "speed_up": f"{cell['speed_up']:.2f}" if reached else f"<{bound:.2f}",
                    "interval": interval_text(_speed(cell["low"], bound), _speed(cell["high"], bound)),
                }
            )
        rows.append({"strategy": strategy, "cells": cells, "harmed": _harmed(harmed, strategy, runs)})
    return rows


def _speed(value: float, bound: float) -> str:
    """A speed-up of 0 stands for one too small to be seen."""
    return f"<{bound:.2f}" if value == 0 else f"{value:.2f}"


def task_rows(regrets: pd.DataFrame, optimum: pd.DataFrame, budget: int) -> list[dict[str, object]]:
    """A row a task and strategy."""
    rows = regrets[(regrets["task"] != ALL_TASKS) & (regrets["budget"] == budget)]
    joined = rows.merge(optimum, on=["strategy", "task"])
    return [
        {
            "task": row["task"],
            "strategy": row["strategy"],
            "regret": regret_text(row["regret"]),
            "interval": interval_text(regret_text(row["low"]), regret_text(row["high"])),
            "optimum": format_evaluations(row["evaluations"], row["budget_y"]),
        }
        for _, row in joined.iterrows()
    ]


def count(n: int, one: str, many: str | None = None) -> str:
    """A number of things, in words.

    >>> count(1, "task"), count(2000, "search", "searches")
    ('1 task', '2,000 searches')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def _harmed(harmed: pd.DataFrame, strategy: object, runs: Curves) -> str:
    worse = int(harmed.loc[harmed["strategy"] == strategy, "harmed"].sum())
    return f"{worse} of {len(runs.tasks)}"
