"""Dividing nodes into those to train on, to validate on and to test on."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..spaces import InputError

__all__ = ["stratified_masks"]


def stratified_masks(
    y: npt.NDArray[np.integer[Any]], n_train: int, n_valid: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Training, validation and test masks; the first two have each class in proportion, the third is the rest.

    Args:
        y: ``(n,)`` classes.
        n_train: How many nodes to train on; at least one of each class where possible.
        n_valid: How many to validate on.
        rng: What the draw comes from.

    Raises:
        InputError: Nothing would be left for one of the three.

    >>> y = np.repeat([0, 1], [30, 10])
    >>> train, valid, test = stratified_masks(y, 8, 8, np.random.default_rng(0))
    >>> np.bincount(y[train]).tolist(), np.bincount(y[valid]).tolist(), int(test.sum())
    ([6, 2], [6, 2], 24)
    """
    if n_train < 1 or n_valid < 1 or n_train + n_valid >= len(y):
        raise InputError(
            f"{len(y)} nodes cannot be divided into {n_train} for training, {n_valid} for validation and the rest; "
            "each part needs at least one."
        )
    mixed = rng.permutation(len(y))
    # each node's place within its class, as a share: a prefix of this order has every class in proportion
    share = np.empty(len(y))
    for label in np.unique(y):
        members = mixed[y[mixed] == label]
        share[members] = np.arange(len(members)) / len(members)  # 0 for one of each class: it comes first
    order = mixed[np.argsort(share[mixed], kind="stable")]
    masks = np.zeros((3, len(y)), dtype=bool)
    masks[0, order[:n_train]] = True
    masks[1, order[n_train : n_train + n_valid]] = True
    masks[2, order[n_train + n_valid :]] = True
    return masks[0], masks[1], masks[2]
