"""Numbers that are equal for isomorphic labelled graphs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["fingerprints"]


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
    edges = (counts * live[:, :, None] * live[:, None, :]).astype(np.uint64)
    start = np.where(live, _mix(labels.astype(np.uint64) + np.uint64(1)), np.uint64(0))
    colours = start
    for _ in range(labels.shape[1]):
        taken = np.einsum("bij,bi->bj", edges, _mix(colours ^ _FORWARD))
        given = np.einsum("bij,bj->bi", edges, _mix(colours ^ _BACKWARD))
        refined = _mix(_mix(colours) + _mix(taken ^ _FORWARD) + _mix(given ^ _BACKWARD))
        colours = np.where(live, refined, np.uint64(0))
    total: npt.NDArray[np.uint64] = colours.sum(axis=1, dtype=np.uint64)
    return total


_FORWARD = np.uint64(0x9E3779B97F4A7C15)
_BACKWARD = np.uint64(0xC2B2AE3D27D4EB4F)


def _mix(x: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """A bijection of 64-bit words that scatters their bits (the finaliser of SplitMix64, ``steele2014``)."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
