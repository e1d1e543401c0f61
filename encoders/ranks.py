"""Values as ranks on the scale of a normal distribution."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.stats import norm, rankdata

__all__ = ["normal_scores"]


def normal_scores(y: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """``(n,)`` → ``(n,)``: ``Φ⁻¹((rank − ½) / n)``, equal values sharing their mean rank.

    Those of ``conover1999``, but that van der Waerden's scores there are ``Φ⁻¹(rank / (n + 1))``, a little nearer to 0.

    Args:
        y: ``(n,)`` values; only their order counts.

    >>> normal_scores(np.array([3.0, 1.0, 900.0])).round(2).tolist()
    [0.0, -0.97, 0.97]
    """
    scores: npt.NDArray[np.float64] = norm.ppf((rankdata(y) - 0.5) / max(len(y), 1))
    return scores
