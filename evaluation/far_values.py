"""Axes that a few far values would flatten: they end before these, and say what is beyond."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

from .style import MUTED, wrapped

__all__ = ["Point", "end_before_far"]

FAR = 20.0  # median distances from the median
FLAT = 1 / 30  # of the axis, at least, must be left to the values that are not far
ROOM = 0.05  # around these, of what they fill
FEW = 2  # names in the remark


class Point(NamedTuple):
    """A point of a line.

    Attributes:
        name: The line's.
        colour: The line's.
        x: Its place.
        mean: What is drawn there; infinite where no axis can show it.
        low: The lower end of the mean's interval; NaN if it has none.
        high: The upper end.

    >>> Point("forest", "#0072b2", 10.0, 1.5, 1.25, 1.75).high
    1.75
    """

    name: str
    colour: str
    x: float
    mean: float
    low: float
    high: float


def end_before_far(ax: Axes, points: Sequence[Point]) -> None:
    """Let the vertical axis end before far values, if the others would fill less than a thirtieth of it.

    Far is what lies more than twenty times as far from the median of all as half of them do. An arrow head at the edge
    of the axes stands for each, and a remark tells how far the line goes.

    Args:
        ax: With the lines drawn; scales of the horizontal axis may still change.
        points: Those of all lines.

    >>> from augury.evaluation.style import figure
    >>> ax = figure()[1]
    >>> end_before_far(ax, [Point("tree", "red", x, y, y, y) for x, y in enumerate([1.0, 2.0, 3.0, 4.0, 1e6])])
    >>> bool(ax.get_ylim()[1] < 5), ax.get_title(loc="right")
    (True, 'beyond the axis: tree, as far as 1e+06')
    """
    means = np.asarray([point.mean for point in points], dtype=np.float64)
    finite = np.isfinite(means)
    if not finite.any():
        return
    distance = np.abs(means - np.median(means[finite]))
    usual = float(np.median(distance[finite]))
    far = finite & (distance > FAR * usual) & (usual > 0)
    near = [point for point, beyond in zip(points, far | ~finite, strict=True) if not beyond]
    low = min(np.fmin(point.low, point.mean) for point in near)
    high = max(np.fmax(point.high, point.mean) for point in near)
    if far.any() and high - low < FLAT * np.ptp(means[finite]):
        ax.set_ylim(low - ROOM * (high - low), high + ROOM * (high - low))
    else:
        far[:] = False
    _remark(ax, [point for point, beyond in zip(points, far | np.isinf(means), strict=True) if beyond], high)


def _remark(ax: Axes, beyond: Sequence[Point], high: float) -> None:
    """Arrow heads where lines leave the axes, and how far they go."""
    farthest: dict[str, float] = {}
    for point in beyond:
        above = point.mean > high
        head, transform = "^" if above else "v", ax.get_xaxis_transform()
        ax.plot(point.x, float(above), head, color=point.colour, markersize=6, transform=transform, clip_on=False)
        farthest[point.name] = max(farthest.get(point.name, point.mean), point.mean, key=abs)
    if len(farthest) > FEW:
        farthest = {f"{len(farthest)} lines": max(farthest.values(), key=abs)}
    if farthest:
        told = "; ".join(f"{name}, as far as {_text(value)}" for name, value in farthest.items())
        text = wrapped(f"beyond the axis: {told}", ax.bbox.width / ax.figure.dpi)
        ax.set_title(text, loc="right", fontsize=8, fontweight="normal", color=MUTED)  # beside that of the figure


def _text(value: float) -> str:
    return "infinity" if np.isinf(value) else f"{value:.3g}".replace("-", "−")
