"""A guard against harm, around any meta-learner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.utils.validation import check_is_fitted

from ..encoders.named_arrays import nested, part
from ..predictors.candidates import process_on_all
from ..predictors.explanation import Explanation, MemberReport
from ..predictors.predictor import Predictor
from ..predictors.stacking import Stack
from ..spaces import Architectures, InputError
from .adapted_predictor import AdaptedPredictor
from .meta_learner import MetaLearner
from .sources import Sources

__all__ = ["COLD", "SHRINKAGE", "Guard", "GuardedPredictor"]

Array = npt.NDArray[np.float64]

COLD = "Gaussian process without the sources"
PRIOR = (0.8, 0.2)  # weights of the meta-learner and of the process without sources, before any evaluation
SHRINKAGE = 0.5  # of the weights towards those before any evaluation


class Guard(MetaLearner):
    """Another meta-learner, and a Gaussian process that knows of no source, weighted by predictions held out.

    The meta-learner is adapted to all evaluations of the target but a fold, in turn, and asked about that fold. The
    weights of its answers and of the process's leave-one-out means fit the values (`Stack`), so that sources which
    mislead lose their say as soon as the evaluations show it. `GuardedPredictor.explain` tells the weights.

    Args:
        learner: Name of the meta-learner inside.
        parameters: Its arguments; None for its defaults.
        folds: How many.

    Raises:
        InputError: Fewer than two folds; raised by ``adapt``.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)}).enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> source = Task("source", architectures, {"accuracy": Metric(y, "maximize")}, objective="accuracy")
    >>> predictor = Guard(learner="rgpe").fit([source]).adapt(architectures[::8], y[::8])
    >>> [member.name for member in predictor.explain().members]
    ['rgpe', 'Gaussian process without the sources']
    """

    def __init__(self, *, learner: str = "rgpe", parameters: Mapping[str, Any] | None = None, folds: int = 5) -> None:
        self.learner = learner
        self.parameters = parameters
        self.folds = folds

    def _new_learner(self) -> MetaLearner:
        from . import registry

        return registry.make(self.learner, **(self.parameters or {}))

    def _fit(self, sources: Sources) -> None:
        self._inner = self._new_learner()
        self._inner.sources_ = sources
        self._inner._fit(sources)

    def _adapt(self, architectures: Architectures, y: Array) -> Predictor:
        return GuardedPredictor(inner=self._inner, name=self.learner, folds=self.folds).fit(architectures, y)

    def _initial_design(self, n: int, candidates: Architectures) -> Architectures:
        return self._inner._initial_design(n, candidates)

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        return nested("inner", self._inner._state())

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._inner = self._new_learner()
        self._inner.sources_ = self.sources_
        self._inner._restore(part("inner", arrays))


class GuardedPredictor(AdaptedPredictor):
    """What `Guard` adapts to a target task.

    Args:
        inner: The fitted meta-learner.
        name: What to call it.
        folds: How many, or as many as there are different evaluations.
        target: ``"normal-scores"`` or ``"standard"``.
    """

    def __init__(self, *, inner: MetaLearner, name: str, folds: int, target: str = "normal-scores") -> None:
        super().__init__(target=target)
        self.inner = inner
        self.name = name
        self.folds = folds

    def __sklearn_clone__(self) -> GuardedPredictor:
        """A clone shares what was learned from the sources."""
        return GuardedPredictor(inner=self.inner, name=self.name, folds=self.folds, target=self.target)

    def _fit(self, architectures: Architectures, z: Array) -> None:
        if self.folds < 2:
            raise InputError(f"A guard holds out one of two folds or more; got folds={self.folds!r}.")
        self._transfer = self.inner.adapt(architectures, z)
        self._stack: Stack | None = None
        if not len(z):
            return
        self._cold = process_on_all(target=self.target)._fit_as_part(architectures, self.target_, z)
        answers = [self._held_out(architectures, z), self._cold.held_out()]
        means, stds = (np.stack(both, axis=1) for both in zip(*answers, strict=True))
        self._stack = Stack().fit(means, stds, z, shrinkage=SHRINKAGE, prior=PRIOR)

    def _held_out(self, architectures: Architectures, z: Array) -> tuple[Array, Array]:
        """What the meta-learner says of each fold without it; equivalent architectures are of one fold."""
        keys = architectures.canonical().keys()
        fold = np.unique(keys, return_inverse=True)[1] % self.folds
        mean, std = np.zeros(len(z)), np.ones(len(z))
        for number in np.unique(fold):
            out = fold == number
            adapted = self.inner.adapt(architectures[~out], z[~out])
            mean[out], std[out] = adapted.predict(architectures[out], return_std=True)
        return mean, std

    def _predict(self, architectures: Architectures) -> tuple[Array, Array]:
        answer = self._transfer.predict(architectures, return_std=True)
        if self._stack is None:
            return answer
        means, stds = (np.stack(both, axis=1) for both in zip(answer, self._cold._predict(architectures), strict=True))
        return self._stack.predict(means, stds)

    def explain(self) -> Explanation:
        """How much the sources count.

        Raises:
            NotFittedError: ``fit`` has not been called.
        """
        check_is_fitted(self, "space_")
        if self._stack is None:
            return Explanation(
                "Nothing was evaluated.", (MemberReport(self.name, 1.0, float("nan"), "is all there is"),)
            )
        names = (self.name, COLD)
        reasons = ("uses the sources", "cannot be misled by them")
        reports = [
            MemberReport(name, float(weight), float(tau), reason)
            for name, weight, tau, reason in zip(names, self._stack.weights, self._stack.taus, reasons, strict=True)
        ]
        return Explanation("Weighted by predictions held out.", tuple(reports))
