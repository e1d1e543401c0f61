"""How much an evaluation promises."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import erfcx, ndtr

__all__ = ["log_expected_improvement", "transfer_acquisition"]

Array = npt.NDArray[np.float64]


def log_expected_improvement(mean: Array, std: Array, best: float) -> Array:
    """The logarithm of the expected improvement over ``best`` (``ament2023``).

    With ``u = (mean − best) / std``, expected improvement is ``std (φ(u) + u Φ(u))`` (``jones1998``, equation 15). Far
    below ``best`` that underflows, and its logarithm still tells architectures apart.

    Args:
        mean: ``(m,)`` predicted means.
        std: ``(m,)`` predicted standard deviations, positive; those of new evaluations, as predictors give them, so
            that an improvement by luck counts too.
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


def transfer_acquisition(means: Array, std: Array, weights: Array, best: Array) -> Array:
    """Expected improvement on the target, averaged with what the sources' models expect (``wistuba2018``).

    ``(w EI(x) + Σ w_i max(μ_i(x) − best_i, 0)) / (w + Σ w_i)``. What a source praises
    counts only as far as it is praised beyond all that was evaluated, so its opinion fades as it is followed.

    Args:
        means: ``(m, t + 1)`` predicted means: by each source's model, then by the target's own.
        std: ``(m,)`` standard deviations of new evaluations by the target's own model, positive.
        weights: ``(t + 1,)``, not negative, with a positive sum.
        best: ``(t + 1,)``: the best that each source's model predicts of what the target has evaluated, and the
            target's best value.

    Returns:
        ``(m,)``

    >>> means = np.array([[2.0, 0.0], [0.5, 0.0]])  # the source expects an improvement of 1, and none; EI is φ(0)
    >>> transfer_acquisition(means, np.ones(2), np.array([0.25, 0.75]), np.array([1.0, 0.0])).round(4).tolist()
    [0.5492, 0.2992]
    """
    own = np.exp(log_expected_improvement(means[:, -1], std, float(best[-1])))
    by_sources = np.maximum(means[:, :-1] - best[:-1], 0.0)  # (m, t)
    value: Array = (by_sources @ weights[:-1] + weights[-1] * own) / weights.sum()
    return value
