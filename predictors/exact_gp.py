"""An exact Gaussian process whose kernel is a sum over groups of features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_solve, cholesky, solve_triangular
from scipy.optimize import minimize

__all__ = [
    "ExactGP",
    "Kernel",
    "LogNormal",
    "covariance",
    "kernel_pairs",
    "kernel_slopes",
    "prior_medians",
    "variances",
]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LogNormal:
    """A prior on a positive hyper-parameter: its logarithm is normal with this mean and standard deviation."""

    median: float
    spread: float


@dataclass(frozen=True)
class Kernel:
    """One summand of the kernel, on a feature group of its own.

    ``"matern"`` is ``v (1 + r√5 + 5r²/3) exp(−r√5)`` with ``r = |x − x'| / l``; ``"rbf"`` is ``v exp(−r²/2)``;
    ``"linear"`` is ``v x·x'`` (``rasmussen2006``, chapter 4).

    Attributes:
        kind: ``"matern"``, ``"rbf"`` or ``"linear"``.
        variance: Prior of ``v``.
        length: Prior of ``l``, which the linear kernel does not have.
    """

    kind: str
    variance: LogNormal = LogNormal(0.5, 1.0)
    length: LogNormal = LogNormal(1.0, 0.7)

    @property
    def sizes(self) -> int:
        """How many hyper-parameters it has."""
        return 1 if self.kind == "linear" else 2


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

    def __init__(
        self, kernels: Sequence[Kernel], *, noise: LogNormal = LogNormal(0.1, 1.0), combine: str = "sum"
    ) -> None:
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
            theta: Logarithms of the hyper-parameters, if they are known: for each kernel variance and length, then the
                noise variance.
            weights: ``(n,)``, above 0: the noise of a value has the noise variance over its weight; 1 if not given.
        """
        self.weights: Array = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=np.float64)
        groups = [np.ascontiguousarray(group, dtype=np.float64) for group in groups]  # one layout, one rounding
        inner = [kernel_pairs(kernel, group, group) for kernel, group in zip(self.kernels, groups, strict=True)]
        if theta is None:
            start, spread = self._priors()
            found = minimize(
                _loss, start, args=(self.kernels, inner, y, start, spread, self.combine, self.weights), jac=True,
                method="L-BFGS-B",
                bounds=[(m - 4 * s, m + 4 * s) for m, s in zip(start, spread, strict=True)], options={"maxiter": 60},
            )  # fmt: skip
            theta = found.x
        self.theta: Array = np.asarray(theta, dtype=np.float64)
        self.groups = groups
        self.y = y
        K = covariance(self.kernels, inner, self.theta, self.combine)
        self._factor = cholesky(K + _noise(self.theta, self.weights), lower=True)
        self._solved: Array = cho_solve((self._factor, True), y)
        return self

    def predict(self, groups: Sequence[Array]) -> tuple[Array, Array]:
        """Mean and standard deviation, ``(m,)`` each, of the function without noise."""
        K = self._with_training(groups)
        return K @ self._solved, self._std(K, groups)

    def mean(self, groups: Sequence[Array]) -> Array:
        """The mean alone, ``(m,)``, which costs much less."""
        return self._with_training(groups) @ self._solved

    def std(self, groups: Sequence[Array]) -> Array:
        """The standard deviation alone, ``(m,)``."""
        return self._std(self._with_training(groups), groups)

    def _with_training(self, groups: Sequence[Array]) -> Array:
        """``(m, n)`` covariances with the training points."""
        inner = [kernel_pairs(k, new, old) for k, new, old in zip(self.kernels, groups, self.groups, strict=True)]
        return covariance(self.kernels, inner, self.theta, self.combine)

    def _std(self, K: Array, groups: Sequence[Array]) -> Array:
        left = solve_triangular(self._factor, K.T, lower=True)
        variance = variances(self.kernels, self.theta, groups, self.combine) - np.einsum("nm,nm->m", left, left)
        deviation: Array = np.sqrt(np.maximum(variance, 1e-12))
        return deviation

    def leave_one_out(self) -> tuple[Array, Array]:
        """Mean and standard deviation, its own noise included, of each training value by the others, ``(n,)`` each.

        ``rasmussen2006``, equation 5.12.
        """
        precision = np.diag(cho_solve((self._factor, True), np.eye(len(self.y))))
        return self.y - self._solved / precision, precision**-0.5

    def _priors(self) -> tuple[Array, Array]:
        priors = [*_parameters(self.kernels), self.noise]
        return np.log([p.median for p in priors]), np.asarray([p.spread for p in priors])


