"""Figures of predictors, on matplotlib axes: what was predicted against what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.ticker import FixedLocator, MaxNLocator, PercentFormatter, ScalarFormatter
from scipy import stats

from ..spaces import InputError
from .calibration import calibration_curve, calibration_error, distributions
from .contestants import check_mapping
from .figures import literal
from .metrics import coverage, kendall_tau, paired_vectors
from .style import INK, MUTED, colours, figure, styled, wrapped

__all__ = ["plot_calibration", "plot_predictions", "plot_ranks"]

FEW = 300  # up to so many intervals can be told apart


def plot_predictions(
    y: npt.ArrayLike,
    mean: npt.ArrayLike,
    std: npt.ArrayLike | None = None,
    *,
    level: float = 0.9,
    quantity: str = "value",
    unit: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Predicted against measured values; those outside their interval are drawn in another colour.

    Up to 300 intervals are drawn as bars, which the axes hold; more would hide each other.

    Args:
        y: ``(n,)`` measured values.
        mean: ``(n,)`` predicted means.
        std: ``(n,)`` predicted standard deviations; without them there are no intervals.
        level: The probability of the central normal intervals.
        quantity: What the values are, such as ``"accuracy"``.
        unit: Of the values, such as ``"%"``.
        ax: Where to draw; by default on a new figure (``ax.figure``).

    Raises:
        InputError: The vectors do not fit, a ``std`` is negative, or ``level`` is not between 0 and 1.

    >>> ax = plot_predictions([70.0, 80.0], [72.0, 79.0], [2.0, 2.0], quantity="accuracy", unit="%")
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('measured accuracy, %', 'predicted accuracy, %')
    """
    y, mean = paired_vectors(y=y, mean=mean)
    blue, orange = (colour for colour, _ in colours(["inside", "outside"]).values())
    size, alpha = _dots(len(y))
    shown = [y, mean]
    with styled():
        ax = ax or figure(4.2, 4.0)[1]
        if std is None:
            ax.scatter(y, mean, s=size, color=blue, alpha=alpha, linewidths=0)
        else:
            coverage(y, mean, std, level)  # checks level
            width = float(stats.norm.ppf(0.5 + level / 2)) * distributions(y, mean, std)[2]
            inside = np.abs(y - mean) <= width
            if len(y) <= FEW:
                shown += [mean - width, mean + width]
            for chosen, colour, place in ((inside, blue, "inside"), (~inside, orange, "outside")):
                label = f"{place} the {100 * level:g} % interval: {100 * chosen.mean():.0f} %"
                if len(y) <= FEW:
                    ends = (mean - width)[chosen], (mean + width)[chosen]
                    ax.vlines(y[chosen], *ends, color=colour, linewidth=0.9, alpha=0.35, zorder=1)
                ax.scatter(y[chosen], mean[chosen], s=size, color=colour, alpha=alpha, linewidths=0, label=label)
            _legend_above(ax)
        values = np.concatenate(shown)
        _equal_axes(ax, float(values.min()), float(values.max()))
        of_unit = " ".join(part for part in (_scaled(ax, float(np.abs(values).max())), literal(unit)) if part)
        name = f"{literal(quantity)}, {of_unit}" if of_unit else literal(quantity)
        inches = ax.bbox.width / ax.figure.dpi
        ax.set(xlabel=wrapped(f"measured {name}", inches), ylabel=wrapped(f"predicted {name}", inches))
        ax.grid()
    return ax


def plot_ranks(y: npt.ArrayLike, predicted: npt.ArrayLike, *, ax: Axes | None = None) -> Axes:
    """Predicted against measured ranks, 1 the best, equal values sharing their mean rank; with Kendall's tau.

    Args:
        y: ``(n,)`` measured values, larger is better.
        predicted: ``(n,)`` predictions of them.
        ax: Where to draw; by default on a new figure (``ax.figure``).

    Raises:
        InputError: The two differ in length, are empty, or hold NaN.

    >>> plot_ranks([1.0, 2.0, 3.0, 4.0], [1.0, 3.0, 2.0, 4.0]).get_title(loc="left")
    "Kendall's tau 0.67"
    """
    y, predicted = paired_vectors(y=y, predicted=predicted)
    size, alpha = _dots(len(y))
    with styled():
        ax = ax or figure(4.2, 4.0)[1]
        measured, guessed = (stats.rankdata(-values) for values in (y, predicted))
        ax.scatter(measured, guessed, s=size, color=colours(["ranks"])["ranks"][0], alpha=alpha, linewidths=0)
        _equal_axes(ax, 1.0, float(max(len(y), 2)))
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(FixedLocator(_rank_ticks(len(y))))
        ax.invert_xaxis()  # the best stand above and to the right
        ax.invert_yaxis()
        ax.set_title(f"Kendall's tau {kendall_tau(y, predicted):.2f}")
        ax.set(xlabel="measured rank, 1 is the best", ylabel="predicted rank, 1 is the best")
        ax.grid()
    return ax


