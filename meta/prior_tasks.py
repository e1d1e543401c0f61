"""Tasks drawn from a prior around the sources, to train a network that learns in context."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ..encoders.groups import FeatureGroups
from ..encoders.ranks import normal_scores
from .encodings import ENCODERS
from .episodes import Episodes
from .sources import Sources

__all__ = ["DrawnTasks", "PriorTasks", "as_scores"]

Array = npt.NDArray[np.float64]

NOISE = 0.2  # largest standard deviation of a synthetic value's noise, log-uniform from a tenth of it
FROM_THE_TOP = 0.3  # share of supports that are chosen from the top
FURTHEST = 4.0  # normal scores of queries are cut off here


@dataclass(frozen=True)
class DrawnTasks:
    """``b`` tasks on the same ``r`` architectures, each with ``k`` of them as its support.

    Attributes:
        rows: ``(r,)`` rows of the sources' architectures.
        order: ``(b, r)``: for each task a permutation of ``0 .. r − 1``, its support first.
        support_y: ``(b, k)`` float32.
        query_y: ``(b, r − k)`` float32.
    """

    rows: Tensor
    order: Tensor
    support_y: Tensor
    query_y: Tensor


class PriorTasks:
    """Draws tasks: sources, and mixtures of sources and of Gaussian processes on graph features.

    The architectures of a draw are of one random source. A synthetic task is ``√a s + √(1 − a) g + ε``: ``s`` is a
    mean of sources with random weights, ``g`` a function from a Gaussian process whose kernel is a Matérn on graph
    features and one on the genotype, of random lengths and weights, and ``ε`` noise; ``a`` is uniform.

    Args:
        sources: What the sources say.
        support: The most evaluations of a support, log-uniform from 0.
        query: Evaluations to predict.
        tasks: ``b``.
        source_share: Share of tasks that are the one source itself.
        seed: Of all draws.
    """

    def __init__(
        self, sources: Sources, *, support: int, query: int, tasks: int, source_share: float, seed: int
    ) -> None:
        self.tasks = tasks
        self.source_share = source_share
        self._episodes = Episodes(sources, support=support, query=query, seed=seed)
        self._rng = self._episodes.rng
        self._sources = sources
        self._groups = FeatureGroups(ENCODERS).fit(sources.architectures.space)

    def draw(self) -> DrawnTasks:
        """A batch of tasks."""
        episode = self._episodes.draw()
        rows = torch.cat([episode.support, episode.query])
        k = len(episode.support)
        own = torch.cat([episode.support_y, episode.query_y]).double().numpy()
        values = self._synthetic(rows.numpy())
        values[self._rng.random(self.tasks) < self.source_share] = own
        favour = self._rng.uniform(0, 2, size=self.tasks) * (self._rng.random(self.tasks) < FROM_THE_TOP)
        noise = self._rng.normal(size=values.shape)
        order = np.argsort(-favour[:, None] * values - noise, axis=1)
        support_y, query_y = as_scores(np.take_along_axis(values, order, axis=1), k)
        return DrawnTasks(
            rows,
            torch.from_numpy(order),
            torch.from_numpy(support_y.astype(np.float32)),
            torch.from_numpy(query_y.astype(np.float32)),
        )

    def _synthetic(self, rows: npt.NDArray[np.int64]) -> Array:
        """``(b, r)`` values of synthetic tasks."""
        scores = self._sources.scores[rows].astype(np.float64)  # (r, t)
        known = np.isfinite(scores)
        weights = self._rng.exponential(size=(self.tasks, scores.shape[1])) ** 2  # few sources matter much
        mixed = weights @ np.nan_to_num(scores).T / (weights @ known.T)
        mixed /= np.maximum(mixed.std(axis=1, keepdims=True), 0.3)
        share = self._rng.uniform(size=(self.tasks, 1))
        noise = NOISE * 10 ** -self._rng.uniform(size=(self.tasks, 1)) * self._rng.normal(size=mixed.shape)
        found: Array = np.sqrt(share) * mixed + np.sqrt(1 - share) * self._functions(rows) + noise
        return found

    def _functions(self, rows: npt.NDArray[np.int64]) -> Array:
        """``(b, r)`` values of functions from one Gaussian process, whose kernel is drawn anew each time."""
        part = self._rng.uniform()
        K = 1e-6 * np.eye(len(rows))
        groups = self._groups.transform(self._sources.architectures[rows])
        for weight, X in zip((part, 1 - part), groups, strict=True):
            length = 2.0 ** self._rng.uniform(-1, 2)
            K += weight * _matern(X, length)
        factor = np.linalg.cholesky(K)
        drawn: Array = self._rng.normal(size=(self.tasks, len(rows))) @ factor.T
        return drawn


def as_scores(values: Array, k: int) -> tuple[Array, Array]:
    """Values as a predictor sees them: normal scores within the support, and the others on the same scale.

    The scale takes the mean and the standard deviation of a support's values to those of its scores; what lies further
    than four from 0 is cut off. Without a support values stay as they are, with one it has the score 0.

    Args:
        values: ``(b, r)``, the support's first.
        k: How many are of the support.

    Returns:
        ``(b, k)`` and ``(b, r − k)``.

    >>> support, query = as_scores(np.array([[10.0, 30.0, 20.0, 25.0]]), 3)
    >>> support.round(2).tolist(), query.round(2).tolist()
    ([[-0.97, 0.97, 0.0]], [[0.48]])
    """
    few, others = values[:, :k], values[:, k:]
    if k == 0:
        return few, np.clip(others, -FURTHEST, FURTHEST)
    scores = np.stack([normal_scores(row) for row in few])
    spread, wanted = few.std(axis=1, keepdims=True), scores.std(axis=1, keepdims=True)
    factor = np.where(spread > 1e-9, wanted / np.maximum(spread, 1e-9), 1.0)
    return scores, np.clip((others - few.mean(axis=1, keepdims=True)) * factor, -FURTHEST, FURTHEST)


def _matern(X: Array, length: float) -> Array:
    """The Matérn kernel of smoothness 5/2 (``rasmussen2006``, equation 4.17)."""
    squares = np.einsum("nd,nd->n", X, X)
    r = np.sqrt(5 * np.maximum(squares[:, None] + squares[None] - 2 * X @ X.T, 0.0)) / length
    K: Array = (1 + r + r**2 / 3) * np.exp(-r)
    return K
