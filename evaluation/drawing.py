"""An architecture drawn as a layered graph, from its input on the left to its output on the right."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, PathPatch
from matplotlib.path import Path as Curve

from ..spaces import Architecture
from ..spaces.graphs import INPUT, OUTPUT
from .layout import HEIGHT, WIDTH, Place, chain_rows, layout
from .style import MUTED, styled

__all__ = ["draw_architecture"]

# pale fills with their outlines, dark text readable on each
FILLS = (
    ("#cfe3f3", "#3b7fb0"),
    ("#fbdcc4", "#c0682a"),
    ("#cdebdd", "#2c8a62"),
    ("#f1d8e7", "#a85c88"),
    ("#fbeabf", "#b0852a"),
    ("#d6d3ee", "#6a62b0"),
    ("#d3eef2", "#2f8f9c"),
    ("#f6d0d0", "#b34a4a"),
    ("#e3ecc3", "#7a8f2c"),
    ("#e6dccf", "#8c6f4a"),
)
ENDS = ("#e6e8ec", "#7d8490")
BOX_TEXT = "#16181d"  # stays dark where a page turns dark: its box stays pale
MARGIN, HEAD, BEND = 0.05, 0.1, 0.12  # inches around all, of an arrow, and of a corner
LONGEST = 22  # letters of a label
LINE = 13  # letters that fit on a line in full size


def draw_architecture(architecture: Architecture, ax: Axes | None = None) -> Axes:
    """The graph of an architecture: layers by depth, a box a node, without what no path from input to output meets.

    A colour belongs to an operation throughout a space. A long chain goes on in further rows, as a text does. Where the
    input does not reach the output, both are drawn apart, and the axes say so.

    Args:
        architecture: What to draw.
        ax: Where to draw; by default on a new figure of fitting size (``ax.figure``).

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool")})
    >>> ax = draw_architecture(space.parse("first=conv, second=pool")[0])
    >>> sorted(text.get_text() for text in ax.texts)
    ['conv', 'input', 'output', 'pool']
    """
    graphs = architecture.as_batch().graphs().pruned()
    graph = graphs.to_networkx(0)
    labels = {node: graph.nodes[node]["operation"] for node in graph}
    kinds = dict(enumerate(graphs.ops[0][graphs.mask[0]].tolist()))
    ends = [n for n in graph if kinds[n] == INPUT], [n for n in graph if kinds[n] == OUTPUT]
    places, routes = chain_rows(graph) or layout(graph, *ends)
    middles, passed = list(places.values()), [point for route in routes for point in route[1:-1]]
    x = [place + side * WIDTH / 2 for place, _ in middles for side in (-1, 1)] + [point for point, _ in passed]
    y = [place + side * HEIGHT / 2 for _, place in middles for side in (-1, 1)]
    with styled():
        if ax is None:
            # the axes fill a figure as large as the drawing, so that lengths are in inches and texts fit their boxes
            size = (max(x) - min(x) + 2 * MARGIN, max(y) - min(y) + 2 * MARGIN)
            ax = Figure(figsize=size).add_axes((0, 0, 1, 1))
        ax.set_axis_off()
        ax.set_xlim(min(x) - MARGIN, max(x) + MARGIN)
        ax.set_ylim(min(y) - MARGIN, max(y) + MARGIN)
        ax.set_aspect("equal")
        for route in routes:
            _draw_edge(ax, route)
        for node, label in labels.items():
            sizes = [f"{value:g}" for name in graphs.attribute_names if (value := graph.nodes[node][name])]
            fill, outline = ENDS if kinds[node] in (INPUT, OUTPUT) else FILLS[(kinds[node] - 2) % len(FILLS)]
            _draw_box(ax, places[node], " ".join([label, *sizes]), fill, outline)
        if not nx.has_path(graph, *_ends(kinds)):
            middle = ((min(x) + max(x)) / 2, (min(y) + max(y)) / 2)
            ax.text(*middle, "no path", ha="center", va="center", color=MUTED, fontsize=8, style="italic")
    return ax


def _ends(kinds: dict[int, int]) -> tuple[int, int]:
    nodes = {kind: node for node, kind in kinds.items()}
    return nodes[INPUT], nodes[OUTPUT]


def _draw_edge(ax: Axes, route: list[Place]) -> None:
    """A line with an arrow from the right of the first box to the left of the last."""
    (x0, y0), (x1, y1) = route[0], route[-1]
    start, tip, end = (x0 + WIDTH / 2, y0), (x1 - WIDTH / 2 - HEAD, y1), (x1 - WIDTH / 2, y1)
    curve = _smooth(start, route[1:-1], tip) if x0 < x1 else _angular(start, route[1:-1], tip)
    ax.add_patch(PathPatch(curve, facecolor="none", edgecolor=MUTED, linewidth=1.3, zorder=1))
    head = FancyArrowPatch(tip, end, arrowstyle="-|>", mutation_scale=11, color=MUTED, shrinkA=0, shrinkB=0)
    ax.add_patch(head)


def _smooth(start: Place, passed: list[Place], tip: Place) -> Curve:
    """Level at every point it passes."""
    points = [start, *((x + side * WIDTH / 2, y) for x, y in passed for side in (-1, 1)), tip]
    vertices, codes = [start], [Curve.MOVETO]
    for (xa, ya), (xb, yb) in pairwise(points):
        bend = (xb - xa) * 0.5
        vertices += [(xa + bend, ya), (xb - bend, yb), (xb, yb)]
        codes += [Curve.CURVE4] * 3
    return Curve(vertices, codes)


def _angular(start: Place, corners: list[Place], tip: Place) -> Curve:
    """Straight from corner to corner, which are rounded."""
    vertices, codes = [start], [Curve.MOVETO]
    for before, corner, after in zip([start, *corners], corners, [*corners[1:], tip], strict=False):
        vertices += [_towards(corner, before), corner, _towards(corner, after)]
        codes += [Curve.LINETO, Curve.CURVE3, Curve.CURVE3]
    return Curve([*vertices, tip], [*codes, Curve.LINETO])


def _towards(corner: Place, other: Place) -> Place:
    """Where the rounding of a corner ends."""
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    share = min(BEND / max(abs(dx), abs(dy)), 1.0)
    return corner[0] + share * dx, corner[1] + share * dy


def _draw_box(ax: Axes, place: Place, text: str, fill: str, outline: str) -> None:
    x, y = place
    corner = (x - WIDTH / 2, y - HEIGHT / 2)
    style = "round,pad=0,rounding_size=0.12"
    ax.add_patch(FancyBboxPatch(corner, WIDTH, HEIGHT, boxstyle=style, fc=fill, ec=outline, lw=1.2, zorder=2))
    lines = _two_lines(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")
    longest = max(len(line) for line in lines)
    size = min(9.0, (WIDTH - 0.12) * 72 / (0.66 * max(longest, 1)))  # a letter is up to about 0.66 of its size wide
    ax.text(
        x, y, "\n".join(lines).replace("$", r"\$"), ha="center", va="center", fontsize=size, color=BOX_TEXT, zorder=3
    )


def _two_lines(text: str) -> list[str]:
    """A text too long for one line, broken after the sign between its words that is nearest to the middle."""
    ends = [i + 1 for i, letter in enumerate(text[:-1]) if letter in "_- ./" and i > 0]
    if len(text) <= LINE or not ends:
        return [text]
    end = min(ends, key=lambda i: abs(2 * i - len(text)))
    return [text[:end].rstrip(), text[end:]]
