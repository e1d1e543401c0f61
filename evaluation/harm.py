"""Harm: targets on which a strategy is worse than the reference it should be no worse than."""

from __future__ import annotations

import pandas as pd

from .curves import Curves
from .intervals import DRAWS, LEVEL, mean_interval

__all__ = ["harm_by_task"]


def harm_by_task(
    frame: pd.DataFrame,
    reference: str,
    budget: int,
    *,
    tolerance: float = 0.1,
    least: float = 0.001,
    level: float = LEVEL,
    draws: int = DRAWS,
    seed: int = 0,
) -> pd.DataFrame:
    """On which tasks a strategy is worse than the reference: by more than a tenth of the reference's regret.

    Columns: ``strategy``, ``task``, ``regret``, ``reference_regret``, ``difference`` (above 0: worse) with ``low`` and
    ``high`` (over seeds, paired; `mean_interval`), ``harmed``. The reference itself is left out.

    Args:
        frame: The rows that `compare` gives.
        reference: The strategy to be no worse than.
        budget: After how many evaluations.
        tolerance: How much worse, as a share of the reference's regret, is no harm yet.
        least: A difference in regret up to this is no harm, however small the reference's regret is.
        level: The probability of the intervals.
        draws: Bootstrap resamples, with ten seeds or more.
        seed: Of the bootstrap.

    Raises:
        UnknownNameError: The reference was not compared.
        InputError: The budget is beyond the searches.

    >>> rows = {"task": "cora", "seed": 0, "evaluation": [1, 2]}
    >>> cold = pd.DataFrame(rows | {"strategy": "cold", "regret": [0.5, 0.25]})
    >>> warm = pd.DataFrame(rows | {"strategy": "warm", "regret": [0.75, 0.5]})
    >>> harm_by_task(pd.concat([cold, warm]), "cold", budget=2)[["task", "difference", "harmed"]].to_numpy().tolist()
    [['cora', 0.25, True]]
    """
    runs = Curves.of_frame(frame)
    runs.checked([budget])
    cold = runs.of(reference)[..., budget - 1]  # (tasks, seeds)
    rows = []
    for name in runs.strategies:
        if name == reference:
            continue
        own = runs.of(name)[..., budget - 1]
        for task, a, b in zip(runs.tasks, own, cold, strict=True):
            difference, low, high = (float(x) for x in mean_interval(a - b, level=level, draws=draws, seed=seed))
            harmed = difference > max(tolerance * float(b.mean()), least)
            rows.append((name, task, float(a.mean()), float(b.mean()), difference, low, high, harmed))
    columns = ["strategy", "task", "regret", "reference_regret", "difference", "low", "high", "harmed"]
    return pd.DataFrame(rows, columns=columns)
