"""An architecture drawn with letters and lines, for a terminal or a log: its input at the top, its output below."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.optimize import isotonic_regression

from ..spaces import Architecture
from .wiring import Wire, route

__all__ = ["sketch"]

Item = tuple[int, int]  # node and layer: a box in the node's own layer, its wire in those it passes
Links = Mapping[Item, Sequence[Item]]
SWEEPS = 10
GAP = 2  # columns between boxes


def sketch(architecture: Architecture, width: int = 80) -> str:
    """The graph of an architecture as lines of text, without what no path from input to output meets.

    Lines never join: each enters its box at a place of its own, and where two cross, the level one is interrupted.
    A chain is written in a row.

    Args:
        architecture: What to draw.
        width: Columns after which a chain goes on in the next line; any other graph takes what it needs.

    >>> from augury.spaces import ChoiceSpace, NASBenchGraphSpace
    >>> print(sketch(ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool")}).from_genotypes([[0, 1]])[0]))
    input → conv → pool → output
    >>> print(sketch(NASBenchGraphSpace().parse("|gcn~0|gat~0|fc~1|gin~1|")[0]))
           [ input ]
           ┌───┴────┐
        [ gcn ]  [ gat ]
       ┌───┴───┐    └┐
    [ fc ]  [ gin ]  │
       └────┐ ┌┘┌────┘
         [ output ]
    """
    graphs = architecture.as_batch().graphs().pruned().topological()
    nodes = np.flatnonzero(graphs.mask[0])
    texts = [
        " ".join([graphs.labels[graphs.ops[0, node]], *(f"{size:g}" for size in graphs.attributes[0, node] if size)])
        for node in nodes
    ]
    adjacency = graphs.adjacency[0][np.ix_(nodes, nodes)]
    if not adjacency.any():
        return "   ".join([*texts, "(no path)"])
    if (adjacency.sum(axis=0) <= 1).all() and (adjacency.sum(axis=1) <= 1).all():
        return "\n".join(textwrap.wrap(" → ".join(texts), width))
    rows, below = _layers(adjacency)
    above = {item: [other for other in below if item in below[other]] for item in below}
    own = {node: min(depth for other, depth in below if other == node) for node, _ in below}
    boxes = {
        item: f"[ {texts[item[0]].center(2 * len(above[item]) - 5)} ]" if own[item[0]] == item[1] else "│"
        for item in below
    }
    rows = _ordered(rows, above, below)
    centres = _centres(rows, {item: len(text) for item, text in boxes.items()}, above, below)
    return _drawn(rows, boxes, centres, above, below)


def _layers(adjacency: npt.NDArray[np.bool_]) -> tuple[list[list[Item]], dict[Item, list[Item]]]:
    """Boxes and wires of each layer, and what each leads to in the next; nodes come in topological order."""
    layer = [0] * len(adjacency)
    for node in range(len(adjacency)):
        layer[node] = max((layer[parent] + 1 for parent in np.flatnonzero(adjacency[:, node])), default=0)
    below: dict[Item, list[Item]] = {}
    for node, depth in enumerate(layer):
        targets = [int(target) for target in np.flatnonzero(adjacency[node])]
        for d in range(depth, max([layer[target] for target in targets], default=depth + 1)):
            further = [(node, d + 1)] if any(layer[target] > d + 1 for target in targets) else []
            below[node, d] = further + [(target, d + 1) for target in targets if layer[target] == d + 1]
    rows: list[list[Item]] = [[] for _ in range(max(layer) + 1)]
    for item in below:
        rows[item[1]].append(item)
    return rows, below


def _ordered(rows: list[list[Item]], above: Links, below: Links) -> list[list[Item]]:
    """Each row sorted by the mean place of what it is linked to, over a few sweeps (the barycentre method)."""
    for sweep in range(SWEEPS):
        downwards = sweep % 2 == 0
        links = above if downwards else below
        for d in range(1, len(rows)) if downwards else range(len(rows) - 2, -1, -1):
            beside = {item: place for place, item in enumerate(rows[d - 1 if downwards else d + 1])}
            near = {item: float(np.mean([beside[other] for other in links[item]])) for item in rows[d]}
            rows[d].sort(key=near.__getitem__)
    return rows


def _centres(rows: list[list[Item]], sizes: Mapping[Item, int], above: Links, below: Links) -> dict[Item, int]:
    """The column of each item's middle: as near to those it is linked to as the widths of its row allow."""
    offsets: dict[Item, int] = {}
    for row in rows:
        steps = [(sizes[a] + sizes[b]) // 2 + GAP for a, b in pairwise(row)]
        offsets |= dict(zip(row, np.cumsum([0, *steps]).tolist(), strict=True))
    x = {item: offset - offsets[row[-1]] / 2 for row in rows for item in row for offset in [offsets[item]]}
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wanted = [float(np.mean([x[other] for other in (*above[i], *below[i])])) - offsets[i] for i in row]
            x |= {item: float(at) + offsets[item] for item, at in zip(row, isotonic_regression(wanted).x, strict=True)}
    left = min(x[item] - sizes[item] for item in x)
    return {item: int(np.floor(at - left + 0.5)) for item, at in x.items()}


def _drawn(
    rows: list[list[Item]], boxes: Mapping[Item, str], centres: dict[Item, int], above: Links, below: Links
) -> str:
    lines = []
    for depth, row in enumerate(rows):
        line = ""
        for item in row:
            line = line.ljust(centres[item] - len(boxes[item]) // 2) + boxes[item]
        lines.append(line)
        if depth + 1 == len(rows):
            break
        while (drawn := route(_wires(row, rows[depth + 1], centres, above, below))) is None:
            centres |= {item: centres[item] + 1 for later in rows[depth + 1 :] for item in later}
        lines += drawn
    margin = min(len(line) - len(line.lstrip()) for line in lines)
    return "\n".join(line[margin:].rstrip() for line in lines)


def _wires(
    row: list[Item], following: list[Item], centres: Mapping[Item, int], above: Links, below: Links
) -> list[Wire]:
    """One for each item that leads on; into a box, every second column is an entry, in the order of what comes in."""
    entries: dict[tuple[Item, Item], int] = {}
    for target in following:
        sources = sorted(above[target], key=centres.__getitem__)
        first = centres[target] - len(sources) + 1
        entries |= {(source, target): first + 2 * place for place, source in enumerate(sources)}
    return [Wire(centres[item], tuple(entries[item, target] for target in below[item])) for item in row if below[item]]