def variances(kernels: Sequence[Kernel], theta: Array, groups: Sequence[Array], combine: str = "sum") -> Array:
    """The diagonal of the covariance of the function at ``n`` points, one ``(n, d)`` matrix a kernel, ``(n,)``."""
    own, position = [], 0
    for kernel, x in zip(kernels, groups, strict=True):
        squares = np.einsum("nd,nd->n", x, x) if kernel.kind == "linear" else np.ones(len(x))
        own.append(np.exp(theta[position]) * squares)
        position += kernel.sizes
    return _combined(own, combine)


def _combined(parts: Sequence[Array], combine: str) -> Array:
    whole: Array = np.prod(parts, axis=0) if combine == "product" else np.sum(parts, axis=0)
    return whole


def prior_medians(kernels: Sequence[Kernel]) -> Array:
    """Logarithms of the hyper-parameters at the medians of their priors."""
    medians: Array = np.log([p.median for p in _parameters(kernels)])
    return medians


def _parameters(kernels: Sequence[Kernel]) -> list[LogNormal]:
    return [p for k in kernels for p in ([k.variance] if k.kind == "linear" else [k.variance, k.length])]


def _noise(theta: Array, weights: Array) -> Array:
    """The covariance of the noise, ``(n, n)``, and what keeps the sum well conditioned."""
    return np.diag(np.exp(theta[-1]) / weights + 1e-8)


def kernel_pairs(kernel: Kernel, a: Array, b: Array) -> Array:
    """What the kernel needs of each pair: squared distances, or inner products; ``(n, m)``."""
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    product: Array = a @ b.T
    if kernel.kind == "linear":
        return product
    squares = np.einsum("nd,nd->n", a, a)[:, None] + np.einsum("md,md->m", b, b)[None] - 2 * product
    distances: Array = np.maximum(squares, 0.0)
    return distances


def covariance(kernels: Sequence[Kernel], inner: Sequence[Array], theta: Array, combine: str = "sum") -> Array:
    """Sum or product of the kernels, ``(n, m)``, from `kernel_pairs` of each and the logarithms of hyper-parameters."""
    return _combined([slopes[0] for slopes in _all_slopes(kernels, inner, theta)], combine)


def _all_slopes(kernels: Sequence[Kernel], inner: Sequence[Array], theta: Array) -> list[list[Array]]:
    """`kernel_slopes` of each kernel."""
    found, position = [], 0
    for kernel, pairs in zip(kernels, inner, strict=True):
        found.append(kernel_slopes(kernel, pairs, theta[position : position + kernel.sizes]))
        position += kernel.sizes
    return found


def kernel_slopes(kernel: Kernel, pairs: Array, theta: Array) -> list[Array]:
    """The kernel, then its derivatives with respect to its log hyper-parameters beyond the variance's."""
    scale = np.exp(theta[0])
    if kernel.kind == "linear":
        return [scale * pairs]
    squared = pairs * np.exp(-2 * theta[1])
    if kernel.kind == "rbf":
        K = scale * np.exp(-squared / 2)
        return [K, K * squared]
    r = np.sqrt(5 * squared)
    decay = scale * np.exp(-r)
    return [decay * (1 + r + r**2 / 3), decay * (1 + r) * r**2 / 3]


def _loss(
    theta: Array,
    kernels: Sequence[Kernel],
    inner: Sequence[Array],
    y: Array,
    centre: Array,
    spread: Array,
    combine: str = "sum",
    weights: Array | None = None,
) -> tuple[float, Array]:
    """The negative log of marginal likelihood times priors, and its gradient (``rasmussen2006``, equation 5.9)."""
    each = _all_slopes(kernels, inner, theta)
    values = [own[0] for own in each]
    K, slopes = _combined(values, combine), [slope for own in each for slope in own]
    if combine == "product":  # the slope of one factor times all the others
        others = [_combined([*values[:i], np.ones_like(K), *values[i + 1 :]], combine) for i in range(len(values))]
        slopes = [slope * rest for own, rest in zip(each, others, strict=True) for slope in own]
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
    gradient = np.asarray([-0.5 * np.vdot(pull, slope) for slope in slopes] + [-0.5 * noise_slope])
    away = (theta - centre) / spread
    loss = 0.5 * y @ solved + np.log(np.diag(factor)).sum() + 0.5 * n * np.log(2 * np.pi) + 0.5 * away @ away
    return float(loss), gradient + away / spread
