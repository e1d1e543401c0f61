"""Which members of an ensemble leave which architectures out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["left_out"]


def left_out(units: npt.NDArray[np.int64], members: int, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """``(m, n)``: whether a member leaves an architecture out; from five members on, at least one does.

    The architectures lie on a circle in random order, and each member leaves out an arc of it (cross-validation
    ensembles, ``krogh1995``): its share of the circle and a quarter of the next one's, so that a quarter of the
    architectures have two members to tell how far such answers are apart; a member never leaves out more than a
    quarter.

    Args:
        units: ``(n,)``: which architectures go together (`bootstrap_units`).
        members: How many there are.
        rng: Gives the order.

    >>> out = left_out(np.arange(20), 5, np.random.default_rng(0))
    >>> out.sum(axis=1).tolist(), np.bincount(out.sum(axis=0)).tolist()
    ([5, 5, 5, 5, 5], [0, 15, 5])
    """
    count = int(units.max()) + 1
    places = rng.permutation(count)[units] / count
    starts = np.arange(members)[:, None] / members
    return (places - starts) % 1.0 < min(1.25 / members, 0.25)
