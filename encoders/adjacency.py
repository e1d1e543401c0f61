"""The adjacency matrix and the operations, written out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures, InputError, SearchSpace
from .encoder import Encoder
from .node_order import ordered
from .sizes import empty_graphs

__all__ = ["Adjacency"]

KINDS = ("one-hot", "categorical", "continuous")


class Adjacency(Encoder):
    """The adjacency encodings of ``white2020``, of graphs without dead branches.

    Nodes stand in an order that does not depend on how they were numbered: the input at place 0, the output at the
    last, the others by depth, operation, sizes and surroundings. With ``m`` pairs of places ``i < j``:

    - ``"one-hot"``: for each pair, 1 if an edge leads from ``i`` to ``j``; for each inner place, its operation
      one-hot (zeros where there is no node).
    - ``"categorical"``: the numbers, from 1 to ``m``, of the pairs that are edges, ascending, then zeros; for each
      inner place, the number of its operation, from 1, or 0.
    - ``"continuous"``: for each pair a weight in [0, 1], and the share of pairs that are edges; operations one-hot.
      In the paper a point of this form stands for the graph whose ``k`` edges have the largest of ``m`` weights, so
      that many points stand for one graph. Here a graph gets their mean: with uniform weights, edges get
      ``(2m − k + 1) / (2m + 2)`` and the other pairs ``(m − k + 1) / (2m + 2)``.

    Where nodes have sizes, the size at each inner place follows.

    Args:
        kind: ``"one-hot"``, ``"categorical"`` or ``"continuous"``.
        canonical: Encode the canonical form.

    Raises:
        InputError: Another kind; raised by ``fit``.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"layer": ("conv", "pool")})
    >>> encoder = Adjacency().fit(space.enumerate())
    >>> encoder.get_feature_names_out().tolist()
    ['edge[0→1]', 'edge[0→2]', 'edge[1→2]', '1=conv', '1=pool']
    >>> encoder.transform(space.parse("layer=pool")).tolist()
    [[1.0, 0.0, 1.0, 0.0, 1.0]]
    >>> Adjacency(kind="categorical").fit_transform(space.parse("layer=pool")).tolist()
    [[1.0, 3.0, 0.0, 2.0]]
    """

    def __init__(self, *, kind: str = "one-hot", canonical: bool = True) -> None:
        super().__init__(canonical=canonical)
        self.kind = kind

    def _feature_names(self, space: SearchSpace) -> list[str]:
        if self.kind not in KINDS:
            raise InputError(f"kind={self.kind!r} is no adjacency encoding; choose one of {', '.join(KINDS)}.")
        empty = empty_graphs(space)
        places = empty.ops.shape[1]
        pairs = [f"{i}→{j}" for i in range(places) for j in range(i + 1, places)]
        inner = range(1, places - 1)
        sizes = [f"{size}[{place}]" for place in inner for size in empty.attribute_names]
        if self.kind == "categorical":
            return [
                *(f"edge {k}" for k in range(1, len(pairs) + 1)),
                *(f"operation[{place}]" for place in inner),
                *sizes,
            ]
        share = ["edges / pairs"] if self.kind == "continuous" else []
        operations = [f"{place}={name}" for place in inner for name in space.operations]
        return [*(f"edge[{pair}]" for pair in pairs), *share, *operations, *sizes]

    def _encode(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        graphs = ordered(architectures.graphs().pruned())
        n, v = graphs.ops.shape
        edges = graphs.adjacency[:, *np.triu_indices(v, 1)]  # (n, m)
        inner = graphs.ops[:, 1:-1]
        one_hot = (inner[:, :, None] == np.arange(2, len(graphs.labels))).reshape(n, (v - 2) * (len(graphs.labels) - 2))
        sizes = graphs.attributes[:, 1:-1].reshape(n, (v - 2) * graphs.attributes.shape[2])
        parts: list[npt.NDArray[np.generic]]
        if self.kind == "one-hot":
            parts = [edges, one_hot]
        elif self.kind == "categorical":
            parts = [_numbers(edges), np.maximum(inner - 1, 0)]
        else:
            parts = [*_weights(edges), one_hot]
        return np.concatenate([*parts, sizes], axis=1, dtype=np.float32)


def _numbers(edges: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """``(n, m)``: the numbers of the edges there are, from 1, then zeros."""
    m = edges.shape[1]
    numbers = np.sort(np.where(edges, np.arange(1, m + 1), m + 1), axis=1)
    numbers[numbers > m] = 0
    return numbers


def _weights(edges: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """``(n, m)`` mean weights and ``(n, 1)`` shares.

    The ``r``-th smallest of ``m`` uniform weights is ``r / (m + 1)`` on average; the ``k`` edges have the largest.
    """
    m = edges.shape[1]
    k = edges.sum(axis=1, keepdims=True)
    return np.where(edges, 2 * m - k + 1, m - k + 1) / (2 * m + 2), k / m
