"""One real search, whose optimum nobody knows, as one page: its progress, its best architecture, all it tried."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from ..spaces import InputError, SearchSpace
from .curves import first_reaching, usual_budgets
from .drawing import draw_architecture
from .efficiency import format_evaluations
from .page import number, numbers, write_page
from .progress import draw_progress
from .searches import Runs, best_of_trials
from .style import svg
from .summary import count

__all__ = ["write_study_report"]

OWN_COLUMNS = {"strategy", "task", "seed", "evaluation", "architecture", "y", "best", "regret", "test", "failed"}


def write_study_report(
    trials: pd.DataFrame,
    path: str | Path,
    *,
    title: str = "Search",
    strategy: str = "this search",
    objective: str = "objective",
    direction: Literal["maximize", "minimize"] = "maximize",
    unit: str = "",
    known: int = 0,
    space: SearchSpace | None = None,
    baselines: Mapping[str, pd.DataFrame] | None = None,
    command: str | None = None,
) -> Path:
    """Write one search as an HTML page without scripts, which fetches nothing.

    Args:
        trials: The rows that `augury.evaluation.trials` gives: ``evaluation``, ``architecture``, ``y`` (larger is
            better), and any further numbers, which are shown.
        path: Where to.
        title: The heading.
        strategy: What to call the search.
        objective: What ``y`` is.
        direction: ``"minimize"`` if ``y`` is the objective negated; it is shown as it was measured.
        unit: Of the objective.
        known: How many of the trials were known before the search; the page tells.
        space: With it, the best architecture is drawn.
        baselines: Name → the rows of another search, or of several told apart by a column ``seed``, to set beside it.
        command: What ran the search, to be shown.

    Raises:
        DataError: A column is missing.
        InputError: No evaluation succeeded.

    >>> import tempfile
    >>> trials = pd.DataFrame({"evaluation": [1, 2], "architecture": ["a", "b"], "y": [0.5, 0.75]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     "0.75" in write_study_report(trials, f"{folder}/search.html").read_text("utf-8")
    True
    """
    sign = -1.0 if direction == "minimize" else 1.0
    own = best_of_trials(trials, strategy)
    if len(own) > 1:
        raise InputError(f"A study report is of one search; the table has {len(own)}, told apart by their seed.")
    others = {name: best_of_trials(frame, name) for name, frame in (baselines or {}).items()}
    if not np.isfinite(own[0, -1]):
        raise InputError(f"None of {len(trials)} evaluations succeeded; there is nothing to report.")
    trials = trials.sort_values("evaluation")
    own_columns = {*OWN_COLUMNS, objective}  # its value is shown already
    extra = [c for c in trials.columns if c not in own_columns and pd.api.types.is_numeric_dtype(trials[c])]
    best = trials.iloc[int(np.nanargmax(trials["y"].to_numpy(dtype=np.float64)))]
    drawn = None if space is None else draw_architecture(space.parse(best["architecture"])[0])
    saved = [_saved(own[0], runs, name, sign, unit) for name, runs in others.items()]
    context = {
        "title": title,
        "command": command,
        "strategy": strategy,
        "objective": objective,
        "introduction": _introduction(trials, strategy, objective, own[0], sign, unit, known),
        "findings": [_finding(table, strategy) for table in saved],
        "best": {
            "architecture": best["architecture"],
            "value": number(sign * best["y"], unit),
            "evaluation": best["evaluation"],
            "others": [(name, number(best[name])) for name in extra],
            "figure": None if drawn is None else svg(drawn, f"Graph of {best['architecture']}", "best"),
        },
        "progress_figure": svg(
            draw_progress({strategy: own, **others}, trials["y"].to_numpy(dtype=np.float64), objective, sign=sign),
            f"Best {objective} so far against evaluations",
            "progress",
        ),
        "banded": any(len(runs) > 1 for runs in others.values()),
        "saved": saved,
        "columns": extra,
        "trials": _rows(trials, own[0], extra, sign, unit),
    }
    return write_page("study_report.html", path, context)


def _saved(own: Runs, runs: Runs, name: str, sign: float, unit: str) -> dict[str, object]:
    """What the baseline needed for what the search had reached after some evaluations; the median over its runs."""
    rows = []
    for budget in usual_budgets(len(own)):
        if not np.isfinite(own[budget - 1]):
            continue
        reached = int(np.argmax(own >= own[budget - 1])) + 1  # when it was first that good
        needed = float(np.median(first_reaching(-runs, -own[budget - 1])))
        rows.append(
            {
                "evaluations": reached,
                "value": number(sign * own[budget - 1], unit),
                "needed": format_evaluations(needed, runs.shape[1]),
                "saved": f"{needed - reached:g}".replace("-", "−")
                if np.isfinite(needed)
                else f"more than {runs.shape[1] - reached}".replace("-", "−"),
            }
        )
    how = f": the median of {len(runs)} searches" if len(runs) > 1 else ""
    rows = [row for i, row in enumerate(rows) if row not in rows[:i]]
    return {"baseline": name, "rows": rows, "how": how, "searches": len(runs), "budget": runs.shape[1]}


def _introduction(
    trials: pd.DataFrame, strategy: str, objective: str, own: Runs, sign: float, unit: str, known: int
) -> str:
    failed = int((~np.isfinite(trials["y"].to_numpy(dtype=np.float64))).sum())
    text = f"{count(len(trials) - known, 'evaluation')} by {strategy}"
    text += f" and {known} known beforehand" if known else ""
    text += f", {failed} of them failed" if failed else ""
    return f"{text}; the best {objective} is {number(sign * own[-1], unit)}."


def _finding(table: dict[str, object], strategy: str) -> str:
    rows = table["rows"]
    assert isinstance(rows, list)
    needed = rows[-1]["needed"].replace(">", "more than ")
    return (
        f"{table['baseline']} needed {needed} evaluations for what {strategy} reached with {rows[-1]['evaluations']}."
    )


def _rows(trials: pd.DataFrame, own: Runs, extra: list[str], sign: float, unit: str) -> list[dict[str, object]]:
    y = trials["y"].to_numpy(dtype=np.float64)
    failed = ~np.isfinite(y)
    improved = y > np.concatenate([[-np.inf], np.nan_to_num(own[:-1], nan=-np.inf)])
    values = numbers(sign * y, unit)
    others = [numbers(trials[name].to_numpy(dtype=np.float64)) for name in extra]
    return [
        {
            "evaluation": evaluation,
            "architecture": architecture,
            "value": "failed" if failed[i] else values[i],
            "failed": failed[i],
            "improved": improved[i],
            "others": [column[i] for column in others],
        }
        for i, (evaluation, architecture) in enumerate(zip(trials["evaluation"], trials["architecture"], strict=True))
    ]
