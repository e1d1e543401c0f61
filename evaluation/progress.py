"""The progress of a search whose optimum nobody knows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from .figures import FEW, literal
from .intervals import mean_interval
from .style import colours, figure, figure_beside, legend_beside, styled, wrapped

__all__ = ["draw_progress"]

Runs = npt.NDArray[np.float64]


def draw_progress(
    runs: Mapping[str, Runs],
    y: Runs | None = None,
    objective: str = "objective",
    sign: float = 1.0,
    ax: Axes | None = None,
) -> Axes:
    """The best value so far against evaluations, larger is better.

    Args:
        runs: Name → ``(searches, evaluations)`` best so far; several searches are shown by their mean and its interval.
        y: ``(evaluations,)`` single values of the first, drawn as dots where they are in sight.
        objective: What the values are.
        sign: −1 shows values that were negated as they were measured.
        ax: Where to draw; by default on a new figure (``ax.figure``).

    >>> ax = draw_progress({"warm": np.array([[0.5, 0.75]])}, objective="accuracy")
    >>> ax.get_ylabel()
    'best accuracy so far'
    """
    with styled():
        beside = ax is None and len(runs) > FEW  # more names would hide the lines
        ax = ax or (figure_beside([literal(name) for name in runs]) if beside else figure())[1]
        for name, (colour, dash) in colours(runs).items():
            steps = np.arange(1, runs[name].shape[1] + 1)
            mean, low, high = mean_interval(sign * runs[name])
            ax.fill_between(steps, low, high, step="post", color=colour, alpha=0.15, linewidth=0)
            ax.step(
                steps, mean, where="post", color=colour, linestyle=dash, linewidth=1.7, label=literal(name),
                marker="o" if len(steps) == 1 else "", markersize=3.5,
            )  # fmt: skip
        if y is not None:
            ax.set_ylim(ax.get_ylim())  # a poor evaluation must not flatten the curves
            ax.plot(np.arange(1, len(y) + 1), sign * y, ".", color=next(iter(colours(runs).values()))[0], alpha=0.4)
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
