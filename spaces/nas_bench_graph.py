"""The space of graph neural networks of NAS-Bench-Graph."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import permutations, product
from typing import Any

import numpy as np
import numpy.typing as npt

from .architectures import Architectures
from .errors import InputError, UnknownNameError
from .graphs import INPUT, OUTPUT, GraphBatch
from .operation_cost import OperationCost
from .space import SearchSpace

__all__ = ["LINKS", "OPERATIONS", "NASBenchGraphSpace"]

OPERATIONS = ("gat", "gcn", "gin", "cheb", "sage", "arma", "graph", "fc", "skip")

COSTS = {
    "gat": OperationCost(parameters=1, multiply_adds=1, reach=1),
    "gcn": OperationCost(parameters=1, multiply_adds=1, reach=1),
    "gin": OperationCost(parameters=1, multiply_adds=1, reach=1),
    "cheb": OperationCost(parameters=2, multiply_adds=2, reach=1),  # of order 2, a matrix each
    "sage": OperationCost(parameters=2, multiply_adds=2, reach=1),  # one matrix for a node, one for its neighbours
    "arma": OperationCost(parameters=2, multiply_adds=2, reach=1),
    "graph": OperationCost(parameters=2, multiply_adds=2, reach=1),
    "fc": OperationCost(parameters=1, multiply_adds=1),
    "skip": OperationCost(),
}
"""In units of h², the weights between two layers of h units, and of h² a node; sums over edges are not counted."""

KINDS = {
    **dict.fromkeys(("gcn", "gin", "cheb", "sage", "arma", "graph"), "aggregation"),
    "gat": "attention",
    "fc": "linear",
    "skip": "skip",
}

LINKS = (
    (0, 0, 0, 0),
    (0, 0, 0, 1),
    (0, 0, 1, 1),
    (0, 0, 1, 2),
    (0, 0, 1, 3),
    (0, 1, 1, 1),
    (0, 1, 1, 2),
    (0, 1, 2, 2),
    (0, 1, 2, 3),
)
"""Where each of the four computing nodes takes its input: 0 is the raw input, ``i`` the ``i``-th computing node."""

SKIP = OPERATIONS.index("skip")


class NASBenchGraphSpace(SearchSpace):
    """Four computing nodes in one of nine tree shapes, nine operations a node (``qin2022``).

    Every node takes one input; the outputs of nodes that nobody takes are concatenated. The genotype is the index of
    the link pattern in `LINKS`, then four operations in the order gat, gcn, gin, cheb, sage, arma, graph, fc, skip.
    The network that only skips is none of its architectures.

    Canonical form, as the benchmark defines it: a skip that passes its input to a later node, that nobody stands
    beside, or that hands the raw input to the output, moves to the front of the tree, where it does nothing; then
    the nodes take the smallest order of operations that their tree shape admits. The 26,206 architectures of the
    benchmark are exactly the canonical ones.

    >>> space = NASBenchGraphSpace()
    >>> one = space.parse("|gcn~0|gat~0|skip~1|fc~2|")
    >>> one.genotypes.tolist()
    [[3, 1, 0, 8, 7]]
    >>> len(space.enumerate()), len(space.enumerate().distinct())
    (59040, 26206)
    """

    def __init__(self) -> None:
        self.operations = OPERATIONS
        self.cardinalities = (len(LINKS), *[len(OPERATIONS)] * 4)

    def config(self) -> Mapping[str, Any]:
        """No arguments."""
        return {}

    @property
    def operation_costs(self) -> Mapping[str, OperationCost]:
        """Matrices of weights and hops; see `COSTS`."""
        return COSTS

    @property
    def operation_kinds(self) -> Mapping[str, str]:
        """Aggregations over neighbours, attention, a layer for each node alone, and the skip."""
        return KINDS

    def valid(self, genotypes: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Not the network that only skips."""
        acts: npt.NDArray[np.bool_] = (genotypes[:, 1:] != SKIP).any(axis=1)
        return acts

    def positions(self) -> Mapping[str, Sequence[str | float]]:
        """The name and the values of each position of a genotype."""
        links = tuple(" ".join(map(str, link)) for link in LINKS)
        return {"links": links, **{f"node {i}": OPERATIONS for i in range(1, 5)}}

    def graphs(self, architectures: Architectures) -> GraphBatch:
        """Input, four computing nodes, output; nodes that nobody takes lead to the output."""
        n = len(architectures)
        ops = np.full((n, 6), INPUT, dtype=np.int64)
        ops[:, 1:5] = architectures.genotypes[:, 1:] + 2
        ops[:, 5] = OUTPUT
        shapes = np.zeros((len(LINKS), 6, 6), dtype=bool)
        for shape, link in zip(shapes, LINKS, strict=True):
            for node, parent in enumerate(link, start=1):
                shape[parent, node] = True
                shape[node, 5] = node not in link
        return GraphBatch(ops, shapes[architectures.genotypes[:, 0]], self.labels)

    def canonical(self, architectures: Architectures) -> Architectures:
        """Each one's representative; see the class."""
        parents = np.asarray(LINKS)[architectures.genotypes[:, 0]]
        ops = architectures.genotypes[:, 1:]
        parents, ops = _idle_skips_first(parents, ops)
        return Architectures._trusted(self, _smallest_order(parents, ops))

    def format(self, genotype: npt.ArrayLike) -> str:
        """``|op~input|`` for each computing node, with inputs as in `LINKS`."""
        pattern, *ops = (int(i) for i in np.asarray(genotype))
        return (
            "|" + "|".join(f"{OPERATIONS[op]}~{parent}" for op, parent in zip(ops, LINKS[pattern], strict=True)) + "|"
        )

    def _parse_one(self, text: str) -> tuple[int, ...]:
        """Also reads the JSON form ``{"link": [0, 1, 2, 3], "ops": ["gcn", …]}``, with nodes in any valid order."""
        try:
            if text.lstrip().startswith("{"):
                given = json.loads(text)
                link, names = [int(i) for i in given["link"]], [str(name) for name in given["ops"]]
            else:
                found = re.findall(r"(\w+)~(\d)", text)
                rest = re.sub(r"\w+~\d", "", text)
                if re.search(r"[\w~]", rest):
                    raise ValueError(f"{rest.strip(' |')!r} is left over")
                link, names = [int(i) for _, i in found], [name for name, _ in found]
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{text!r} cannot be read ({error}); write it like '|gcn~0|gat~1|fc~1|skip~2|'."
            ) from error
        if len(link) != 4 or len(names) != 4 or any(parent > node for node, parent in enumerate(link)):
            raise InputError(
                f"{text!r} is not four operations that each take an earlier one (0 is the input); "
                "write it like '|gcn~0|gat~1|fc~1|skip~2|'."
            )
        for name in names:
            if name not in OPERATIONS:
                raise UnknownNameError("operation", name, OPERATIONS)
        ops = [OPERATIONS.index(name) for name in names]
        if tuple(link) in LINKS:
            return (LINKS.index(tuple(link)), *ops)
        return tuple(_smallest_order(np.asarray([link]), np.asarray([ops]))[0].tolist())


