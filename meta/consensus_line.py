"""The sources' consensus brought to a target's own scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Line", "rising_line"]

Array = npt.NDArray[np.float64]

PRIOR = 3.0  # as many evaluations weigh as much as what is believed before any
SLOPE = 0.5  # believed of normal scores on a consensus of standard deviation 1
DEVIATION = 1.0  # believed of what is left, which is all there is while nothing is known
FLATTEST = 0.05


@dataclass(frozen=True)
class Line:
    """``z ≈ intercept + slope · consensus``, give or take ``deviation``."""

    intercept: float
    slope: float
    deviation: float

    def __call__(self, consensus: Array) -> tuple[Array, Array]:
        """Mean and standard deviation, ``(m,)`` each."""
        return self.intercept + self.slope * consensus, np.full(len(consensus), self.deviation)


def rising_line(consensus: Array, z: Array) -> Line:
    """The ridge line of a target's scores on the consensus; it always rises, so the consensus' order is kept.

    Slope, intercept and deviation are shrunk to what is believed before, which weighs as much as three evaluations.

    Args:
        consensus: ``(k,)``, ``k >= 0``.
        z: ``(k,)``.

    >>> rising_line(np.zeros(0), np.zeros(0))
    Line(intercept=0.0, slope=0.5, deviation=1.0)
    """
    n = len(z)
    if not n:
        return Line(0.0, SLOPE, DEVIATION)
    away = consensus - consensus.mean()
    slope = max((away @ z + PRIOR * SLOPE) / (away @ away + PRIOR), FLATTEST)
    intercept = (z - slope * consensus).sum() / (n + PRIOR)
    left = z - intercept - slope * consensus
    deviation = ((left @ left + PRIOR * DEVIATION**2) / (n + PRIOR)) ** 0.5
    return Line(float(intercept), float(slope), float(deviation))
