"""How predictors get better with more training architectures, on matplotlib axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator, ScalarFormatter

from ..spaces import InputError
from .far_values import Point, end_before_far
from .figures import literal
from .intervals import CORRELATIONS, mean_interval
from .style import MUTED, colours, figure_beside, legend_beside, styled, wrapped

__all__ = ["METRICS", "draw_bands", "mark_sizes", "plot_learning_curve", "rows_to_draw"]

METRICS = {
    "kendall_tau": "Kendall's tau",
    "spearman": "Spearman's rank correlation",
    "rmse": "root mean squared error",
    "coverage": "share of values inside 90 % intervals",
    "nll": "negative log density",
    "sharpness": "root mean square of standard deviations",
    "fit_seconds": "seconds to fit",
    "predict_seconds": "seconds to predict",
}
EVERYWHERE = (-np.inf, np.inf)
POSITIVE = (0.0, np.inf)
WITHIN = {
    "kendall_tau": CORRELATIONS,
    "spearman": CORRELATIONS,
    "coverage": (0.0, 1.0),
    **dict.fromkeys(("rmse", "sharpness", "fit_seconds", "predict_seconds", "adapt_seconds"), POSITIVE),
}
LEAST = 3  # seeds; Student's interval of two reaches 12.7 standard errors
OWN_UNIT = {"rmse": "in units of the values"}  # unless the unit is given


def plot_learning_curve(
    frame: pd.DataFrame,
    *,
    metric: str = "kendall_tau",
    unit: str = "",
    task: str | None = None,
    ax: Axes | None = None,
    legend: bool = True,
) -> Axes:
    """A metric against the number of training architectures, the mean over tasks with its interval over seeds.

    With two seeds there is no interval: it would be so wide that it hides the lines.

    Where a few far values would flatten all lines, the axis ends before them, and a remark tells how far they go.

    Args:
        frame: A row a fit, with the columns ``predictor``, ``size``, ``seed``, the metric and, if there are several
            tasks, ``task``; `rank_predictors` gives such.
        metric: The column to draw.
        unit: Of the metric, such as ``"%"`` for the ``rmse`` of accuracies.
        task: Its rows only; by default the mean over all tasks.
        ax: Where to draw; by default on a new figure (``ax.figure``). A figure of one's own makes room for the legend
            if it is made with ``layout="constrained"``.
        legend: Whether to name the lines, to the right of the axes.

    Raises:
        InputError: A column is missing, or nothing is left to draw.

    >>> rows = {"predictor": "forest", "seed": 0, "size": [10, 100], "kendall_tau": [0.25, 0.5]}
    >>> plot_learning_curve(pd.DataFrame(rows)).get_ylabel()
    "Kendall's tau"
    """
    rows = rows_to_draw("A learning curve", frame, ("predictor", "size", "seed", metric), task=task)
    with styled():
        ax = ax or figure_beside([literal(str(name)) for name in pd.unique(rows["predictor"])])[1]
        sizes = np.sort(rows["size"].unique())
        draw_bands(ax, rows, method="predictor", x="size", metric=metric)
        if sizes[0] > 0 and sizes[-1] >= 5 * sizes[0]:
            ax.set_xscale("log")
        mark_sizes(ax, sizes)
        of_unit = literal(unit) or OWN_UNIT.get(metric, "")
        label = METRICS.get(metric, literal(metric)) + (f", {of_unit}" if of_unit else "")
        ax.set(xlabel="training architectures", ylabel=wrapped(label, ax.bbox.height / ax.figure.dpi))
        if task is not None:
            ax.set_title(literal(task))
        ax.grid(axis="y")
        if legend:
            legend_beside(ax)
    return ax


def rows_to_draw(what: str, frame: pd.DataFrame, needed: Sequence[str], **chosen: str | None) -> pd.DataFrame:
    """The rows of a frame that a figure shows.

    Args:
        what: What the figure is called.
        frame: Of which.
        needed: The columns that it must have.
        chosen: Column → its rows of this value only, or None for all.

    Raises:
        InputError: A column is missing, or nothing is left to draw.

    >>> frame = pd.DataFrame({"size": [10, 20], "task": ["cora", "arxiv"]})
    >>> rows_to_draw("A learning curve", frame, ["size"], task="arxiv")["size"].tolist()
    [20]
    """
    chosen = {column: value for column, value in chosen.items() if value is not None}
    columns = [*needed, *chosen]
    if not set(columns) <= set(frame):
        raise InputError(f"{what} needs the columns {columns}; the frame has {list(frame.columns)}.")
    rows = frame
    for column, value in chosen.items():
        rows = rows[rows[column] == value]
    if not len(rows):
        where = "".join(f" of the {column} {value!r}" for column, value in chosen.items())
        raise InputError(f"No row to draw{where}; give at least one.")
    return rows


def draw_bands(ax: Axes, rows: pd.DataFrame, *, method: str, x: str, metric: str) -> None:
    """A line for each method, the mean over all else, in its interval over the seeds, if these are three or more.

    Far values may be out of sight.

    Args:
        ax: Where to draw.
        rows: With a column ``seed``.
        method: The column that names the lines.
        x: The column to draw them against.
        metric: The column to draw.
    """
    points: list[Point] = []
    for name, (colour, dash) in colours(pd.unique(rows[method])).items():
        own = rows[rows[method] == name]
        table = own.groupby([x, "seed"])[metric].mean().unstack(x)  # (seeds, sizes)
        bands = np.asarray([_band(table[n].dropna().to_numpy(), metric) for n in table], dtype=np.float64).T
        places = table.columns.to_numpy(dtype=np.float64)
        ax.fill_between(places, bands[1], bands[2], color=colour, alpha=0.15, linewidth=0)
        ax.plot(
            places, bands[0], color=colour, linestyle=dash, linewidth=1.7, marker="o", markersize=3.5,
            label=literal(str(name)),
        )  # fmt: skip
        points += [Point(literal(str(name)), colour, x, *band) for x, band in zip(places, bands.T, strict=True)]
    if metric == "coverage":
        ax.axhline(0.9, color=MUTED, linewidth=1, zorder=1)  # what it should be
    end_before_far(ax, points)


def _band(values: npt.NDArray[np.float64], metric: str) -> tuple[float, float, float]:
    """Mean and interval; an infinite mean has none, nor has that of two seeds. Of no value all is NaN."""
    if not len(values):
        return np.nan, np.nan, np.nan
    if np.isinf(values).any() or len(values) < LEAST:
        return float(values.mean()), np.nan, np.nan
    mean, low, high = mean_interval(values, within=WITHIN.get(metric, EVERYWHERE))
    return float(mean), float(low), float(high)


def mark_sizes(ax: Axes, sizes: npt.NDArray[Any]) -> None:
    """Ticks at the sizes, in full figures, as far as there is room on the axis' scale."""
    ax.xaxis.set_major_locator(FixedLocator(_apart(sizes, ax.xaxis.get_transform().transform(sizes.astype(float)))))
    ax.xaxis.set_major_formatter(ScalarFormatter())
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_minor_formatter(NullFormatter())


def _apart(sizes: npt.NDArray[Any], places: npt.NDArray[np.float64]) -> list[float]:
    """Those of the sizes whose labels do not touch at these places, the last one first of all."""
    least = 0.06 * float(np.ptp(places))
    kept: list[int] = []
    for i in reversed(range(len(sizes))):
        if not kept or places[kept[-1]] - places[i] >= least:
            kept.append(i)
    return [float(sizes[i]) for i in reversed(kept)]
