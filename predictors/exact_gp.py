"""An exact Gaussian process whose kernel is a sum over groups of features."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_solve, cholesky, solve_triangular
from scipy.optimize import minimize

from ..encoders.threads import threads_for
from .kernels import (
    Kernel,
    LogNormal,
    Pairs,
    combined,
    covariance,
    hyper_priors,
    kernel_pairs,
    pulls,
    slopes_of_each,
    variances,
)

__all__ = ["NOISE", "ExactGP"]

Array = npt.NDArray[np.float64]

NOISE = LogNormal(0.1, 1.0)  # of standardised values


class ExactGP:
    """Regression with a zero mean, kernels that add up or multiply, and Gaussian noise, all in float64.

    Hyper-parameters maximise the marginal likelihood times their priors (``rasmussen2006``, equation 5.8), by L-BFGS
    from the priors' medians.

    Args:
        kernels: One a feature group.
        noise: Prior of the noise variance.
        combine: ``"sum"`` of the kernels, or their ``"product"``, which needs likeness in every group.

    >>> x = np.linspace(0, 1, 8)[:, None]
    >>> gp = ExactGP([Kernel("rbf")], noise=LogNormal(1e-4, 1.0)).fit([x], np.sin(3 * x[:, 0]))
    >>> mean, std = gp.predict([np.array([[0.5]])])
    >>> bool(abs(mean[0] - np.sin(1.5)) < 0.01), bool(std[0] < 0.1)
    (True, True)
    """

    def __init__(self, kernels: Sequence[Kernel], *, noise: LogNormal = NOISE, combine: str = "sum") -> None:
        self.kernels = tuple(kernels)
        self.noise = noise
        self.combine = combine

    def fit(
        self, groups: Sequence[Array], y: Array, *, theta: Array | None = None, weights: Array | None = None
    ) -> ExactGP:
        """Learn from ``n`` points.

        Args:
            groups: One ``(n, d)`` matrix a kernel.
            y: ``(n,)`` values.
            theta: Logarithms of the hyper-parameters, if they are known: for each kernel variance, length and those
                of the columns, as far as it has them, then the noise variance.
            weights: ``(n,)``, above 0: the noise of a value has the noise variance over its weight; 1 if not given.
        """
        self.weights: Array = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=np.float64)
        with threads_for(len(y)):
            self._learn(groups, y, theta)
        return self

    def _learn(self, groups: Sequence[Array], y: Array, theta: Array | None) -> None:
        groups = [np.ascontiguousarray(group, dtype=np.float64) for group in groups]  # one layout, one rounding
        inner = [kernel_pairs(kernel, group, group) for kernel, group in zip(self.kernels, groups, strict=True)]
        start, spread = self._priors()
        if theta is None:
            found = minimize(
                _loss, start, args=(self.kernels, inner, y, start, spread, self.combine, self.weights), jac=True,
                method="L-BFGS-B",
                bounds=[(m - 4 * s, m + 4 * s) for m, s in zip(start, spread, strict=True)], options={"maxiter": 60},
            )  # fmt: skip
            theta = found.x
        self.theta: Array = np.asarray(theta, dtype=np.float64)
        self.groups = groups
        self.y = y
        if self.theta.shape != start.shape:
            raise ValueError(
                f"the hyper-parameters are {self.theta.size}; these kernels and the noise have {start.size}"
            )
        K = covariance(self.kernels, inner, self.theta, self.combine)
        self._factor = cholesky(K + _noise(self.theta, self.weights), lower=True)
        self._solved: Array = cho_solve((self._factor, True), y)

    def predict(self, groups: Sequence[Array]) -> tuple[Array, Array]:
        """Mean and standard deviation, ``(m,)`` each, of the function without noise."""
        with threads_for(len(self.y)):
            K = self._with_training(groups)
            return K @ self._solved, self._std(K, groups)

    def predict_evaluation(self, groups: Sequence[Array]) -> tuple[Array, Array]:
        """The same of a new evaluation of mean weight: the variance has that of the noise besides the function's."""
        mean, std = self.predict(groups)
        return mean, np.sqrt(std**2 + self.noise_variance)

    @property
    def noise_variance(self) -> float:
        """The learned variance of the noise of a value of weight 1."""
        return float(np.exp(self.theta[-1]))

    def log_posterior(self) -> float:
        """The logarithm of marginal likelihood times priors at the hyper-parameters, each prior at most 1."""
        start, spread = self._priors()
        away = (self.theta - start) / spread
        fit = 0.5 * self.y @ self._solved + np.log(np.diag(self._factor)).sum() + 0.5 * len(self.y) * np.log(2 * np.pi)
        return -float(fit + 0.5 * away @ away)

    def mean(self, groups: Sequence[Array]) -> Array:
        """The mean alone, ``(m,)``, which costs much less."""
        with threads_for(len(self.y)):
            mean: Array = self._with_training(groups) @ self._solved
        return mean

    def summands(self, groups: Sequence[Array]) -> Array:
        """``(m, k)``: what each of ``k`` kernels that add up gives to the mean."""
        inner = self._pairs_with_training(groups)
        return np.stack([own[0] @ self._solved for own in slopes_of_each(self.kernels, inner, self.theta)], axis=1)

    def linear_weights(self, place: int) -> Array:
        """``v Xᵀ (K + σ² I)⁻¹ y``, ``(d,)``: by how much the mean rises with each column of a linear kernel's group.

        It is the posterior mean of the weights of Bayesian linear regression (``rasmussen2006``, section 2.1).

        Args:
            place: Of the linear kernel, one of several that add up.
        """
        start = sum(kernel.sizes for kernel in self.kernels[:place])
        weights: Array = np.exp(self.theta[start]) * self.groups[place].T @ self._solved
        return weights

    def std(self, groups: Sequence[Array]) -> Array:
        """The standard deviation alone, ``(m,)``."""
        with threads_for(len(self.y)):
            return self._std(self._with_training(groups), groups)

    def _with_training(self, groups: Sequence[Array]) -> Array:
        """``(m, n)`` covariances with the training points."""
        return covariance(self.kernels, self._pairs_with_training(groups), self.theta, self.combine)

    def _pairs_with_training(self, groups: Sequence[Array]) -> list[Pairs]:
        return [kernel_pairs(k, new, old) for k, new, old in zip(self.kernels, groups, self.groups, strict=True)]

    def _std(self, K: Array, groups: Sequence[Array]) -> Array:
        left = solve_triangular(self._factor, K.T, lower=True)
        variance = variances(self.kernels, self.theta, groups, self.combine) - np.einsum("nm,nm->m", left, left)
        deviation: Array = np.sqrt(np.maximum(variance, 1e-12))
        return deviation

    def leave_one_out(self, units: npt.NDArray[np.int64] | None = None) -> tuple[Array, Array]:
        """Mean and standard deviation, its own noise included, of each training value by the others, ``(n,)`` each.

        ``rasmussen2006``, equation 5.12; with ``(n,)`` units, by those of other units alone.
        """
        with threads_for(len(self.y)):
            inverse = cho_solve((self._factor, True), np.eye(len(self.y)))
        precision = np.diag(inverse)
        mean, std = self.y - self._solved / precision, precision**-0.5
        for unit in [] if units is None else np.flatnonzero(np.bincount(units) > 1):
            rows = np.flatnonzero(units == unit)
            left = np.linalg.inv(inverse[np.ix_(rows, rows)])  # the covariance of these values by the others
            mean[rows] = self.y[rows] - left @ self._solved[rows]
            std[rows] = np.sqrt(np.diag(left))
        return mean, std

    def _priors(self) -> tuple[Array, Array]:
        priors = [*hyper_priors(self.kernels), self.noise]
        return np.log([p.median for p in priors]), np.asarray([p.spread for p in priors])


