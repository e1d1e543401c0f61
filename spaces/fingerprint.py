"""Numbers that are equal for isomorphic labelled graphs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["colours", "fingerprints"]

FORWARD, BACKWARD = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)  # set the two directions apart


def fingerprints(
    labels: npt.NDArray[np.int64], counts: npt.NDArray[np.int64], live: npt.NDArray[np.bool_]
) -> npt.NDArray[np.uint64]:
    """Weisfeiler-Lehman fingerprints of directed graphs with labelled nodes and counted edges.

    Every node's colour is refined by the multisets of the colours it takes from and gives to, as often as the longest
    path has nodes; the graph's fingerprint is the sum of its nodes' colours (``shervashidze2011``). Sums modulo 2⁶⁴
    stand for the multisets, so an order never matters.

    Args:
        labels: ``(n, v)`` non-negative labels.
        counts: ``(n, v, v)``: how many edges lead from node ``i`` to node ``j``.
        live: ``(n, v)``: which nodes there are.

    Returns:
        ``(n,)`` fingerprints.

    >>> line, fork = [[0, 1, 0], [0, 0, 1], [0, 0, 0]], [[0, 1, 1], [0, 0, 0], [0, 0, 0]]
    >>> relabelled = [[0, 0, 1], [0, 0, 0], [0, 1, 0]]
    >>> labels, live = np.zeros((3, 3), dtype=int), np.ones((3, 3), dtype=bool)
    >>> a, b, c = fingerprints(labels, np.array([line, fork, relabelled]), live)
    >>> bool(a == b), bool(a == c)
    (False, True)
    """
    total: npt.NDArray[np.uint64] = colours(labels, counts, live, labels.shape[1])[-1].sum(axis=1, dtype=np.uint64)
    return total


def colours(
    labels: npt.NDArray[np.int64],
    counts: npt.NDArray[np.int64],
    live: npt.NDArray[np.bool_],
    rounds: int,
    *,
    taken: bool = True,
    given: bool = True,
) -> npt.NDArray[np.uint64]:
    """The colours of all nodes, before the first and after each round of refinement.

    Args:
        labels: ``(n, v)`` non-negative labels.
        counts: ``(n, v, v)``: how many edges lead from node ``i`` to node ``j``.
        live: ``(n, v)``: which nodes there are.
        rounds: How often to refine.
        taken: Refine by the nodes that a node takes from.
        given: Refine by the nodes that a node gives to.

    Returns:
        ``(rounds + 1, n, v)`` colours; 0 where there is no node.

    >>> labels, live = np.zeros((1, 3), dtype=int), np.ones((1, 3), dtype=bool)
    >>> fork = np.array([[[0, 1, 1], [0, 0, 0], [0, 0, 0]]])
    >>> [len(np.unique(of_round)) for of_round in colours(labels, fork, live, 1)]
    [1, 2]
    """
    edges = (counts * live[:, :, None] * live[:, None, :]).astype(np.uint64)
    none = np.zeros(labels.shape, dtype=np.uint64)
    found = [np.where(live, _mix(labels.astype(np.uint64) + np.uint64(1)), np.uint64(0))]
    for _ in range(rounds):
        now = found[-1]
        before = np.einsum("bij,bi->bj", edges, _mix(now ^ FORWARD)) if taken else none
        after = np.einsum("bij,bj->bi", edges, _mix(now ^ BACKWARD)) if given else none
        refined = _mix(_mix(now) + _mix(before ^ FORWARD) + _mix(after ^ BACKWARD))
        found.append(np.where(live, refined, np.uint64(0)))
    return np.stack(found)


def _mix(x: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """A bijection of 64-bit words that scatters their bits (the finaliser of SplitMix64, ``steele2014``)."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
