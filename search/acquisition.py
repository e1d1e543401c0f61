"""How much an evaluation promises."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import erfcx, ndtr

__all__ = ["log_expected_improvement"]

Array = npt.NDArray[np.float64]


def log_expected_improvement(mean: Array, std: Array, best: float) -> Array:
    """The logarithm of the expected improvement over ``best`` (``ament2023``).

    With ``u = (mean − best) / std``, expected improvement is ``std (φ(u) + u Φ(u))`` (``jones1998``, equation 15). Far
    below ``best`` that underflows, and its logarithm still tells architectures apart.

    Args:
        mean: ``(m,)`` predicted means.
        std: ``(m,)`` predicted standard deviations, positive.
        best: The best value so far.

    >>> np.exp(log_expected_improvement(np.array([0.0]), np.array([1.0]), 0.0)).round(5).tolist()  # φ(0)
    [0.39894]
    """
    u = (mean - best) / std
    # φ(u) + u Φ(u) = φ(u) (1 + u Φ(u) / φ(u)), and Φ(u) / φ(u) = √(π/2) erfcx(−u/√2) does not underflow below 0
    below = np.minimum(u, -1.0)
    ratio = np.sqrt(np.pi / 2) * erfcx(-below / np.sqrt(2))
    log_density = -(below**2) / 2 - np.log(2 * np.pi) / 2
    far = np.maximum(u, -1.0)
    direct = np.log(np.exp(-(far**2) / 2) / np.sqrt(2 * np.pi) + far * ndtr(far))
    # 1 + u ratio loses its digits below about -1e4; there it is 1/u² (the first term of the asymptotic series)
    tail = np.where(below < -1e4, 1 / below**2, np.maximum(1 + below * ratio, 1e-300))
    value: Array = np.log(std) + np.where(u > -1.0, direct, log_density + np.log(tail))
    return value