def _noise(theta: Array, weights: Array) -> Array:
    """The covariance of the noise, ``(n, n)``, and what keeps the sum well conditioned."""
    return np.diag(np.exp(theta[-1]) / weights + 1e-8)


def _loss(
    theta: Array,
    kernels: Sequence[Kernel],
    inner: Sequence[Pairs],
    y: Array,
    centre: Array,
    spread: Array,
    combine: str = "sum",
    weights: Array | None = None,
) -> tuple[float, Array]:
    """The negative log of marginal likelihood times priors, and its gradient (``rasmussen2006``, equation 5.9)."""
    each = slopes_of_each(kernels, inner, theta)
    K = combined([own[0] for own in each], combine)
    n = len(y)
    weights = np.ones(n) if weights is None else weights
    try:
        factor = cholesky(K + _noise(theta, weights), lower=True)
    except np.linalg.LinAlgError:  # a corner of the hyper-parameters where rounding wins
        return 1e25, np.zeros_like(theta)
    inverse = cho_solve((factor, True), np.eye(n))
    solved = inverse @ y
    pull = np.outer(solved, solved) - inverse
    noise_slope = float((np.diag(pull) / weights).sum() * np.exp(theta[-1]))
    gradient = -0.5 * np.asarray([*pulls(kernels, each, inner, theta, pull, combine), noise_slope])
    away = (theta - centre) / spread
    loss = 0.5 * y @ solved + np.log(np.diag(factor)).sum() + 0.5 * n * np.log(2 * np.pi) + 0.5 * away @ away
    return float(loss), gradient + away / spread