def plot_calibration(
    y: npt.ArrayLike, predictions: Mapping[str, tuple[npt.ArrayLike, npt.ArrayLike]], *, ax: Axes | None = None
) -> Axes:
    """The share of values inside central intervals against their level (``kuleshov2018``).

    On the diagonal a predictor is calibrated; below it, its intervals are too narrow, above it too wide.

    Args:
        y: ``(n,)`` measured values.
        predictions: Name → mean and standard deviation, ``(n,)`` each.
        ax: Where to draw; by default on a new figure (``ax.figure``).

    Raises:
        InputError: The vectors do not fit, a ``std`` is negative, or there is no prediction by its name.

    >>> ax = plot_calibration([0.0, 1.0], {"forest": ([0.1, 0.8], [0.5, 0.5])})
    >>> ax.get_xlabel()
    'level of the interval'
    """
    check_mapping("predictions", predictions, "{'forest': (mean, std)}")
    if not predictions:
        raise InputError(
            "There is nothing to draw; give the mean and the standard deviation of at least one predictor."
        )
    with styled():
        ax = ax or figure(4.6, 4.2 + 0.18 * len(predictions))[1]
        ax.plot([0, 1], [0, 1], color=MUTED, linewidth=1, zorder=1)
        for name, (colour, dash) in colours(predictions).items():
            try:
                mean, std = predictions[name]
            except (TypeError, ValueError) as wrong:
                raise InputError(
                    f"predictions[{name!r}] is a mean and a standard deviation, as predict(..., return_std=True) gives "
                    f"them; got {type(predictions[name]).__name__}."
                ) from wrong
            curve = calibration_curve(y, mean, std)
            error = calibration_error(y, mean, std)
            ax.plot(
                [0, *curve.levels], [0, *curve.observed], color=colour, linestyle=dash, linewidth=1.7,
                label=f"{literal(name)}, off by {100 * error:.0f} points",
            )  # fmt: skip
        note: dict[str, Any] = {"color": MUTED, "fontsize": 8, "transform": ax.transAxes}
        ax.text(0.02, 0.97, "too wide", va="top", **note)
        ax.text(0.98, 0.03, "too narrow", ha="right", **note)
        _equal_axes(ax, 0.0, 1.0, room=0.0)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(FixedLocator([0, 0.25, 0.5, 0.75, 1]))
            axis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
        ax.set(xlabel="level of the interval", ylabel="share of values inside")
        ax.grid()
        _legend_above(ax)
    return ax


def _dots(n: int) -> tuple[float, float]:
    """Size and opacity of ``n`` dots: many are small and let each other through."""
    return (16.0, 0.8) if n <= FEW else (7.0, max(0.2, 0.8 * (FEW / n) ** 0.5))


def _equal_axes(ax: Axes, low: float, high: float, room: float = 0.04) -> None:
    """One scale on both axes, and the line on which they agree."""
    more = room * (high - low) or 0.5 * (room > 0)
    ax.set_xlim(low - more, high + more)
    ax.set_ylim(low - more, high + more)
    ax.set_box_aspect(1)
    if room:
        ax.axline((low, low), slope=1, color=INK, linewidth=0.9, alpha=0.6, zorder=3)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))


def _scaled(ax: Axes, size: float) -> str:
    """Ticks in full figures; in units of a power of ten, which is returned as text, for values far from 1."""
    exponent = 0 if size == 0 or 1e-3 <= size < 1e6 else int(np.floor(np.log10(size)))
    for axis in (ax.xaxis, ax.yaxis):
        formatter = ScalarFormatter(useOffset=False)
        formatter.set_scientific(exponent != 0)
        formatter.set_powerlimits((exponent, exponent))
        axis.set_major_formatter(formatter)
        axis.get_offset_text().set_visible(False)  # it would stand in the way of the legend; the label tells it
    return f"$10^{{{exponent}}}$" if exponent else ""


def _rank_ticks(n: int) -> list[float]:
    """1, and round ranks well away from it."""
    ticks = [float(tick) for tick in MaxNLocator(integer=True, nbins=5, steps=[1, 2, 5, 10]).tick_values(1, max(n, 2))]
    step = ticks[1] - ticks[0]
    return [1.0, *(tick for tick in ticks if 1 + step / 2 < tick <= n)]


def _legend_above(ax: Axes) -> None:
    legend = ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2, handlelength=1.6, fontsize=8)
    for handle in legend.legend_handles:
        if isinstance(handle, PathCollection):  # many dots are small and pale
            handle.set(sizes=[16.0], alpha=0.8)
