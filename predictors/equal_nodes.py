"""Graphs of which nodes with equal surroundings are computed once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from ..encoders.tensors import GraphTensors
from ..spaces.fingerprint import colours
from .bags import Bags

__all__ = ["EqualNodes", "Round"]

Array = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Round:
    """What one layer of a graph network computes: the states of ``b`` kinds of nodes from those of ``r`` kinds before.

    Attributes:
        own: For each of the kinds the one that it was before, alone in its bag.
        first: The one that it was before the first layer, whose features it has.
        taken: ``2b`` bags of ``2r`` rows. Bag ``2i`` holds row ``2j`` for the kind ``j`` that ``i`` was before and each
            that leads to it; bag ``2i + 1`` holds row ``2j + 1`` for that kind and each that it leads to.
    """

    own: Bags
    first: Bags
    taken: Bags


class EqualNodes:
    """Graphs for a network of so many layers that see what is next to a node.

    Nodes that a network cannot tell apart have one state. Before the first layer these are the nodes with equal
    features, after ``l`` layers those of one Weisfeiler-Lehman colour after ``l`` rounds (``xu2019``, section 4). There
    are few in the first layers, and none is padding.

    Args:
        graphs: ``n`` graphs whose edges are 0 or 1.
        layers: How many.
        parts: Into how many a state is cut where a layer weighs what it takes (`Bags.side_by_side`).

    Attributes:
        x: ``(kinds, c)``: the features of the first kinds.
        rounds: One a layer.
        members: For each graph the last kinds of its nodes.
        places: The same with padding, alone in ``v · n`` bags: the first nodes of all graphs, the second, and so on.
            There is a row more than kinds, which stands where there is no node.

    >>> x = torch.tensor([[[1.0], [1.0], [1.0]]])  # a chain of three equal nodes
    >>> chain = torch.eye(3).roll(1, dims=1).triu()[None]
    >>> nodes = EqualNodes(GraphTensors(x, chain, torch.ones(1, 3)), 1)
    >>> len(nodes.x), len(nodes.rounds[0].own)
    (1, 3)
    """

    def __init__(self, graphs: GraphTensors, layers: int, *, parts: int = 1) -> None:
        there, edges = graphs.mask.numpy() > 0, graphs.adjacency.numpy() > 0
        _, first, kinds = np.unique(graphs.x.numpy()[there], axis=0, return_index=True, return_inverse=True)
        self.x = graphs.x[torch.from_numpy(there)][torch.from_numpy(first)]
        kinds, count = kinds.ravel(), len(first)
        labels = _spread(kinds, there, 0)
        graph, start, end = np.nonzero(edges)
        number = _spread(np.arange(len(kinds)), there, 0)
        starts, ends = number[graph, start], number[graph, end]
        self.rounds = []
        features = kinds
        for colour in colours(labels, edges.astype(np.int64), there, layers)[1:, there]:
            _, first, new = np.unique(colour, return_index=True, return_inverse=True)
            rows, sizes = _taken(kinds, first, starts, ends)
            taken = Bags(torch.from_numpy(rows), torch.from_numpy(sizes), 2 * count).side_by_side(parts)
            self.rounds.append(Round(_alone(kinds[first], count), _alone(features[first], len(self.x)), taken))
            kinds, count = new.ravel(), len(first)
        self.members = Bags(torch.from_numpy(kinds), torch.from_numpy(there.sum(axis=1)), count)
        self.places = _alone(_spread(kinds, there, count).T.ravel(), count + 1)


def _spread(values: Array, there: npt.NDArray[np.bool_], padding: int) -> Array:
    """Values of nodes, one graph after the other, as ``(n, v)``."""
    spread: Array = np.full(there.shape, padding)
    spread[there] = values
    return spread


def _alone(rows: Array, height: int) -> Bags:
    """One row a bag."""
    return Bags(torch.from_numpy(rows), torch.ones(len(rows), dtype=torch.int64), height)


def _taken(kinds: Array, first: Array, starts: Array, ends: Array) -> tuple[Array, Array]:
    """Rows and sizes of `Round.taken` for the nodes ``first``, each of another kind now, by their kinds before."""
    place = np.full(len(kinds), -1)
    place[first] = np.arange(len(first))
    rows, bags = [], []
    for direction, (givers, takers) in enumerate(((starts, ends), (ends, starts))):
        seen = place[takers] >= 0
        rows += [2 * kinds[first] + direction, 2 * kinds[givers[seen]] + direction]
        bags += [2 * place[first] + direction, 2 * place[takers[seen]] + direction]
    row, bag = np.concatenate(rows), np.concatenate(bags)
    return row[np.lexsort((row, bag))], np.bincount(bag, minlength=2 * len(first))
