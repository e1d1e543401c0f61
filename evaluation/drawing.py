"""An architecture drawn as a layered graph, from its input on the left to its output on the right."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, PathPatch
from matplotlib.path import Path as Curve

from ..spaces import Architecture
from ..spaces.graphs import INPUT, OUTPUT
from .style import MUTED, styled

__all__ = ["draw_architecture", "layout"]

Node = int | tuple[int, int, int]  # of the graph, or where a long edge passes a layer: (source, target, layer)
Place = tuple[float, float]

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
WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN = 1.1, 0.4, 0.5, 0.26, 0.05  # in inches, as drawn on a figure of this module's own
HEAD = 0.1  # of an arrow
LONGEST = 22  # letters of a label
LINE = 13  # letters that fit on a line in full size


def draw_architecture(architecture: Architecture, ax: Axes | None = None) -> Axes:
    """The graph of an architecture: layers by depth, a box a node, without what no path from input to output meets.

    A colour belongs to an operation throughout a space. Where the input does not reach the output, both are drawn
    apart, and the axes say so.

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
    kinds = {node: graphs.labels.index(label) for node, label in labels.items()}
    places, routes = layout(graph, [n for n in graph if kinds[n] == INPUT], [n for n in graph if kinds[n] == OUTPUT])
    x = [place[0] for place in places.values()]
    y = [place[1] for place in places.values()]
    with styled():
        if ax is None:
            # the axes fill a figure as large as the drawing, so that lengths are in inches and texts fit their boxes
            size = (max(x) - min(x) + WIDTH + 2 * MARGIN, max(y) - min(y) + HEIGHT + 2 * MARGIN)
            ax = Figure(figsize=size).add_axes((0, 0, 1, 1))
        ax.set_axis_off()
        ax.set_xlim(min(x) - WIDTH / 2 - MARGIN, max(x) + WIDTH / 2 + MARGIN)
        ax.set_ylim(min(y) - HEIGHT / 2 - MARGIN, max(y) + HEIGHT / 2 + MARGIN)
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


def layout(
    graph: nx.DiGraph[int], inputs: list[int], outputs: list[int]
) -> tuple[dict[Node, Place], list[list[Place]]]:
    """Where nodes stand, and the points that edges pass.

    A node's layer is the longest way to it from a source; outputs stand behind all others. A long edge gets a place
    of its own in every layer it passes, so that it runs between the boxes, not behind them. Within layers, a few sweeps
    bring nodes near the mean height of what they are linked to (the barycentre method).

    Args:
        graph: Directed and acyclic.
        inputs: Nodes of the first layer.
        outputs: Nodes of the last layer.

    Returns:
        Node → (x, y), and for each edge its points from source to target.
    """
    layer: dict[Node, int] = {}
    for node in nx.topological_sort(graph):
        layer[node] = max((layer[parent] + 1 for parent in graph.predecessors(node)), default=0)
    last = max([*(depth for node, depth in layer.items() if node not in outputs), 0]) + 1
    layer |= dict.fromkeys(outputs, last)
    layer |= dict.fromkeys(inputs, 0)
    chains: list[list[Node]] = []
    for source, target in graph.edges:
        passed = [(source, target, depth) for depth in range(layer[source] + 1, layer[target])]
        layer |= {point: point[2] for point in passed}
        chains.append([source, *passed, target])
    links = nx.Graph((a, b) for chain in chains for a, b in pairwise(chain))
    links.add_nodes_from(layer)
    rows = [[node for node, depth in layer.items() if depth == d] for d in range(last + 1)]
    height = {node: float(i) for row in rows for i, node in enumerate(row)}
    for sweep in range(8):
        for d in range(last + 1) if sweep % 2 == 0 else range(last, -1, -1):
            beside = d - 1 if sweep % 2 == 0 else d + 1
            near = {n: [height[m] for m in links[n] if layer[m] == beside] for n in rows[d]}
            rows[d].sort(key=lambda n: float(np.mean(near[n])) if near[n] else height[n])
            middle = (len(rows[d]) - 1) / 2
            height |= {node: i - middle for i, node in enumerate(rows[d])}
    places = {node: (layer[node] * (WIDTH + GAP_X), -height[node] * (HEIGHT + GAP_Y)) for row in rows for node in row}
    return places, [[places[node] for node in chain] for chain in chains]


def _ends(kinds: dict[int, int]) -> tuple[int, int]:
    nodes = {kind: node for node, kind in kinds.items()}
    return nodes[INPUT], nodes[OUTPUT]


def _draw_edge(ax: Axes, route: list[Place]) -> None:
    """A smooth line from the right of the first box to the left of the last, level at every point it passes."""
    (x0, y0), (x1, y1) = route[0], route[-1]
    points = [(x0 + WIDTH / 2, y0)]
    for x, y in route[1:-1]:
        points += [(x - WIDTH / 2, y), (x + WIDTH / 2, y)]
    end = (x1 - WIDTH / 2, y1)
    points.append((end[0] - HEAD, y1))
    vertices, codes = [points[0]], [Curve.MOVETO]
    for (xa, ya), (xb, yb) in pairwise(points):
        bend = (xb - xa) * 0.5
        vertices += [(xa + bend, ya), (xb - bend, yb), (xb, yb)]
        codes += [Curve.CURVE4] * 3
    ax.add_patch(PathPatch(Curve(vertices, codes), facecolor="none", edgecolor=MUTED, linewidth=1.3, zorder=1))
    head = FancyArrowPatch(points[-1], end, arrowstyle="-|>", mutation_scale=11, color=MUTED, shrinkA=0, shrinkB=0)
    ax.add_patch(head)


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
