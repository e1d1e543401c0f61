"""Transfer between search spaces, through what can be told of an architecture in all of them."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from ..encoders.groups import FeatureGroups
from ..predictors.exact_gp import ExactGP
from ..predictors.kernels import Kernel, LogNormal
from ..predictors.predictor import Predictor
from ..spaces import Architectures
from .adapted_predictor import AdaptedProcess
from .cross_space_model import CrossSpaceModel, Opinions
from .encodings import ENCODERS
from .portfolio import greedy_portfolio
from .sources import Sources
from .subset_learner import SubsetLearner

__all__ = ["CrossSpace", "CrossSpacePredictor"]

Array = npt.NDArray[np.float64]

KERNELS = (Kernel("linear", LogNormal(0.3, 1.0)), Kernel("linear"), Kernel("linear"))  # before those of encoders
LEAST_STD = 0.1
OWN = (*ENCODERS, "flow")  # by which the target is learned from itself


class CrossSpace(SubsetLearner):
    """Learns from tasks of several spaces, for a target of any space, be it theirs or not.

    Each source has a Gaussian process on features that every space has (`OperationKinds`, as normal scores among the
    space's architectures) and another on the features of its own space. On a target, sources of its space speak
    through the latter, all others through the former. The prior mean is the two parties' consensus, as far as sources
    have followed others of their own and of other spaces when they were left out; the kernel is a sum: a constant,
    linear in what each party says, and Matérn in the architecture's own graph features, its genotype and random flows
    through its graph. The marginal likelihood weighs them, so that sources that say nothing of the target lose their
    say.

    Args:
        points: The most evaluations of a source that its processes learn from.
        seed: Of their draw.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace, EdgeCellSpace
    >>> chains = ChoiceSpace({f"layer{i}": ("conv", "pool", "skip") for i in range(4)}).enumerate()
    >>> convolutions = (chains.genotypes == 0).sum(axis=1)
    >>> source = Task("chains", chains, {"accuracy": Metric(convolutions, "maximize")}, objective="accuracy")
    >>> meta = CrossSpace(points=60).fit([source])
    >>> space = EdgeCellSpace(operations=("none", "skip_connect", "conv3x3", "max_pool"), nodes=3)
    >>> best = meta.initial_design(1, space=space)
    >>> best.format()
    ['|conv3x3~0|+|conv3x3~0|conv3x3~1|']
    >>> meta.adapt(best, [92.0]).predict(best).round().tolist()
    [92.0]
    """

    def __init__(self, *, points: int = 300, seed: int = 0) -> None:
        self.points = points
        self.seed = seed

    @property
    def across_spaces(self) -> bool:
        """Yes."""
        return True

    def _new_model(self) -> CrossSpaceModel:
        return CrossSpaceModel(points=self.points, seed=self.seed)

    def _fit(self, sources: Sources) -> None:
        self._model = self._new_model().fit(sources)

    def _adapt(self, architectures: Architectures, y: Array) -> Predictor:
        return CrossSpacePredictor(opinions=self._model.at(architectures.space)).fit(architectures, y)

    def opinions(self, architectures: Architectures) -> Array:
        """``(n, t)``: what each source says."""
        return self._model.each(architectures)

    def _subset(self, kept: Sequence[int]) -> Self:
        """The same, as if there were only those sources."""
        few = copy(self)
        few.sources_ = self.sources_.of_tasks(kept)
        few._model = self._model.only(kept, few.sources_)
        return few

    def _initial_design(self, n: int, candidates: Architectures) -> Architectures:
        own, foreign = self._model.at(candidates.space).transform(candidates)
        return candidates[greedy_portfolio(own if own.shape[1] else foreign, n)]

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        return self._model.state()

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._model = self._new_model().restore(arrays, self.sources_)


class CrossSpacePredictor(AdaptedProcess):
    """What `CrossSpace` adapts to a target task.

    Fitted to nothing, it gives the sources' consensus in normal scores.

    Args:
        opinions: What the sources say in the target's space.
        encoders: Of the architecture itself; each has a Matérn kernel.
        target: ``"normal-scores"`` or ``"standard"``.
    """

    def __init__(self, *, opinions: Opinions, encoders: Sequence[str] = OWN, target: str = "normal-scores") -> None:
        super().__init__(target=target)
        self.opinions = opinions
        self.encoders = encoders

    def __sklearn_clone__(self) -> CrossSpacePredictor:
        """A clone shares what was learned from the sources."""
        return CrossSpacePredictor(opinions=self.opinions, encoders=self.encoders, target=self.target)

    def _fit(self, architectures: Architectures, z: Array) -> None:
        self._fit_weighted(architectures, z, np.ones(len(z)))

    def _fit_weighted(self, architectures: Architectures, z: Array, weights: Array) -> None:
        self._gp = None
        if not len(z):
            return
        self._features = FeatureGroups(self.encoders).fit(architectures.space)
        prior, groups = self._inputs(architectures)
        self._prior = prior
        kernels = [*KERNELS, *(Kernel("matern") for _ in self.encoders)]
        self._gp = ExactGP(kernels).fit(groups, z - prior, weights=weights)

    def _inputs(self, architectures: Architectures) -> tuple[Array, list[Array]]:
        """The prior mean, ``(n,)``, and a matrix for each kernel."""
        said = self.opinions.transform(architectures)
        prior = self.opinions.consensus(said) @ self.opinions.trust
        return prior, [np.ones((len(prior), 1)), *said, *self._features.transform(architectures)]

    def _predict(self, architectures: Architectures) -> tuple[Array, Array]:
        if self._gp is None:
            mean = self.opinions.consensus(self.opinions.transform(architectures)) @ self.opinions.trust
            left = 1.0 - min(float(np.square(self.opinions.trust).sum()), 1.0)
            return mean, np.full(len(mean), max(left**0.5, LEAST_STD))
        prior, groups = self._inputs(architectures)
        mean, std = self._gp.predict_evaluation(groups)
        return mean + prior, std
