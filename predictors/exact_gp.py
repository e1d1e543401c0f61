"""An exact Gaussian process whose kernel is a sum over groups of features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_solve, cholesky, solve_triangular
from scipy.optimize import minimize

from ..encoders.threads import threads_for
from .relevance import Columns, length_pulls, scaled_distances

__all__ = [
    "ExactGP",
    "Kernel",
    "LogNormal",
    "Pairs",
    "covariance",
    "kernel_pairs",
    "kernel_slopes",
    "prior_medians",
    "variances",
]

Array = npt.NDArray[np.float64]
Pairs: TypeAlias = Array | Columns


@dataclass(frozen=True)
class LogNormal:
    """A prior on a positive hyper-parameter: its logarithm is normal.

    Attributes:
        median: Of the hyper-parameter, in its units; its logarithm is the mean of the logarithm.
        spread: Standard deviation of the logarithm.

    >>> prior = LogNormal(0.5, 1.0)  # two thirds of its mass lie between 0.5 / e and 0.5 e
    >>> prior.median, prior.spread
    (0.5, 1.0)
    """

    median: float
    spread: float


@dataclass(frozen=True)
class Kernel:
    """One summand of the kernel, on a feature group of its own.

    ``"matern"`` is ``v (1 + r√5 + 5r²/3) exp(−r√5)`` with ``r = |x − x'| / l``; ``"rbf"`` is ``v exp(−r²/2)``;
    ``"linear"`` is ``v x·x'`` (``rasmussen2006``, chapter 4).

    ``"rbf-ard"`` is the second with ``r² = Σ_j (x_j − x'_j)² / (l l_j)²``, automatic relevance determination: column
    ``j`` has a length of its own, ``l l_j``. Its logarithm has a variance that all columns share, that of ``l``, and
    one of its own, that of ``l_j``, which draws the columns' lengths together until the values tell them apart. The
    spread of ``l_j`` was chosen on NAS-Bench-Graph's citeseer and pubmed with 10 to 100 evaluations, where twice as
    much helps some encoders and hurts others, and four times as much hurts all.

    Attributes:
        kind: ``"matern"``, ``"rbf"``, ``"rbf-ard"`` or ``"linear"``.
        variance: Prior of ``v``.
        length: Prior of ``l``, which the linear kernel does not have.
        relevance: Prior of each ``l_j``.
        columns: How many ``l_j`` there are, the width of the feature group; 0 but for ``"rbf-ard"``.

    >>> Kernel("linear").sizes, Kernel("matern").sizes, Kernel("rbf-ard", columns=3).sizes
    (1, 2, 5)
    """

    kind: str
    variance: LogNormal = LogNormal(0.5, 1.0)
    length: LogNormal = LogNormal(1.0, 0.7)
    relevance: LogNormal = LogNormal(1.0, 0.25)
    columns: int = 0

    @property
    def sizes(self) -> int:
        """How many hyper-parameters it has."""
        return len(self.priors)

    @property
    def priors(self) -> list[LogNormal]:
        """Of each hyper-parameter: variance, length, then one a column."""
        return [self.variance, *([] if self.kind == "linear" else [self.length]), *[self.relevance] * self.columns]


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

    def std(self, groups: Sequence[Array]) -> Array:
        """The standard deviation alone, ``(m,)``."""
        with threads_for(len(self.y)):
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
        with threads_for(len(self.y)):
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
    return [prior for kernel in kernels for prior in kernel.priors]


def _noise(theta: Array, weights: Array) -> Array:
    """The covariance of the noise, ``(n, n)``, and what keeps the sum well conditioned."""
    return np.diag(np.exp(theta[-1]) / weights + 1e-8)


def kernel_pairs(kernel: Kernel, a: Array, b: Array) -> Pairs:
    """What the kernel needs of each pair: squared distances, or inner products, ``(n, m)``; or all columns."""
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if kernel.kind == "rbf-ard":
        return Columns(a, b)
    product: Array = a @ b.T
    if kernel.kind == "linear":
        return product
    squares = np.einsum("nd,nd->n", a, a)[:, None] + np.einsum("md,md->m", b, b)[None] - 2 * product
    distances: Array = np.maximum(squares, 0.0)
    return distances


def covariance(kernels: Sequence[Kernel], inner: Sequence[Pairs], theta: Array, combine: str = "sum") -> Array:
    """Sum or product of the kernels, ``(n, m)``, from `kernel_pairs` of each and the logarithms of hyper-parameters."""
    return _combined([slopes[0] for slopes in _all_slopes(kernels, inner, theta)], combine)


def _all_slopes(kernels: Sequence[Kernel], inner: Sequence[Pairs], theta: Array) -> list[list[Array]]:
    """`kernel_slopes` of each kernel."""
    found, position = [], 0
    for kernel, pairs in zip(kernels, inner, strict=True):
        found.append(kernel_slopes(kernel, pairs, theta[position : position + kernel.sizes]))
        position += kernel.sizes
    return found


def kernel_slopes(kernel: Kernel, pairs: Pairs, theta: Array) -> list[Array]:
    """The kernel, then its derivative with respect to the logarithm of its length, if it has one."""
    scale = np.exp(theta[0])
    if isinstance(pairs, Columns):
        squared = scaled_distances(pairs, theta[1] + theta[2:])
    elif kernel.kind == "linear":
        return [scale * pairs]
    else:
        squared = pairs * np.exp(-2 * theta[1])
    if kernel.kind != "matern":
        K = scale * np.exp(-squared / 2)
        return [K, K * squared]
    r = np.sqrt(5 * squared)
    decay = scale * np.exp(-r)
    return [decay * (1 + r + r**2 / 3), decay * (1 + r) * r**2 / 3]


def _pulls(each: list[list[Array]], inner: Sequence[Pairs], theta: Array, pull: Array, combine: str) -> list[float]:
    """``Σ P ∘ ∂K/∂θ`` of every hyper-parameter of the kernels, from `kernel_slopes` of each and ``P``, ``(n, n)``."""
    found: list[float] = []
    for i, (own, pairs) in enumerate(zip(each, inner, strict=True)):
        outer = pull
        if combine == "product":  # what is one factor's is times all the others
            outer = _combined([pull, *(other[0] for j, other in enumerate(each) if j != i)], combine)
        start = len(found)
        found += [float(np.vdot(outer, slope)) for slope in own]
        if isinstance(pairs, Columns):
            logs = theta[start + 2 : start + 2 + pairs.a.shape[1]]
            found += length_pulls(pairs.a, theta[start + 1] + logs, outer * own[0]).tolist()
    return found


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
    each = _all_slopes(kernels, inner, theta)
    K = _combined([own[0] for own in each], combine)
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
    gradient = -0.5 * np.asarray([*_pulls(each, inner, theta, pull, combine), noise_slope])
    away = (theta - centre) / spread
    loss = 0.5 * y @ solved + np.log(np.diag(factor)).sum() + 0.5 * n * np.log(2 * np.pi) + 0.5 * away @ away
    return float(loss), gradient + away / spread
