"""Where the boxes of a drawn architecture stand, and where the lines between them run."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np

__all__ = ["GAP_X", "HEIGHT", "WIDTH", "Place", "chain_rows", "layout"]

Node = int | tuple[int, int, int]  # of the graph, or where a long edge passes a layer: (source, target, layer)
Place = tuple[float, float]

WIDTH, HEIGHT, GAP_X, GAP_Y = 1.1, 0.4, 0.5, 0.26  # of boxes, and between them, in inches
BESIDE = 6  # boxes in a row of a chain, at most
GAP_ROWS = 0.5  # inches between rows of a chain, through which a line leads back


def layout(
    graph: nx.DiGraph[int], inputs: list[int], outputs: list[int]
) -> tuple[dict[Node, Place], list[list[Place]]]:
    """Where nodes stand, and the points that edges pass; lengths are in inches.

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


def chain_rows(graph: nx.DiGraph[int]) -> tuple[dict[Node, Place], list[list[Place]]] | None:
    """`layout` of a chain too long for one row, in rows of about equal length; None for any other graph.

    An edge to the next row has as its points the corners of a line that leads back between the rows.

    >>> places, routes = chain_rows(nx.path_graph(7, create_using=nx.DiGraph))
    >>> [places[node][0] for node in (0, 3, 4)], len(routes[3])
    ([0.0, 4.800000000000001, 0.0], 6)
    """
    n = len(graph)
    if (
        n <= BESIDE
        or not nx.is_weakly_connected(graph)
        or any(max(graph.in_degree[i], graph.out_degree[i]) > 1 for i in graph)
    ):
        return None
    order = list(nx.topological_sort(graph))
    columns = -(-n // -(-n // BESIDE))  # as many as it takes for the least number of rows
    places: dict[Node, Place] = {
        node: (i % columns * (WIDTH + GAP_X), -(i // columns) * (HEIGHT + GAP_ROWS)) for i, node in enumerate(order)
    }
    routes = []
    for before, after in pairwise(order):
        (x0, y0), (x1, y1) = places[before], places[after]
        right, left, middle = x0 + (WIDTH + GAP_X) / 2, x1 - (WIDTH + GAP_X) / 2, (y0 + y1) / 2
        corners = [(right, y0), (right, middle), (left, middle), (left, y1)] if x1 < x0 else []
        routes.append([(x0, y0), *corners, (x1, y1)])
    return places, routes
