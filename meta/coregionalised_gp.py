"""Transfer by one Gaussian process over all tasks together."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..encoders.groups import FeatureGroups
from ..predictors.predictor import Predictor
from ..spaces import Architectures
from .adapted_predictor import AdaptedPredictor
from .chunks import in_chunks
from .coregionalisation import Coregionalisation, CoregionalisedProcess, Observations
from .encodings import ENCODERS
from .meta_learner import MetaLearner
from .portfolio import greedy_portfolio
from .sources import Sources

__all__ = ["CoregionalisedGP", "CoregionalisedPredictor"]

Array = npt.NDArray[np.float64]


class CoregionalisedGP(MetaLearner):
    """A multi-task Gaussian process with the intrinsic model of coregionalisation (``bonilla2007``).

    The covariance of two evaluations is that of their tasks times that of their architectures. Both are learned from
    the sources by marginal likelihood; of a target only how it depends on what the sources share, and on what it has
    of its own. Cost grows with the cube of the evaluations, so the sources are drawn from.

    Args:
        points: The most evaluations of all sources together, but at least one of each.
        rank: Functions that all tasks share.
        seed: Of the evaluations' draw and of where the search for hyper-parameters starts.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)})
    >>> architectures = space.enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> source = Task("source", architectures, {"accuracy": Metric(y, "maximize")}, objective="accuracy")
    >>> learner = CoregionalisedGP(points=40).fit([source])
    >>> mean = learner.adapt(architectures[::20], 5.0 * y[::20]).predict(architectures)
    >>> bool(np.corrcoef(mean, y)[0, 1] > 0.9)
    True
    """

    def __init__(self, *, points: int = 300, rank: int = 2, seed: int = 0) -> None:
        self.points = points
        self.rank = rank
        self.seed = seed

    def _fit(self, sources: Sources) -> None:
        tasks = sources.scores.shape[1]
        self._rows = sources.drawn(max(self.points // tasks, 1), self.seed)
        self._observe(sources)
        start = Coregionalisation.start(tasks, self.rank, np.random.default_rng(self.seed))
        self._parts = start.learned(self._seen)

    def _observe(self, sources: Sources) -> None:
        self._features = FeatureGroups(ENCODERS).fit(sources.architectures.space)
        self._seen = Observations(
            self._features.transform(sources.architectures[np.concatenate(self._rows)]),
            np.repeat(np.arange(len(self._rows)), [len(rows) for rows in self._rows]),
            np.concatenate([sources.scores[rows, task] for task, rows in enumerate(self._rows)]).astype(np.float64),
        )

    def _adapt(self, architectures: Architectures, y: npt.NDArray[np.float64]) -> Predictor:
        predictor = CoregionalisedPredictor(features=self._features, parts=self._parts, seen=self._seen)
        return predictor.fit(architectures, y)

    def _initial_design(self, n: int, candidates: Architectures) -> Architectures:
        process = CoregionalisedProcess(self._parts, self._seen)
        by_task = in_chunks(lambda batch: process.means(self._features.transform(batch)).astype(np.float32), candidates)
        return candidates[greedy_portfolio(by_task, n)]

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        return {
            "rows": np.concatenate(self._rows),
            "counts": np.asarray([len(rows) for rows in self._rows]),
            "W": self._parts.W,
            "log_kappa": self._parts.log_kappa,
            "theta": self._parts.theta,
        }

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        rows, counts, tasks = arrays["rows"], arrays["counts"], len(self.sources_.names)
        if counts.shape != (tasks,) or min(counts) < 0 or sum(counts) != len(rows) or rows.min(initial=0) < 0:
            raise ValueError(f"{counts.tolist()} evaluations of {tasks} tasks are not {len(rows)} rows")
        self._rows = np.split(rows, np.cumsum(counts)[:-1])
        self._observe(self.sources_)
        usual = Coregionalisation.start(tasks, self.rank, np.random.default_rng(0))
        self._parts = Coregionalisation(arrays["W"], arrays["log_kappa"], arrays["theta"])
        for name in ("W", "log_kappa", "theta"):
            if arrays[name].shape != getattr(usual, name).shape or not np.isfinite(arrays[name]).all():
                raise ValueError(f"{name} is not finite, or not of {tasks} tasks")
        if not np.isfinite(self._seen.y).all():
            raise ValueError("a score that was learned is missing")


class CoregionalisedPredictor(AdaptedPredictor):
    """What `CoregionalisedGP` adapts to a target task, which is one more task of the same process.

    Args:
        features: The fitted encoders.
        parts: The sources' hyper-parameters.
        seen: The sources' evaluations.
        target: ``"normal-scores"`` or ``"standard"``.
    """

    def __init__(
        self,
        *,
        features: FeatureGroups,
        parts: Coregionalisation,
        seen: Observations,
        target: str = "normal-scores",
    ) -> None:
        super().__init__(target=target)
        self.features = features
        self.parts = parts
        self.seen = seen

    def _fit(self, architectures: Architectures, z: Array) -> None:
        parts, seen = self.parts.with_task(), self.seen
        if len(z):
            own = np.full(len(z), len(self.parts.W))
            groups = zip(seen.groups, self.features.transform(architectures), strict=True)
            seen = Observations(
                [np.concatenate(pair) for pair in groups], np.append(seen.tasks, own), np.append(seen.y, z)
            )
            parts = parts.last_learned(seen)
        self._process = CoregionalisedProcess(parts, seen)

    def _predict(self, architectures: Architectures) -> tuple[Array, Array]:
        return self._process.predict_evaluation(self.features.transform(architectures), len(self.parts.W))
