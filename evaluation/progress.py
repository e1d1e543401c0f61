"""The progress of a search whose optimum nobody knows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ..spaces import InputError
from .contestants import check_mapping
from .figures import FEW, literal
from .intervals import mean_interval
from .searches import best_of_runs
from .style import colours, figure, figure_beside, legend_beside, styled, wrapped

__all__ = ["draw_progress"]


def draw_progress(
    runs: Mapping[str, npt.ArrayLike | pd.DataFrame],
    y: npt.ArrayLike | None = None,
    objective: str = "objective",
    sign: float = 1.0,
    ax: Axes | None = None,
) -> Axes:
    """The best value so far against evaluations, larger is better.

    Args:
        runs: Name → ``(searches, evaluations)`` best so far, ``(evaluations,)`` of a single search, or the rows that
            `augury.evaluation.trials` gives, of several searches if they have a column ``seed``; several are shown by
            their mean and its interval.
        y: ``(evaluations,)`` single values of the first, drawn as dots where they are in sight.
        objective: What the values are.
        sign: −1 shows values that were negated as they were measured.
        ax: Where to draw; by default on a new figure (``ax.figure``).

    Raises:
        InputError: There is no search, or ``runs`` or one of them is none of these.
        DataError: Rows lack a column.

    >>> ax = draw_progress({"warm": [0.5, 0.75]}, objective="accuracy")
    >>> ax.get_ylabel()
    'best accuracy so far'
    """
    check_mapping("runs", runs, "{'warm': history.best_so_far()}")
    if not runs:
        raise InputError("There is no search to draw; give at least one, such as {'warm': history.best_so_far()}.")
    searches = {name: best_of_runs(given, name) for name, given in runs.items()}
    with styled():
        beside = ax is None and len(runs) > FEW  # more names would hide the lines
        ax = ax or (figure_beside([literal(name) for name in runs]) if beside else figure())[1]
        for name, (colour, dash) in colours(runs).items():
            steps = np.arange(1, searches[name].shape[1] + 1)
            mean, low, high = mean_interval(sign * searches[name])
            ax.fill_between(steps, low, high, step="post", color=colour, alpha=0.15, linewidth=0)
            ax.step(
                steps, mean, where="post", color=colour, linestyle=dash, linewidth=1.7, label=literal(name),
                marker="o" if len(steps) == 1 else "", markersize=3.5,
            )  # fmt: skip
        if y is not None:
            ax.set_ylim(ax.get_ylim())  # a poor evaluation must not flatten the curves
            single = sign * np.asarray(y, dtype=np.float64)
            ax.plot(np.arange(1, len(single) + 1), single, ".", color=next(iter(colours(runs).values()))[0], alpha=0.4)
        ax.set_xlim(left=0)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6, steps=[1, 2, 5, 10]))
        label = f"best {literal(objective)} so far"
        ax.set(xlabel="evaluations", ylabel=wrapped(label, ax.bbox.height / ax.figure.dpi))
        ax.grid(axis="y")
        if beside:
            legend_beside(ax)
        else:
            ax.legend(loc="lower right" if sign > 0 else "upper right")
    return ax
