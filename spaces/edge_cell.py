"""Cells with an operation on every edge of a complete directed acyclic graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import permutations
from typing import Any

import numpy as np
import numpy.typing as npt

from .architectures import Architectures
from .arguments import whole_number
from .errors import InputError, UnknownNameError
from .fingerprint import fingerprints
from .graphs import INPUT, OUTPUT, PADDING, GraphBatch
from .operation_cost import OperationCost, costs_from, costs_to_json
from .operation_kind import kinds_from, kinds_to_json
from .space import SearchSpace
from .values import plain_list

__all__ = ["IDENTITY", "ZERO", "EdgeCellSpace"]

ZERO = "none"
IDENTITY = ("skip", "skip_connect", "identity")
ALL_CLASSES = 2**18  # up to here, representatives are chosen among all genotypes of a class
MOST_PERMUTED = 8  # nodes of which every order is tried: 720 of six inner ones


class EdgeCellSpace(SearchSpace):
    """A cell of a few nodes; each node is the sum of what its incoming edges make of the earlier nodes.

    The genotype has an operation index for each edge, ordered by target node, then by source: 0→1, 0→2, 1→2, 0→3 …
    The operation ``"none"`` cuts its edge; ``"skip"``, ``"skip_connect"`` and ``"identity"`` pass their source on.

    The graph has one node an edge, besides input and output (operations sit on nodes there).

    Two cells have one canonical form when they apply the same operations to the same sums: the order of a sum does
    not matter, a skip stands for what it skips from, and an operation that no path from input to output meets is
    none. NAS-Bench-201's 15,625 cells have 5,425 such forms. The 6,466 of its paper (``dong2020``) compare the cells'
    expanded expressions as texts: there an operation on nothing still leaves a mark, which tells equal cells apart,
    and one operation used twice looks like two operations used once, which confuses different ones.
    The representative is the genotype of the class with the fewest live edges, and the first of those, where the
    space has at most 262,144 genotypes; in a larger one, dead edges are cut and inner nodes brought into their first
    order, which tells more cells apart than need be.

    Args:
        operations: The operations an edge may hold, in genotype order.
        nodes: How many nodes the cell has, input and output included; at least 2.
        operation_costs: Operation → what it takes; those left out are free. Nothing is known unless it is given.
        operation_kinds: Operation → its kind, such as ``"convolution"``, where its name does not tell it.

    Raises:
        InputError: Fewer than two nodes, no operation, one twice or that is no text, or a cost of the wrong form.
        UnknownNameError: A cost or a kind of another operation, or a kind that there is not.

    >>> space = EdgeCellSpace(operations=("none", "skip", "conv"), nodes=3)
    >>> a, b = space.parse(["|conv~0|+|none~0|skip~1|", "|conv~0|+|conv~0|none~1|"]).canonical()
    >>> a == b
    True
    """

    def __init__(
        self,
        operations: Sequence[str],
        nodes: int,
        operation_costs: Mapping[str, OperationCost | Mapping[str, float]] | None = None,
        operation_kinds: Mapping[str, str] | None = None,
    ) -> None:
        self.operations = _checked(operations)
        self.nodes = whole_number(nodes, "nodes", least=2)  # input and output at the least
        self.edges = tuple((source, target) for target in range(1, self.nodes) for source in range(target))
        self.cardinalities = (len(self.operations),) * len(self.edges)
        self._operation_costs = costs_from(operation_costs, self.operations)
        self._operation_kinds = kinds_from(operation_kinds, self.operations)

    def config(self) -> Mapping[str, Any]:
        """The constructor's arguments."""
        costs, kinds = costs_to_json(self._operation_costs), kinds_to_json(self._operation_kinds)
        return {"operations": list(self.operations), "nodes": self.nodes, **costs, **kinds}

    @property
    def operation_costs(self) -> Mapping[str, OperationCost]:
        """What each operation takes, if it was given."""
        return self._operation_costs

    @property
    def operation_kinds(self) -> Mapping[str, str]:
        """The kind of each operation: what was given, or what its name tells."""
        return self._operation_kinds

    def positions(self) -> Mapping[str, Sequence[str | float]]:
        """The name and the values of each position of a genotype."""
        return {f"edge {source}→{target}": self.operations for source, target in self.edges}

    def graphs(self, architectures: Architectures) -> GraphBatch:
        """One node an edge, with input and output; a cut edge is padding."""
        genotypes = architectures.genotypes
        n, e = genotypes.shape
        ops = np.full((n, e + 2), INPUT, dtype=np.int64)
        ops[:, -1] = OUTPUT
        ops[:, 1:-1] = np.where(self._zero[genotypes], PADDING, genotypes + 2)
        structure = np.zeros((e + 2, e + 2), dtype=bool)
        for i, (source, target) in enumerate(self.edges):
            structure[0, i + 1] = source == 0
            structure[i + 1, -1] = target == self.nodes - 1
            for j, (following, _) in enumerate(self.edges):
                structure[i + 1, j + 1] = following == target
        mask = ops != PADDING
        return GraphBatch(ops, structure & mask[:, :, None] & mask[:, None, :], self.labels)

    def fingerprints(self, genotypes: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
        """``(n,)`` numbers, equal for cells that apply the same operations to the same sums.

        The graph behind them has a node for each live operation that is not a skip; an edge counts the ways in which
        skips alone lead from one operation to the next.
        """
        n, e = genotypes.shape
        ways = np.zeros((n, self.nodes, self.nodes), dtype=np.int64)  # by skips alone
        ways[:, range(self.nodes), range(self.nodes)] = 1
        for edge, (source, target) in enumerate(self.edges):
            ways[:, :target, target] += self._identity[genotypes[:, edge], None] * ways[:, :target, source]
        counts = np.zeros((n, e + 2, e + 2), dtype=np.int64)
        counts[:, 0, -1] = ways[:, 0, -1]
        for i, (source, target) in enumerate(self.edges):
            counts[:, 0, i + 1] = ways[:, 0, source]
            counts[:, i + 1, -1] = ways[:, target, -1]
            for j, (following, _) in enumerate(self.edges):
                counts[:, i + 1, j + 1] = ways[:, target, following]
        ops = np.full((n, e + 2), INPUT, dtype=np.int64)
        ops[:, -1] = OUTPUT
        idle = self._zero[genotypes] | self._identity[genotypes]
        ops[:, 1:-1] = np.where(idle, PADDING, genotypes + 2)
        live = GraphBatch(ops, (counts > 0) & (ops != PADDING)[:, :, None] & (ops != PADDING)[:, None, :], self.labels)
        return fingerprints(np.maximum(ops, 0), counts, live.pruned().mask)

    def canonical(self, architectures: Architectures) -> Architectures:
        """Each one's representative; see the class."""
        genotypes = architectures.genotypes
        if self.size <= ALL_CLASSES:
            return Architectures._trusted(self, self._representatives[self._codes(genotypes)])
        return Architectures._trusted(self, self._first_order(self._without_dead_edges(genotypes)))

    def format(self, genotype: npt.ArrayLike) -> str:
        """NAS-Bench-201's notation: ``|op~source|…|+|…`` with one group a target node."""
        names = iter([f"{self.operations[i]}~{s}" for i, (s, _) in zip(np.asarray(genotype), self.edges, strict=True)])
        return "+".join("|" + "|".join(next(names) for _ in range(t)) + "|" for t in range(1, self.nodes))

    def _parse_one(self, text: str) -> tuple[int, ...]:
        found = [part.rpartition("~") for part in text.strip().split("|") if part not in ("", "+")]
        sources = [source for _, _, source in found]
        if sources != [str(source) for source, _ in self.edges]:
            example = self.format(np.zeros(len(self.edges), dtype=np.int64))
            raise InputError(f"{text!r} is not a cell of {self.nodes} nodes; write it like {example!r}.")
        for name, _, _ in found:
            if name not in self.operations:
                raise UnknownNameError("operation", name, self.operations)
        return tuple(self.operations.index(name) for name, _, _ in found)

    @cached_property
    def _zero(self) -> npt.NDArray[np.bool_]:
        return np.asarray([name == ZERO for name in self.operations])

    @cached_property
    def _identity(self) -> npt.NDArray[np.bool_]:
        return np.asarray([name in IDENTITY for name in self.operations])

    def _codes(self, genotypes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return np.asarray(np.ravel_multi_index(tuple(genotypes.T), self.cardinalities), dtype=np.int64)

    @cached_property
    def _representatives(self) -> npt.NDArray[np.int64]:
        """``(size, edges)``: the representative of every genotype, by code."""
        everything = self.enumerate().genotypes
        simplest = np.argsort((~self._zero[everything]).sum(axis=1), kind="stable")
        _, first, inverse = np.unique(self.fingerprints(everything)[simplest], return_index=True, return_inverse=True)
        found = np.empty_like(everything)
        found[simplest] = everything[simplest[first[inverse]]]
        return found

    def _without_dead_edges(self, genotypes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        if not self._zero.any():
            return genotypes
        live = self.graphs(Architectures._trusted(self, genotypes.copy())).pruned().mask[:, 1:-1]
        return np.where(live, genotypes, int(np.flatnonzero(self._zero)[0]))

    def _first_order(self, genotypes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The smallest genotype among the orders of inner nodes that keep live edges pointing forwards."""
        if not self._zero.any() or self.nodes > MOST_PERMUTED:
            return genotypes
        zero = int(np.flatnonzero(self._zero)[0])
        n = len(genotypes)
        matrix = np.full((n, self.nodes, self.nodes), zero, dtype=np.int64)
        for edge, (source, target) in enumerate(self.edges):
            matrix[:, source, target] = genotypes[:, edge]
        best = genotypes
        for inner in permutations(range(1, self.nodes - 1)):
            order = np.asarray([0, *inner, self.nodes - 1])
            moved = matrix[:, order][:, :, order]
            forwards = (moved == zero)[:, *np.tril_indices(self.nodes)].all(axis=1)
            rows = np.stack([moved[:, source, target] for source, target in self.edges], axis=1)
            differs = rows != best
            first = differs.argmax(axis=1)
            smaller = np.take_along_axis(rows - best, first[:, None], axis=1)[:, 0] < 0
            best = np.where((forwards & smaller)[:, None], rows, best)
        return best


def _checked(operations: object) -> tuple[str, ...]:
    found: dict[str, None] = {}
    given = plain_list(operations, "The operations of a cell")
    for operation in given:
        if not isinstance(operation, str):
            raise InputError(f"The operations of a cell are texts; got {operation!r} among {given!r}.")
        if "|" in operation:
            raise InputError(
                f"The name of an operation may not hold '|', which stands between them; got {operation!r}."
            )
        found[operation] = None
    if not found or len(found) < len(given):
        raise InputError(f"A cell needs one or more different operations; got {given!r}.")
    return tuple(found)
