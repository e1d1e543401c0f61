"""A chain of decisions, as in layer-wise spaces and plain hyper-parameter grids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .architectures import Architectures
from .decisions import Choice, Decisions, checked_decisions
from .errors import InputError, UnknownNameError
from .graphs import INPUT, OUTPUT, GraphBatch
from .number_ranks import number_ranks
from .operation_cost import OperationCost, costs_from, costs_to_json
from .operation_kind import kinds_from, kinds_to_json
from .space import SearchSpace

__all__ = ["ChoiceSpace"]


class ChoiceSpace(SearchSpace):
    """One choice a decision; the graph is a chain with one node a decision.

    A decision among texts labels its node with the choice, so that layers that may use the same operation share its
    label. A decision among numbers labels its node with the decision's name and carries the number as the node's
    size, since a width of 32 lies between 16 and 64.

    Args:
        decisions: Decision → its choices, texts or numbers, no two alike; or a list of such pairs. Their order is that
            of the genotype.
        operation_costs: Label of a node → what it takes; labels left out are free. Nothing is known unless it is given.
        operation_kinds: Label of a node → its kind, such as ``"convolution"``, where its name does not tell it.

    Raises:
        InputError: No decision, an empty decision, one with a choice twice, or with choices that are no list of texts
            and numbers; or a cost of the wrong form.
        UnknownNameError: A cost or a kind of a label that no node has, or a kind that there is not.

    >>> space = ChoiceSpace({"operation": ("conv", "pool"), "width": (16, 32, 64)})
    >>> space.size
    6
    >>> space.parse("operation=pool, width=64").genotypes.tolist()
    [[1, 2]]
    """

    def __init__(
        self,
        decisions: Decisions,
        operation_costs: Mapping[str, OperationCost | Mapping[str, float]] | None = None,
        operation_kinds: Mapping[str, str] | None = None,
    ) -> None:
        self.decisions: dict[str, tuple[Choice, ...]] = checked_decisions(decisions)
        self.cardinalities = tuple(len(choices) for choices in self.decisions.values())
        labels = dict.fromkeys(
            label
            for name, choices in self.decisions.items()
            for label in ([name] if _numeric(choices) else map(str, choices))
        )
        self.operations = tuple(labels)
        self._operation_costs = costs_from(operation_costs, self.operations)
        self._operation_kinds = kinds_from(operation_kinds, self.operations)

    def config(self) -> Mapping[str, Any]:
        """The constructor's arguments; decisions as a list, for their order counts, and JSON objects have none."""
        decisions = [[name, list(choices)] for name, choices in self.decisions.items()]
        costs, kinds = costs_to_json(self._operation_costs), kinds_to_json(self._operation_kinds)
        return {"decisions": decisions, **costs, **kinds}

    @property
    def operation_costs(self) -> Mapping[str, OperationCost]:
        """What each label takes, if it was given."""
        return self._operation_costs

    @property
    def operation_kinds(self) -> Mapping[str, str]:
        """The kind of each label: what was given, or what its name tells."""
        return self._operation_kinds

    def positions(self) -> Mapping[str, Sequence[str | float]]:
        """The name and the values of each position of a genotype."""
        return self.decisions

    def graphs(self, architectures: Architectures) -> GraphBatch:
        """Chains: input, one node a decision, output."""
        n, d = architectures.shape
        ops = np.full((n, d + 2), INPUT, dtype=np.int64)
        ops[:, -1] = OUTPUT
        sizes = np.zeros((n, d + 2, 1), dtype=np.float32)
        for column, (name, choices) in enumerate(self.decisions.items()):
            numeric = _numeric(choices)
            codes = np.asarray([2 + self.operations.index(name if numeric else str(c)) for c in choices])
            ops[:, column + 1] = codes[architectures.genotypes[:, column]]
            if numeric:
                values = np.asarray(choices, dtype=np.float32)
                sizes[:, column + 1, 0] = values[architectures.genotypes[:, column]]
        adjacency = np.broadcast_to(np.eye(d + 2, k=1, dtype=bool), (n, d + 2, d + 2)).copy()
        if any(map(_numeric, self.decisions.values())):
            return GraphBatch(ops, adjacency, self.labels, sizes, ("size",))
        return GraphBatch(ops, adjacency, self.labels)

    def format(self, genotype: npt.ArrayLike) -> str:
        """``"first=a, second=b"``."""
        pairs = zip(self.decisions.items(), np.asarray(genotype), strict=True)
        return ", ".join(f"{name}={choices[index]}" for (name, choices), index in pairs)

    def __repr__(self) -> str:
        arguments = dict(self.config())
        if "decisions" in arguments:  # read more easily than the list
            arguments["decisions"] = {name: list(choices) for name, choices in self.decisions.items()}
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in arguments.items())})"

    def _parse_one(self, text: str) -> tuple[int, ...]:
        given: dict[str, str] = {}
        for part in map(str.strip, text.split(",")):
            name, equals, choice = (piece.strip() for piece in part.partition("="))
            if not equals:
                example = self.format([0] * len(self.decisions))
                raise InputError(f"{text!r} has the part {part!r}, which is no choice; write it like {example!r}.")
            if name not in self.decisions:
                raise UnknownNameError("decision", name, self.decisions)
            if name in given:
                raise InputError(f"{text!r} says what {name!r} is twice, at last in the part {part!r}; say it once.")
            given[name] = choice
        genotype = []
        for name, chooser in self._choosers.items():
            if name not in given:
                raise InputError(
                    f"{text!r} says nothing of {name!r}; write {self.format([0] * len(self.decisions))!r}."
                )
            genotype.append(chooser.index(given[name]))
        return tuple(genotype)


def _numeric(choices: Sequence[str | float]) -> bool:
    return number_ranks(choices) is not None
