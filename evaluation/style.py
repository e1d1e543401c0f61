"""How figures look: colours that the colour-blind can tell apart, quiet axes, text that stays text in SVG."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from html import escape

import matplotlib as mpl
import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = [
    "GRID",
    "HANDLE",
    "INK",
    "MARKERS",
    "MUTED",
    "TITLE_LETTER",
    "Dash",
    "colours",
    "figure",
    "figure_beside",
    "legend_above",
    "legend_beside",
    "legend_columns",
    "room",
    "styled",
    "svg",
    "wrapped",
]

INK = "#20242c"
MUTED = "#6c7280"
GRID = "#d9dce2"

# Okabe and Ito's palette in an order that keeps neighbours far apart, without its yellow, too pale on white
PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f")
REM_PER_POINT = 0.0875
LETTER = 0.07  # inches that a letter of 9 points is wide, about
TITLE_LETTER = 0.09  # of a title, which is bold
HANDLE = 0.45  # inches of what stands before a name in a legend

Dash = str | tuple[int, tuple[float, ...]]
Line = tuple[str, Dash]

# their number has no factor in common with that of the colours, so neighbours differ in both and repeat late
DASHES: tuple[Dash, ...] = ("-", (0, (4, 1.6)), (0, (1.2, 1.4)), (0, (5, 1.4, 1.2, 1.4)))
MARKERS = ("o", "s", "^", "D")


def styled() -> AbstractContextManager[None]:
    """Inside it, matplotlib draws and saves in this style; outside, nothing has changed."""
    return mpl.rc_context(
        {
            "svg.fonttype": "none",  # text stays text: it can be searched, read aloud and restyled by the page
            "svg.hashsalt": "augury",  # the same figure is the same bytes
            "font.family": "sans-serif",
            "font.size": 9,
            "axes.titlesize": 10,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "text.color": INK,
            "axes.labelcolor": INK,
            "axes.edgecolor": MUTED,
            "xtick.color": MUTED,
            "ytick.color": MUTED,
            "xtick.labelcolor": INK,
            "ytick.labelcolor": INK,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.linewidth": 0.8,
            "axes.axisbelow": True,
            "grid.color": GRID,
            "grid.linewidth": 0.7,
            "legend.frameon": False,
            "figure.facecolor": "white",  # dark text must not end up on a dark page; `svg` leaves it out
            "axes.facecolor": "none",
        }
    )


def colours(names: Iterable[str]) -> dict[str, Line]:
    """A colour and a line style for each name, by order; 28 look different, the first four in a print without colours.

    >>> colours(["cold", "warm"])["warm"]
    ('#d55e00', (0, (4, 1.6)))
    """
    return {name: (PALETTE[i % len(PALETTE)], DASHES[i % len(DASHES)]) for i, name in enumerate(names)}


def figure(width: float = 6.0, height: float = 3.6) -> tuple[Figure, Axes]:
    """An empty figure in this style with one pair of axes; sizes in inches."""
    with styled():
        made = Figure(figsize=(width, height), layout="constrained")
        return made, made.add_subplot()


def figure_beside(names: Sequence[str]) -> tuple[Figure, Axes]:
    """An empty figure with room to the right for these names, in a legend."""
    return figure(max(7.0, 5.0 + HANDLE + room(names)), max(3.6, 0.4 + 0.2 * len(names)))


def room(names: Iterable[str]) -> float:
    """Inches that the longest of some names takes up, about.

    >>> round(room(["cold", "regularized-evolution"]), 2)
    1.47
    """
    return LETTER * max(map(len, names), default=0)


def wrapped(text: str, inches: float) -> str:
    """A text on as many lines as it needs to be no wider, about.

    >>> wrapped("predicted accuracy, %", 1.4)
    'predicted accuracy,\\n%'
    """
    return textwrap.fill(text, max(int(inches / LETTER), 1), break_long_words=False, break_on_hyphens=False)


def legend_above(ax: Axes) -> None:
    """Above the axes up to their right end, in as many columns, up to three, as leave no name cut off on the left."""
    handles, labels = ax.get_legend_handles_labels()
    inches = ax.bbox.x1 / ax.figure.dpi
    ax.legend(handles, labels, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=legend_columns(labels, inches))


def legend_columns(labels: Sequence[str], inches: float) -> int:
    """In how many columns, up to three, the names of a legend fit beside each other.

    >>> legend_columns(["cold", "warm", "random"], 4.0), legend_columns(["a strategy with a long name"] * 3, 4.0)
    (3, 1)
    """
    for columns in (3, 2):
        # as matplotlib fills them
        parts = [part for part in np.array_split(np.asarray(labels, dtype=object), columns) if len(part)]
        if sum(HANDLE + room(part) for part in parts) <= inches:
            return columns
    return 1


def legend_beside(ax: Axes) -> None:
    """To the right of the axes, in the order in which the lines end, so that none is hidden."""
    named = [line for line in ax.get_lines() if not str(line.get_label()).startswith("_")]
    lines = sorted(named, key=lambda line: -float(np.asarray(line.get_ydata())[-1]))
    ax.legend(handles=lines, loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0.0)


def svg(ax: Axes, label: str, name: str) -> Markup:
    """A figure as an ``<svg>`` element to stand in a page; it refers to nothing outside itself.

    Args:
        ax: The figure's axes.
        label: What it shows, for those who do not see it.
        name: Different for each figure of the page; keeps their inner references apart.
    """
    made = ax.figure
    assert isinstance(made, Figure), "none is part of another"
    buffer = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with styled():
        made.savefig(buffer, format="svg", metadata=nothing, transparent=True)  # the page's background shows through
    text = buffer.getvalue()
    text = text[text.index("<svg") :]  # without the XML heading, which names outside addresses
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'(href="#|url\(#)', rf"\g<1>{name}-", text)
    view = re.search(r'viewBox="[^"]*"', text)
    assert view is not None, "matplotlib gives every figure a view box"
    for colour, name_in_page in ((INK, "ink"), (MUTED, "muted"), (GRID, "grid")):
        text = text.replace(colour, f"var(--{name_in_page}, {colour})")  # so that a dark page can turn them
    # as large as it was made, text of 9 points at about 13 pixels; narrow screens shrink it, then scroll
    width = made.get_figwidth() * 72 * REM_PER_POINT
    size = f"width:{width:.1f}rem;max-width:100%;min-width:{min(width, 26):.1f}rem"
    head = f'<svg role="img" aria-label="{escape(label)}" {view[0]} style="{size}">'
    return Markup(head + text[text.index(">") + 1 :].strip())
