"""Bayesian linear regression on encoded architectures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.pipeline import FeatureUnion

from ..encoders import Encoder
from ..encoders.groups import FeatureGroups, checked_encoders
from ..encoders.threads import one_thread
from ..spaces import Architectures
from .kernels import LogNormal
from .predictor import Predictor

__all__ = ["BayesianRidge"]

Array = npt.NDArray[np.float64]

WEIGHTS = LogNormal(0.5, 1.0)  # variance of a weight
NOISE = LogNormal(0.1, 1.0)  # variance of the noise


class BayesianRidge(Predictor):
    """Bayesian linear regression whose two variances are chosen by the evidence (``mackay1992``).

    With weights ``w ~ N(0, v I)``, noise ``N(0, s)`` and an intercept of flat prior, the posterior of ``w`` is normal
    with precision ``XᵀX / s + I / v`` and mean ``(XᵀX + (s / v) I)⁻¹ Xᵀ y`` on centred data. ``v`` and ``s`` maximise
    the evidence times weak priors, which decide where there are fewer architectures than features. The standard
    deviation is that of a new evaluation, its noise included. With weights, the noise of a value has variance ``s``
    over its weight.

    Each encoder's features are standardised over a fixed sample of the space.

    Args:
        encoders: Names of encoders, encoders, or a ``FeatureUnion`` of them; their features stand side by side.
        target: ``"normal-scores"`` or ``"standard"``.

    Raises:
        InputError: There is no encoder; raised by ``fit``.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"first": ("a", "b"), "second": ("a", "b"), "third": ("a", "b")})
    >>> architectures = space.enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> predictor = BayesianRidge().fit(architectures[:6], y[:6])
    >>> mean, std = predictor.predict(architectures[6:], return_std=True)
    >>> bool(mean[1] > mean[0])
    True
    """

    def __init__(
        self,
        *,
        encoders: Sequence[str | Encoder | FeatureUnion] = ("graph-features", "one-hot"),
        target: str = "normal-scores",
    ) -> None:
        super().__init__(target=target)
        self.encoders = encoders

    def _fit(self, architectures: Architectures, z: Array) -> None:
        self._fit_weighted(architectures, z, np.ones(len(z)))

    @one_thread
    def _fit_weighted(self, architectures: Architectures, z: Array, weights: Array) -> None:
        self._features = FeatureGroups(checked_encoders(self.encoders, needed=True)).fit(architectures.space)
        X = self._matrix(architectures)
        self._centre, self._n = np.average(X, axis=0, weights=weights), len(z)
        self._intercept = float(np.average(z, weights=weights))
        root = weights**0.5  # rows times this have noise of one variance, s
        left, self._singular, self._basis = np.linalg.svd(root[:, None] * (X - self._centre), full_matrices=False)
        away = root * (z - self._intercept)
        self._turned = left.T @ away  # the values along the left singular vectors
        rest = max(float(away @ away - self._turned @ self._turned), 0.0)
        start = np.log([WEIGHTS.median, NOISE.median])
        bounds = [(m - 4 * p.spread, m + 4 * p.spread) for m, p in zip(start, (WEIGHTS, NOISE), strict=True)]
        found = minimize(
            _loss, start, args=(self._singular**2, self._turned**2, rest, self._n), jac=True, method="L-BFGS-B",
            bounds=bounds,
        )  # fmt: skip
        self._logs: Array = found.x

    def _matrix(self, architectures: Architectures) -> Array:
        return np.ascontiguousarray(np.concatenate(self._features.transform(architectures), axis=1))

    def _predict(self, architectures: Architectures) -> tuple[Array, Array]:
        X = self._matrix(architectures) - self._centre
        v, s = np.exp(self._logs)
        along = X @ self._basis.T  # (m, r)
        share = self._singular**2 / (self._singular**2 + s / v)  # of each direction's prior variance, what is known
        weights = self._singular / (self._singular**2 + s / v) * self._turned
        variance = v * (np.einsum("md,md->m", X, X) - along**2 @ share)
        mean = self._intercept + along @ weights
        return mean, np.sqrt(np.maximum(variance, 0.0) + s + s / self._n)

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        return {
            "centre": self._centre,
            "singular": self._singular,
            "basis": self._basis,
            "turned": self._turned,
            "logs": self._logs,
            "moments": np.asarray([self._intercept, self._n]),
        } | self._features.learned()

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._features = FeatureGroups(self.encoders).fit(self.space_, arrays)
        self._centre, self._singular, self._turned = arrays["centre"], arrays["singular"], arrays["turned"]
        self._basis, self._logs = arrays["basis"], arrays["logs"]
        self._intercept, self._n = float(arrays["moments"][0]), int(arrays["moments"][1])
        if self._basis.shape != (len(self._singular), len(self._centre)) or self._logs.shape != (2,):
            raise ValueError("the shapes of the regression do not fit")


def _loss(logs: Array, squared: Array, turned: Array, rest: float, n: int) -> tuple[float, Array]:
    """The negative log of evidence times priors, and its gradient, in ``log v`` and ``log s``.

    The ``n - 1`` degrees of freedom that the intercept leaves are those along the singular vectors, of variance
    ``v d² + s``, and the rest, of variance ``s``; a direction of singular value 0 is one of the rest.
    """
    v, s = np.exp(logs)
    real = squared > 1e-12 * max(squared.max(initial=0.0), 1e-300)
    variance = v * squared[real] + s
    free = max(n - 1 - int(real.sum()), 0)
    rest = rest + float(turned[~real].sum())
    loss = 0.5 * (np.log(variance).sum() + (turned[real] / variance).sum() + free * logs[1] + rest / s)
    pull = 0.5 * (1 / variance - turned[real] / variance**2)
    gradient = np.asarray([(pull * v * squared[real]).sum(), (pull * s).sum() + 0.5 * (free - rest / s)])
    away = (logs - np.log([WEIGHTS.median, NOISE.median])) / np.asarray([WEIGHTS.spread, NOISE.spread])
    return float(loss + 0.5 * away @ away), gradient + away / np.asarray([WEIGHTS.spread, NOISE.spread])
