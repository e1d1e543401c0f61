"""Figures of a comparison, on matplotlib axes; none needs a display."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator, SymmetricalLogLocator

from .curves import ALL_TASKS, Curves
from .efficiency import evaluations_to_match, format_evaluations
from .harm import harm_by_task
from .intervals import Interval, task_mean_interval
from .style import (
    HANDLE,
    INK,
    MARKERS,
    MUTED,
    TITLE_LETTER,
    colours,
    figure,
    figure_beside,
    legend_above,
    legend_beside,
    legend_columns,
    room,
    styled,
    wrapped,
)

__all__ = ["FEW", "draw_harm", "draw_regret", "draw_saved", "literal", "regret_by_task"]

LONGEST = 36  # letters of a name; what is longer leaves no room for the figure
FEW = 6  # names that a legend inside the axes has room for


def draw_regret(frame: pd.DataFrame, task: str | None = None, ax: Axes | None = None, legend: bool = True) -> Axes:
    """Mean regret against evaluations, with its interval over seeds.

    Args:
        frame: The rows that `compare` gives.
        task: Its runs only; by default the mean over all tasks.
        ax: Where to draw; by default on a new figure (``ax.figure``).
        legend: Whether to name the lines.

    >>> rows = {"strategy": "random", "task": "cora", "seed": 0, "evaluation": [1, 2], "regret": [0.5, 0.25]}
    >>> ax = draw_regret(pd.DataFrame(rows))
    >>> ax.get_ylabel()
    'regret, %'
    """
    runs = Curves.of_frame(frame)
    shown = runs if task is None else runs.on(task)
    with styled():
        beside = ax is None and len(runs.strategies) > FEW  # more names would hide the lines
        names = [literal(name) for name in runs.strategies]
        ax = ax or (figure_beside(names) if beside and legend else figure())[1]
        steps = np.arange(1, runs.budget + 1)
        bands = {name: _percent(task_mean_interval(shown.of(name))) for name in runs.strategies}
        _scale(ax, np.stack([band.mean for band in bands.values()]))
        for name, (colour, dash) in colours(runs.strategies).items():
            mean, low, high = bands[name]
            ax.fill_between(steps, low, high, color=colour, alpha=0.15, linewidth=0)
            ax.plot(
                steps, mean, color=colour, linestyle=dash, linewidth=1.7, label=literal(name), solid_capstyle="round",
                marker="o" if runs.budget == 1 else "", markersize=3.5,
            )  # fmt: skip
        ax.set_xlim(1, max(runs.budget, 2))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6, steps=[1, 2, 5, 10]))
        ax.set(xlabel="evaluations", ylabel="regret, %")
        ax.grid(axis="y")
        if legend and beside:
            legend_beside(ax)
        elif legend:
            _legend(ax, bands)
    return ax


def regret_by_task(frame: pd.DataFrame, columns: int = 3) -> Figure:
    """Small multiples of `draw_regret`, one a task.

    Args:
        frame: The rows that `compare` gives.
        columns: How many beside each other.

    >>> rows = {"strategy": "random", "seed": 0, "evaluation": [1, 2], "regret": [0.5, 0.25]}
    >>> made = regret_by_task(pd.concat([pd.DataFrame(rows | {"task": task}) for task in ("cora", "arxiv")]))
    >>> [ax.get_title(loc="left") for ax in made.axes]
    ['cora', 'arxiv']
    """
    tasks = Curves.of_frame(frame).tasks
    columns = min(columns, len(tasks))
    rows = -(-len(tasks) // columns)
    with styled():
        names = [literal(name) for name in Curves.of_frame(frame).strategies]
        width = max(2.7 * columns, HANDLE + 0.2 + room(names))
        made = Figure(figsize=(width, 2.1 * rows + 0.4), layout="constrained")
        for place, task in enumerate(tasks):
            ax = draw_regret(frame, task, made.add_subplot(rows, columns, place + 1), legend=False)
            ax.set_title(literal(task, int((width / columns - 0.5) / TITLE_LETTER)))
            if place % columns:
                ax.set_ylabel("")
        handles, labels = made.axes[0].get_legend_handles_labels()
        made.legend(handles, labels, loc="outside lower center", ncols=legend_columns(labels, width))
    return made


def draw_saved(
    frame: pd.DataFrame, reference: str, budgets: Sequence[int] | None = None, ax: Axes | None = None
) -> Axes:
    """How many evaluations each strategy needs for what the reference reaches: a dot beside the reference's own.

    Args:
        frame: The rows that `compare` gives.
        reference: The strategy to be matched.
        budgets: After how many evaluations of the reference.
        ax: Where to draw; by default on a new figure (``ax.figure``).

    Raises:
        UnknownNameError: The reference was not compared.
        InputError: A budget is beyond the searches.

    >>> rows = {"task": "cora", "seed": 0, "evaluation": [1, 2]}
    >>> cold = pd.DataFrame(rows | {"strategy": "cold", "regret": [0.5, 0.25]})
    >>> warm = pd.DataFrame(rows | {"strategy": "warm", "regret": [0.25, 0.125]})
    >>> ax = draw_saved(pd.concat([cold, warm]), "cold")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['warm']
    """
    table = evaluations_to_match(frame, reference, budgets)
    table = table[table["task"] == ALL_TASKS]
    names = [name for name in pd.unique(table["strategy"]) if name != reference]
    chosen = list(pd.unique(table["budget"]))
    limit = Curves.of_frame(frame).budget
    look = colours(pd.unique(frame["strategy"]))
    with styled():
        width = max(6.0, 5.0 + room(map(literal, [reference, *names])))
        ax = ax or figure(width, max(0.7 + 0.3 * (len(names) + 1.4) * len(chosen), 1.8))[1]
        places, labels = [], []
        for group, budget in enumerate(chosen):
            heading = f"what {literal(reference)} reaches with {budget}"
            title = ax.text(0, group * (len(names) + 1.4) - 0.8, heading, va="center", fontsize=9, fontweight="bold")
            title.set_in_layout(False)  # a long name must not squeeze the axes
            for i, name in enumerate(names):
                row = table[(table["strategy"] == name) & (table["budget"] == budget)].iloc[0]
                place = group * (len(names) + 1.4) + i
                places.append(place)
                labels.append(literal(name))
                own, cold = float(row["evaluations"]), float(row["reference_evaluations"])
                end = min(own, limit * 1.02)
                ax.plot([end, cold], [place, place], color=look[name][0], linewidth=2.2, alpha=0.45)
                ax.plot(cold, place, "|", color=INK, markersize=11, markeredgewidth=1.4)
                ax.plot(end, place, "o" if np.isfinite(own) else ">", color=look[name][0], markersize=7)
                side = -1 if own <= cold else 1
                ax.annotate(
                    f"{format_evaluations(own, limit)} instead of {cold:g}",
                    (max(end, cold), place),
                    xytext=(8, 0),
                    textcoords="offset points",
                    va="center",
                    color=INK if side < 0 else MUTED,
                    fontsize=8,
                )
        ax.set_yticks(places, labels)
        ax.set_ylim(max(places, default=0) + 0.6, -1.3)
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.set_xlim(0, limit * 1.3)  # with room for the texts
        ticks = MaxNLocator(integer=True, nbins=6, steps=[1, 2, 5, 10]).tick_values(0, limit)
        ax.set_xticks([tick for tick in ticks if 0 <= tick <= limit])
        ax.set_xlabel("evaluations")
        ax.grid(axis="x")
    return ax


def draw_harm(frame: pd.DataFrame, reference: str, budget: int | None = None, ax: Axes | None = None) -> Axes:
    """How much more regret than the reference each strategy has on each task; right of the line is harm.

    Args:
        frame: The rows that `compare` gives.
        reference: The strategy to be no worse than.
        budget: After how many evaluations; by default all.
        ax: Where to draw; by default on a new figure (``ax.figure``).

    Raises:
        UnknownNameError: The reference was not compared.
        InputError: The budget is beyond the searches.

    >>> rows = {"task": "cora", "seed": 0, "evaluation": [1, 2]}
    >>> cold = pd.DataFrame(rows | {"strategy": "cold", "regret": [0.5, 0.25]})
    >>> warm = pd.DataFrame(rows | {"strategy": "warm", "regret": [0.25, 0.125]})
    >>> draw_harm(pd.concat([cold, warm]), "cold").get_xlabel()
    'regret minus that of cold after 2 evaluations, percentage points'
    """
    runs = Curves.of_frame(frame)
    budget = budget or runs.budget
    table = harm_by_task(frame, reference, budget)
    names = list(pd.unique(table["strategy"]))
    look = colours(runs.strategies)
    with styled():
        shown = [literal(task) for task in runs.tasks]
        height = 1.0 + (0.2 + 0.13 * len(names)) * len(runs.tasks) + 0.08 * len(names)
        ax = ax or figure(max(6.0, 5.0 + room(shown)), max(height, 1.8))[1]
        for i, name in enumerate(names):
            rows = table[table["strategy"] == name]
            place = np.arange(len(rows)) + (i - (len(names) - 1) / 2) * 0.7 / max(len(names), 1)
            colour = look[name][0]
            ax.hlines(place, rows["low"] * 100, rows["high"] * 100, color=colour, linewidth=1.6, alpha=0.55)
            marker = MARKERS[i % len(MARKERS)]
            ax.plot(rows["difference"] * 100, place, marker, color=colour, markersize=5, label=literal(name))
            worse = rows["harmed"].to_numpy(dtype=bool)
            ax.plot(rows["difference"][worse] * 100, place[worse], "o", markersize=10, mfc="none", mec=INK, mew=1.0)
        if table["harmed"].any():
            ax.plot([], [], "o", markersize=10, mfc="none", mec=INK, mew=1.0, label="more than a tenth worse")
        ax.axvline(0, color=INK, linewidth=1)
        ax.set_yticks(np.arange(len(runs.tasks)), shown)
        ax.set_ylim(len(runs.tasks) - 0.5, -0.5)
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        label = f"regret minus that of {literal(reference)} after {budget} evaluations, percentage points"
        ax.set_xlabel(wrapped(label, ax.bbox.x1 / ax.figure.dpi - room(shown)))
        ax.grid(axis="x")
        if len(names) > 1 or table["harmed"].any():
            legend_above(ax)
    return ax


def literal(text: str, longest: int = LONGEST) -> str:
    """A name as a figure can show it: one line, not too long, and a dollar sign does not start a formula.

    A long name is cut in the middle, for names of variants begin alike.

    >>> literal("costs 5 $"), literal("gaussian-process with proxies", 20)
    ('costs 5 \\\\$', 'gaussian-p…h proxies')
    """
    line = " ".join(text.split())
    if len(line) > longest:
        line = line[: longest // 2].rstrip() + "…" + line[len(line) - (longest - 1) // 2 :].lstrip()
    return line.replace("$", r"\$")


def _percent(interval: Interval) -> Interval:
    return Interval(*(100 * end for end in interval))


def _scale(ax: Axes, means: np.ndarray) -> None:
    """Logarithmic where regrets differ much; near 0, which a logarithm cannot show, linear."""
    positive = means[means > 0]
    top = 1.1 * means.max() if len(positive) else 1.0
    if not len(positive) or means.max() < 4 * means.min():
        ax.set_ylim(0, top)
        return
    # 1, 2, 5, 10 … are marked where there is room for them
    marked = (1.0, 2.0, 5.0) if means.max() < 100 * positive.min() else (1.0,)
    if means.min() > 0:
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(LogLocator(subs=marked, numticks=12))
    else:
        threshold = max(10.0 ** np.floor(np.log10(positive.min())), means.max() / 1e4)
        ax.set_yscale("symlog", linthresh=threshold, linscale=0.5)
        ax.yaxis.set_major_locator(SymmetricalLogLocator(base=10, linthresh=threshold, subs=marked))
        ax.set_ylim(0, 2 * top)
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def _legend(ax: Axes, bands: dict[str, Interval]) -> None:
    """Named in the order in which the lines end, in the corner that falling curves leave free."""
    lines, labels = ax.get_legend_handles_labels()
    order = np.argsort([-float(band.mean[-1]) for band in bands.values()], kind="stable")
    ax.legend([lines[i] for i in order], [labels[i] for i in order], loc="upper right")
