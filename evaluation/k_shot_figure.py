"""How meta-learners get better with evaluations of a new task, from none on, on matplotlib axes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from .figures import literal
from .learning_curve import METRICS, draw_bands, mark_sizes, rows_to_draw
from .style import figure_beside, legend_beside, styled, wrapped

__all__ = ["plot_k_shot"]

NAMES = METRICS | {
    "fit_seconds": "seconds to learn from the sources",
    "adapt_seconds": "seconds to adapt and predict",
}


def plot_k_shot(
    frame: pd.DataFrame,
    *,
    metric: str = "kendall_tau",
    target: str | None = None,
    ax: Axes | None = None,
    legend: bool = True,
) -> Axes:
    """A metric against ``k``, the evaluations of the new task: the mean over targets, with its interval over seeds.

    The targets stay as they are and seeds are the replicates (`mean_interval`), so the band tells how far the draw of
    the support matters; with two seeds it would be so wide that it hides the lines, and is left out. ``k`` is on a
    logarithmic scale that is linear below the smallest support, so that it shows 0; a method that needs evaluations,
    such as a predictor that knows of no source, begins where it has some.

    Args:
        frame: A row a fit, with the columns ``method``, ``k``, ``seed``, the metric and, if there are several targets,
            ``target``; `rank_meta_learners` gives such.
        metric: The column to draw.
        target: Its rows only; by default the mean over all targets.
        ax: Where to draw; by default on a new figure (``ax.figure``). A figure of one's own makes room for the legend
            if it is made with ``layout="constrained"``.
        legend: Whether to name the lines, to the right of the axes.

    Raises:
        InputError: A column is missing, or nothing is left to draw.

    >>> rows = {"method": "warm", "seed": 0, "k": [0, 10, 100], "kendall_tau": [0.25, 0.5, 0.75]}
    >>> ax = plot_k_shot(pd.DataFrame(rows))
    >>> ax.get_xlabel(), ax.get_ylabel(), ax.get_xscale()
    ('evaluations of the new task', "Kendall's tau", 'symlog')
    """
    rows = rows_to_draw("A k-shot curve", frame, ("method", "k", "seed", metric), target=target)
    with styled():
        ax = ax or figure_beside([literal(str(name)) for name in pd.unique(rows["method"])])[1]
        draw_bands(ax, rows, method="method", x="k", metric=metric)
        sizes = np.sort(rows["k"].unique())
        if sizes[-1] > 0:
            ax.set_xscale("symlog", linthresh=float(sizes[sizes > 0][0]), linscale=0.5)
        mark_sizes(ax, sizes)
        label = NAMES.get(metric, literal(metric))
        ax.set(xlabel="evaluations of the new task", ylabel=wrapped(label, ax.bbox.height / ax.figure.dpi))
        if target is not None:
            ax.set_title(literal(target))
        ax.grid(axis="y")
        if legend:
            legend_beside(ax)
    return ax