def _idle_skips_first(
    parents: npt.NDArray[np.int64], ops: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """``(n, 4)`` parents and operations with every skip that does nothing moved to the front of its tree."""
    parents, ops = parents.copy(), ops.copy()
    for node in range(1, 5):  # parents count from 1, columns from 0
        column = node - 1
        parent = parents[:, [column]]
        has_child = (parents == node).any(axis=1)
        has_sibling = (parents == parent).sum(axis=1) > 1
        raw = np.zeros((len(ops), 5), dtype=bool)  # does a node hold the raw input?
        raw[:, 0] = True
        for k in range(1, 5):
            raw[:, k] = (ops[:, k - 1] == SKIP) & np.take_along_axis(raw, parents[:, [k - 1]], axis=1)[:, 0]
        idle = (ops[:, column] == SKIP) & (has_child | ~has_sibling | raw[:, node])
        moved = np.where(parents == node, parent, parents)  # its children take what it took
        moved = np.where(moved < node, moved + 1, moved)  # the earlier nodes are one further back
        order = [column, *range(column), *range(node, 4)]
        moved = moved[:, order]
        moved[:, 0] = 0
        parents = np.where(idle[:, None], moved, parents)
        ops = np.where(idle[:, None], ops[:, order], ops)
    return parents, ops


@cache
def _orders() -> tuple[dict[tuple[int, ...], int], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """For each way to link four nodes: the pattern it is a renumbering of, and all renumberings that show it.

    Returns the row of each link tuple; ``(rows,)`` patterns; ``(rows, 24, 4)`` orders, padded with the last.
    """
    rows: dict[tuple[int, ...], int] = {}
    patterns: list[int] = []
    orders: list[list[tuple[int, ...]]] = []
    for link in product(*(range(node + 1) for node in range(4))):
        shown: dict[int, list[tuple[int, ...]]] = {}
        for order in permutations(range(4)):
            place = {0: 0, **{old + 1: new + 1 for new, old in enumerate(order)}}
            renumbered = tuple(place[link[old]] for old in order)
            if renumbered in LINKS:
                shown.setdefault(LINKS.index(renumbered), []).append(order)
        (pattern, found), *others = shown.items()
        assert not others, "the nine patterns are different trees"
        rows[link] = len(patterns)
        patterns.append(pattern)
        orders.append(found + [found[-1]] * (24 - len(found)))
    return rows, np.asarray(patterns), np.asarray(orders)


def _smallest_order(parents: npt.NDArray[np.int64], ops: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """``(n, 5)`` genotypes: each tree in the one of `LINKS` it renumbers to, with the smallest operations."""
    rows, patterns, orders = _orders()
    table = np.zeros((1, 2, 3, 4), dtype=np.int64)
    for link, row in rows.items():
        table[link] = row
    row = table[tuple(parents.T)]
    rows_of_ops = np.arange(len(ops))
    ways = ops[rows_of_ops[:, None, None], orders[row]]  # (n, 24, 4)
    best = (ways @ np.asarray([729, 81, 9, 1])).argmin(axis=1)
    return np.concatenate([patterns[row][:, None], ways[rows_of_ops, best]], axis=1)
