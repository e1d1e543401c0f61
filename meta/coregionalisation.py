"""A Gaussian process over pairs of a task and an architecture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_solve, cholesky, solve_triangular
from scipy.optimize import minimize

from ..encoders.threads import one_thread
from ..predictors.kernels import Kernel, Pairs, covariance, kernel_pairs, kernel_slopes
from .encodings import ENCODERS

__all__ = ["Coregionalisation", "CoregionalisedProcess", "Observations"]

Array = npt.NDArray[np.float64]

KERNELS = tuple(Kernel("matern") for _ in ENCODERS)  # of each encoder's features

KAPPA = (np.log(0.3), 1.0)  # priors of logarithms: centre and spread
NOISE = (np.log(0.2), 1.0)
ROW = 0.3  # least spread of a new task's row of W about the mean of those known
OFFSET = 0.3  # variance of a new task's constant: its values' mean is that of what was chosen to be evaluated


@dataclass(frozen=True, eq=False)
class Observations:
    """Values of tasks at architectures.

    Attributes:
        groups: One ``(n, d)`` matrix a kernel.
        tasks: ``(n,)`` task numbers from 0 on.
        y: ``(n,)`` values.
    """

    groups: Sequence[Array]
    tasks: npt.NDArray[np.int64]
    y: Array


@dataclass(frozen=True, eq=False)
class Coregionalisation:
    """Hyper-parameters of ``cov(f_s(x), f_t(x')) = B[s, t] k(x, x')``, ``B = W Wᵀ + diag(κ)`` (``bonilla2007``).

    Attributes:
        W: ``(t, r)``: how tasks depend on ``r`` functions that all share.
        log_kappa: ``(t,)``: logarithm of what each task has of its own.
        theta: Logarithms of the kernels' hyper-parameters and, last, of the noise variance.
        offset: Variance of a constant that the last task has besides.

    >>> parts = Coregionalisation(np.array([[1.0], [0.5]]), np.log([0.1, 0.2]), np.zeros(5))
    >>> parts.B.round(2).tolist()
    [[1.1, 0.5], [0.5, 0.45]]
    """

    W: Array
    log_kappa: Array
    theta: Array
    offset: float = 0.0

    @property
    def B(self) -> Array:  # noqa: N802
        """``(t, t)``: the covariance of the tasks."""
        found: Array = self.W @ self.W.T + np.diag(np.exp(self.log_kappa))
        return found

    @classmethod
    def start(cls, tasks: int, rank: int, rng: np.random.Generator) -> Coregionalisation:
        """The priors' centres, with ``W`` drawn about equal weights on the first shared function."""
        priors = [p for kernel in KERNELS for p in (kernel.variance, kernel.length)]
        theta = np.append(np.log([p.median for p in priors]), NOISE[0])
        W = 0.2 * rng.normal(size=(tasks, rank))
        W[:, :1] += 0.7
        return cls(W, np.full(tasks, KAPPA[0]), theta)

    def with_task(self) -> Coregionalisation:
        """One more task, which is like the others on average."""
        return replace(
            self, W=np.vstack([self.W, self.W.mean(axis=0)]), log_kappa=np.append(self.log_kappa, self.log_kappa.mean())
        )

    def learned(self, seen: Observations) -> Coregionalisation:
        """All hyper-parameters by marginal likelihood times their priors (``rasmussen2006``, equation 5.8)."""
        priors = [p for kernel in KERNELS for p in (kernel.variance, kernel.length)]
        tasks, rank = self.W.shape
        centre = np.concatenate([np.zeros(tasks * rank), np.full(tasks, KAPPA[0]), self.theta])
        spread = np.concatenate([np.ones(tasks * (rank + 1)), [p.spread for p in priors], [NOISE[1]]])
        inner = [kernel_pairs(k, group, group) for k, group in zip(KERNELS, seen.groups, strict=True)]

        def unpacked(x: Array) -> Coregionalisation:
            W, log_kappa, theta = np.split(x, [tasks * rank, tasks * (rank + 1)])
            return Coregionalisation(W.reshape(tasks, rank), log_kappa, theta)

        def loss(x: Array) -> tuple[float, Array]:
            now = unpacked(x)
            value, pull = now._loss(covariance(KERNELS, inner, now.theta), seen)
            if pull is None:
                return value, np.zeros_like(x)
            W, kappa = now._task_gradient(pull * covariance(KERNELS, inner, now.theta), seen.tasks)
            gradient = np.concatenate([W.ravel(), kappa, now._kernel_gradient(pull, inner, seen.tasks)])
            away = (x - centre) / spread
            return value + 0.5 * away @ away, gradient + away / spread

        start = np.concatenate([self.W.ravel(), self.log_kappa, self.theta])
        return unpacked(_minimised(loss, start, centre, spread))

    def last_learned(self, seen: Observations) -> Coregionalisation:
        """What concerns the last task alone, a constant among it, by marginal likelihood, the rest as it is."""
        others = self.W[:-1]
        centre = np.append(self.W[-1], self.log_kappa[-1])
        spread = np.append(others.std(axis=0) + ROW, KAPPA[1])
        inner = [kernel_pairs(k, group, group) for k, group in zip(KERNELS, seen.groups, strict=True)]
        K = covariance(KERNELS, inner, self.theta)

        def unpacked(x: Array) -> Coregionalisation:
            log_kappa = np.append(self.log_kappa[:-1], x[-1])
            return replace(self, W=np.vstack([others, x[:-1]]), log_kappa=log_kappa, offset=OFFSET)

        def loss(x: Array) -> tuple[float, Array]:
            now = unpacked(x)
            value, pull = now._loss(K, seen)
            if pull is None:
                return value, np.zeros_like(x)
            W, kappa = now._task_gradient(pull * K, seen.tasks)
            away = (x - centre) / spread
            return value + 0.5 * away @ away, np.append(W[-1], kappa[-1]) + away / spread

        return unpacked(_minimised(loss, centre, centre, spread))

    def covariance(self, K: Array, tasks: npt.NDArray[np.int64], others: npt.NDArray[np.int64]) -> Array:
        """``(n, m)``: ``B ∘ K`` of the tasks of rows and columns, and the last task's constant."""
        last = len(self.W) - 1
        found: Array = self.B[np.ix_(tasks, others)] * K + self.offset * np.outer(tasks == last, others == last)
        return found

    def _loss(self, K: Array, seen: Observations) -> tuple[float, Array | None]:
        """The negative log marginal likelihood, and its derivative with respect to each covariance."""
        n = len(seen.y)
        full = self.covariance(K, seen.tasks, seen.tasks) + (np.exp(self.theta[-1]) + 1e-8) * np.eye(n)
        try:
            factor = cholesky(full, lower=True)
        except np.linalg.LinAlgError:  # a corner of the hyper-parameters where rounding wins
            return 1e25, None
        inverse = cho_solve((factor, True), np.eye(n))
        weights = inverse @ seen.y
        value = 0.5 * seen.y @ weights + np.log(np.diag(factor)).sum() + 0.5 * n * np.log(2 * np.pi)
        return float(value), 0.5 * (inverse - np.outer(weights, weights))

    def _task_gradient(self, pulled: Array, tasks: npt.NDArray[np.int64]) -> tuple[Array, Array]:
        """With respect to ``W`` and ``log κ``, from the derivative with respect to each covariance, times ``k``."""
        member = np.eye(len(self.W))[tasks]  # (n, t)
        of_B = member.T @ pulled @ member
        return 2 * of_B @ self.W, np.diag(of_B) * np.exp(self.log_kappa)

    def _kernel_gradient(self, pull: Array, inner: Sequence[Pairs], tasks: npt.NDArray[np.int64]) -> Array:
        """With respect to ``theta``."""
        pulled, found = pull * self.B[np.ix_(tasks, tasks)], []
        for position, (kernel, pairs) in enumerate(zip(KERNELS, inner, strict=True)):
            slopes = kernel_slopes(kernel, pairs, self.theta[2 * position : 2 * position + 2])
            found += [np.vdot(pulled, slope) for slope in slopes]
        return np.asarray([*found, np.trace(pull) * np.exp(self.theta[-1])])


class CoregionalisedProcess:
    """The posterior by given hyper-parameters.

    Args:
        parts: The hyper-parameters.
        seen: What is known.
    """

    def __init__(self, parts: Coregionalisation, seen: Observations) -> None:
        self.parts = parts
        self.seen = seen
        inner = [kernel_pairs(k, group, group) for k, group in zip(KERNELS, seen.groups, strict=True)]
        K = parts.covariance(covariance(KERNELS, inner, parts.theta), seen.tasks, seen.tasks)
        self._factor = cholesky(K + (np.exp(parts.theta[-1]) + 1e-8) * np.eye(len(K)), lower=True)
        self._weights: Array = cho_solve((self._factor, True), seen.y)

    def _with_seen(self, groups: Sequence[Array]) -> Array:
        """``(m, n)``: the kernels alone."""
        inner = [kernel_pairs(k, new, old) for k, new, old in zip(KERNELS, groups, self.seen.groups, strict=True)]
        return covariance(KERNELS, inner, self.parts.theta)

    def means(self, groups: Sequence[Array]) -> Array:
        """``(m, t)``: the mean of each task's function."""
        K = self._with_seen(groups)
        each = [np.full(len(K), task) for task in range(len(self.parts.W))]
        return np.stack([self.parts.covariance(K, task, self.seen.tasks) @ self._weights for task in each], axis=1)

    def predict(self, groups: Sequence[Array], task: int) -> tuple[Array, Array]:
        """Mean and standard deviation of one task's function, ``(m,)`` each."""
        K = self._with_seen(groups)
        K = self.parts.covariance(K, np.full(len(K), task), self.seen.tasks)  # (m, n)
        same = np.exp(self.parts.theta[[0, 2]]).sum(keepdims=True)[:, None]  # both kernels are stationary
        own = self.parts.covariance(same, np.asarray([task]), np.asarray([task])).item()
        left = solve_triangular(self._factor, K.T, lower=True)
        variance = own - np.einsum("nm,nm->m", left, left)
        return K @ self._weights, np.sqrt(np.maximum(variance, 1e-12))

    def predict_evaluation(self, groups: Sequence[Array], task: int) -> tuple[Array, Array]:
        """The same of a new evaluation, whose noise, the same for all tasks, adds to the variance."""
        mean, std = self.predict(groups, task)
        return mean, np.sqrt(std**2 + np.exp(self.parts.theta[-1]))


@one_thread
def _minimised(loss: Callable[[Array], tuple[float, Array]], start: Array, centre: Array, spread: Array) -> Array:
    bounds = [(m - 4 * s, m + 4 * s) for m, s in zip(centre, spread, strict=True)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 60})
    return np.asarray(found.x, dtype=np.float64)
