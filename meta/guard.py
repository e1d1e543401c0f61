"""A guard against harm, around any meta-learner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from scipy.stats import kendalltau
from sklearn.utils.validation import check_is_fitted

from ..encoders import OneHot, OperationCounts
from ..encoders.named_arrays import nested, part
from ..encoders.one_shape import one_shape
from ..predictors.candidates import process_on_all
from ..predictors.explanation import Explanation, MemberReport
from ..predictors.gaussian_process import GaussianProcess
from ..predictors.predictor import Predictor
from ..predictors.stacking import Stack
from ..predictors.unfitted import name_in
from ..spaces import Architectures, InputError, SearchSpace
from .adapted_predictor import AdaptedPredictor
from .dropping import Dropping
from .meta_learner import MetaLearner
from .outer_learner import OuterLearner, unfitted_learner
from .sources import Sources

__all__ = ["COLD", "SHRINKAGE", "Guard", "GuardedPredictor"]

Array = npt.NDArray[np.float64]

COLD = "Gaussian process without the sources"
PRIOR = 0.8  # weight of the meta-learner before any evaluation; less as more of its sources turn out to mislead
REFIT = "refit"
SHRINKAGE = 0.5  # of the weights towards those before any evaluation


class Guard(OuterLearner):
    """Another meta-learner, and a Gaussian process that knows of no source, weighted by predictions held out.

    The meta-learner is adapted to all evaluations of the target but a fold, in turn, and asked about that fold. The
    weights of its answers and of the process's leave-one-out means fit the values (`Stack`), so that sources which
    mislead lose their say as soon as the evaluations show it. Before that, the sources that the evaluations speak
    against are dropped one by one (`kept_sources`), without those of the fold. `GuardedPredictor.explain` tells the
    weights, and what was dropped. Guard and process see sources and target as the meta-learner does: by value and as
    they are written, where it is one for costs that add up.

    Args:
        learner: Name of the meta-learner inside, or one, which is copied.
        parameters: The arguments of one given by its name; None for its defaults.
        folds: How many; None leaves one out at a time, equivalent architectures together, which learns most of few
            evaluations, and adapts the meta-learner as often as there are any.
        drop: Whether sources are dropped. True asks it of a meta-learner that can leave sources out without learning
            anew (`SubsetLearner`), and lets others keep all; ``"refit"`` fits those anew, once for each set of sources
            that is left, which takes as long as it takes.

    Raises:
        InputError: Fewer than two folds, or another ``drop``; ``learner`` is no meta-learner, or has ``parameters`` of
            its own; raised by ``fit``.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)}).enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> source = Task("source", architectures, {"accuracy": Metric(y, "maximize")}, objective="accuracy")
    >>> predictor = Guard(learner="rgpe").fit([source]).adapt(architectures[::8], y[::8])
    >>> [member.name for member in predictor.explain().members]
    ['rgpe', 'Gaussian process without the sources']
    """

    _least: ClassVar[Mapping[str, int]] = {"folds": 2}

    def __init__(
        self,
        *,
        learner: str | MetaLearner = "rgpe",
        parameters: Mapping[str, Any] | None = None,
        folds: int | None = 5,
        drop: bool | str = True,
    ) -> None:
        self.learner = learner
        self.parameters = parameters
        self.folds = folds
        self.drop = drop

    @property
    def across_spaces(self) -> bool:
        """Whether the meta-learner inside does."""
        return self._new_inner().across_spaces

    def _new_inner(self) -> MetaLearner:
        return unfitted_learner(self.learner, self.parameters, argument="learner")

    def _fit(self, sources: Sources) -> None:
        self._check_drop()  # before what may take minutes
        self._use(self._fitted(sources))

    def _check_drop(self) -> None:
        if not isinstance(self.drop, bool) and self.drop != REFIT:
            raise InputError(f"drop is True, False or {REFIT!r}; got {self.drop!r}.")

    def _fitted(self, sources: Sources) -> MetaLearner:
        return self._new_inner()._learn(sources)

    def _use(self, learner: MetaLearner) -> None:
        self._inner = learner
        self._dropping = Dropping(learner, self._fitted if self.drop == REFIT else None)

    def _adapt(self, architectures: Architectures, y: Array) -> Predictor:
        self._check_drop()
        from . import registry

        predictor = GuardedPredictor(
            inner=self._inner,
            name=name_in(registry, self.learner),
            folds=self.folds,
            dropping=self._dropping if self.drop else None,
            target=self._inner.source_target,
        )
        return predictor.fit(architectures, y)

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        return nested("inner", self._inner._state())

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._use(self._new_inner()._relearn(self.sources_, part("inner", arrays)))


class GuardedPredictor(AdaptedPredictor):
    """What `Guard` adapts to a target task.

    Args:
        inner: The fitted meta-learner.
        name: What to call it.
        folds: How many, or as many as there are different evaluations; None for as many as these.
        dropping: What drops its sources; None to keep all.
        target: ``"normal-scores"`` or ``"standard"``, as the meta-learner learns.

    Attributes:
        dropped_: The names of the sources that were dropped.
    """

    def __init__(
        self,
        *,
        inner: MetaLearner,
        name: str,
        folds: int | None,
        dropping: Dropping | None = None,
        target: str = "normal-scores",
    ) -> None:
        super().__init__(target=target)
        self.inner = inner
        self.name = name
        self.folds = folds
        self.dropping = dropping

    def __sklearn_clone__(self) -> GuardedPredictor:
        """A clone shares what was learned from the sources."""
        return GuardedPredictor(
            inner=self.inner, name=self.name, folds=self.folds, dropping=self.dropping, target=self.target
        )

    def _fit(self, architectures: Architectures, z: Array) -> None:
        if self.folds is not None and self.folds < 2:
            raise InputError(
                f"A guard holds out one of two folds or more, or with None each evaluation; got folds={self.folds!r}."
            )
        self._transfer = self._adapted(architectures, z)
        self._taus = self._taus_of_dropped(architectures, z)
        self.dropped_ = tuple(name for name, _ in self._taus)
        self._stack: Stack | None = None
        if not len(z):
            return
        self._cold = self._without_sources(architectures.space)._fit_as_part(architectures, self.target_, z)
        answers = [self._held_out(architectures, z), self._cold.held_out()]
        means, stds = (np.stack(both, axis=1) for both in zip(*answers, strict=True))
        prior = PRIOR if self.dropping is None else PRIOR * (1 - len(self.dropped_) / len(self.dropping.names))
        self._stack = Stack().fit(means, stds, z, shrinkage=SHRINKAGE, prior=(prior, 1 - prior))

    def _without_sources(self, space: SearchSpace) -> GaussianProcess:
        """The process that knows of no source; it reads what is written where the meta-learner does."""
        written = () if self.inner.canonical else (OperationCounts(canonical=False), OneHot(canonical=False))
        return process_on_all(written, alike=one_shape(space), target=self.target)

    def _adapted(self, architectures: Architectures, z: Array) -> Predictor:
        return (self.inner if self.dropping is None else self.dropping).adapt(architectures, z)

    def _taus_of_dropped(self, architectures: Architectures, z: Array) -> list[tuple[str, float]]:
        """Kendall's tau with the evaluations of each source that is dropped."""
        if self.dropping is None or not self.dropping.possible:
            return []
        kept, names = self.dropping.kept(architectures, z), self.dropping.names
        if len(kept) == len(names):
            return []
        said = self.dropping.opinions(architectures)
        out = sorted(set(range(len(names))) - set(kept))
        return [(names[i], float(kendalltau(said[:, i], z).statistic)) for i in out]

    def _held_out(self, architectures: Architectures, z: Array) -> tuple[Array, Array]:
        """What the meta-learner says of each fold without it; equivalent architectures are of one fold."""
        form = architectures.forms()
        fold = form if self.folds is None else form % self.folds
        mean, std = np.zeros(len(z)), np.ones(len(z))
        for number in np.unique(fold):
            out = fold == number
            adapted = self._adapted(architectures[~out], z[~out])
            mean[out], std[out] = adapted.predict(architectures[out], return_std=True)
        return mean, std

    def _predict(self, architectures: Architectures) -> tuple[Array, Array]:
        answer = self._transfer.predict(architectures, return_std=True)
        if self._stack is None:
            return answer
        means, stds = (np.stack(both, axis=1) for both in zip(answer, self._cold._predict(architectures), strict=True))
        return self._stack.predict(means, stds)

    def explain(self) -> Explanation:
        """How much the sources count, and which were dropped.

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
        reports += [
            MemberReport(f"source {name}", 0.0, tau, "dropped: the others rank the evaluations better without it")
            for name, tau in self._taus
        ]
        heading = "Weighted by predictions held out."
        if self.dropping is not None and not self.dropping.possible:
            heading += f" No source was dropped, for {self.name} would have to learn anew; drop='refit' lets it."
        return Explanation(heading, tuple(reports))
