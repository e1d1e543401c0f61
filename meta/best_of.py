"""The meta-learner that would have served the sources themselves best."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from numbers import Integral
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import kendalltau
from sklearn.utils.validation import check_is_fitted

from ..encoders.named_arrays import nested, part
from ..predictors.explanation import Explanation, MemberReport
from ..predictors.predictor import Predictor
from ..spaces import Architectures, InputError
from .meta_learner import MetaLearner
from .outer_learner import OuterLearner, unfitted_learner
from .sources import Sources

__all__ = ["BestOf"]

Array = npt.NDArray[np.float64]

ASKED = 1000  # architectures of the source left out that are predicted


class BestOf(OuterLearner):
    """Chooses among meta-learners by leaving out one source after the other.

    Each candidate learns from all sources but one, adapts to a few evaluations of that one, and predicts its others.
    The one whose predictions have the highest Kendall tau, mean over the sources left out and the numbers of
    evaluations, then learns from all sources. A single source cannot tell, and gets the first candidate.

    Args:
        learners: The candidates: names, which stand for their defaults, or meta-learners, which are copied; of equals
            the first is chosen.
        sizes: Numbers of evaluations that they adapt to.
        held_out: At most so many sources are left out, which bounds the time, as ``points`` does.
        points: While choosing, at most so many evaluations of a source are learned from.
        budget: Seconds that choosing may take; no further source is left out once they would be up, but one always is.
            The choice then depends on the machine, as it never does without.
        seed: Of the draws of sources and evaluations.

    Raises:
        InputError: Unknown or unlike learners, sizes below 0, or a held_out or budget that is not above 0; raised by
            ``fit``.

    Attributes:
        chosen_: The learner that was chosen: its name, or how it prints.
        taus_: ``(candidates, sources left out, sizes)`` Kendall taus; NaN where a source has too few evaluations or the
            budget was used up.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)})
    >>> architectures = space.enumerate()
    >>> def task(name, *weights):
    ...     metric = Metric(architectures.genotypes @ np.array(weights, dtype=float), "maximize")
    ...     return Task(name, architectures, {"accuracy": metric}, objective="accuracy")
    >>> sources = [task("first", 4, 2, 1, 1), task("second", 3, 2, 1, 0), task("third", -1, 2, 3, 4)]
    >>> meta = BestOf(learners=("portfolio", "rgpe"), points=40).fit(sources)
    >>> meta.chosen_  # the other, which ranks by the sources alone, cannot serve the third task
    'rgpe'
    """

    def __init__(
        self,
        *,
        learners: Sequence[str | MetaLearner] = ("transfer-gp", "transfer-blend"),
        sizes: Sequence[int] = (0, 10, 50),
        held_out: int = 4,
        points: int = 200,
        budget: float | None = None,
        seed: int = 0,
    ) -> None:
        self.learners = learners
        self.sizes = sizes
        self.held_out = held_out
        self.points = points
        self.budget = budget
        self.seed = seed

    def _candidates(self) -> list[MetaLearner]:
        if isinstance(self.learners, str) or not isinstance(self.learners, Collection) or not self.learners:
            raise InputError(f"learners is a list of meta-learners or their names; got {self.learners!r}.")
        candidates = [unfitted_learner(learner, argument="learners") for learner in self.learners]
        first = candidates[0]
        for name, candidate in zip(self._names(), candidates, strict=True):
            if (candidate.canonical, candidate.source_target) != (first.canonical, first.source_target):
                raise InputError(f"{name!r} sees its sources in another way than the first; leave it out of learners.")
        return candidates

    def _names(self) -> list[str]:
        return [learner if isinstance(learner, str) else " ".join(repr(learner).split()) for learner in self.learners]

    def _new_inner(self) -> MetaLearner:
        return self._candidates()[0]

    def _fit(self, sources: Sources) -> None:
        candidates = self._candidates()
        given: Any = self.sizes
        known = isinstance(given, Sequence) and all(isinstance(size, Integral) and int(size) >= 0 for size in given)
        if not known or not len(given) or self.held_out < 1:
            raise InputError(
                f"sizes are numbers of evaluations, 0 or more, and held_out is 1 or more; got sizes={self.sizes!r} and "
                f"held_out={self.held_out!r}."
            )
        if self.budget is not None and not self.budget > 0:
            raise InputError(f"budget is a number of seconds above 0, or None for no limit; got {self.budget!r}.")
        begun = time.monotonic()
        few = _at_most(sources, self.points, self.seed)
        left_out = np.random.default_rng(self.seed).permutation(len(sources.names))[: self.held_out]
        if len(sources.names) < 2 or len(candidates) < 2:
            left_out = left_out[:0]
        self.taus_ = np.full((len(candidates), len(left_out), len(self.sizes)), np.nan)
        for place, task in enumerate(left_out):
            if place and self.budget is not None and (time.monotonic() - begun) * (place + 1) / place > self.budget:
                break  # at the pace so far, one more would take too long
            others = _without(few, task)
            for row, candidate in enumerate(candidates):
                self.taus_[row, place] = self._judged(candidate._learn(others), sources, task)
        told = np.isfinite(self.taus_).all(axis=0)  # the same for all candidates
        means = np.where(told, self.taus_, 0.0).sum(axis=(1, 2))
        self._chosen = int(np.argmax(means))
        self.chosen_ = self._names()[self._chosen]
        self._inner = candidates[self._chosen]._learn(sources)

    def _judged(self, learner: MetaLearner, sources: Sources, task: int) -> Array:
        """``(sizes,)``: Kendall's tau on the source that the learner has not seen."""
        known = np.random.default_rng([self.seed, task]).permutation(
            np.flatnonzero(np.isfinite(sources.scores[:, task]))
        )
        taus = np.full(len(self.sizes), np.nan)
        for place, size in enumerate(self.sizes):
            support, asked = known[:size], known[size : size + ASKED]
            if len(asked) < max(2, size // 2):
                continue
            y = sources.scores[:, task].astype(np.float64)
            adapted = learner.adapt(sources.architectures[support], y[support])
            tau = kendalltau(y[asked], adapted.predict(sources.architectures[asked])).statistic
            taus[place] = tau if np.isfinite(tau) else 0.0  # constant predictions rank nothing
        return taus

    def _adapt(self, architectures: Architectures, y: Array) -> Predictor:
        return self._inner._adapt(architectures, y)

    def surrogate(self, architectures: Architectures, y: npt.ArrayLike) -> Predictor:
        """That of the one chosen."""
        check_is_fitted(self, "sources_")
        return self._inner.surrogate(architectures, y)

    def explain(self) -> Explanation:
        """How well each candidate predicted the sources left out, and which was chosen.

        Raises:
            NotFittedError: ``fit`` has not been called.
        """
        check_is_fitted(self, "sources_")
        reports = []
        for row, name in enumerate(self._names()):
            told = self.taus_[row][np.isfinite(self.taus_[row])]
            chosen = row == self._chosen
            tau = float(told.mean()) if len(told) else float("nan")
            reports.append(MemberReport(name, float(chosen), tau, "chosen" if chosen else "not chosen"))
        asked = int(np.isfinite(self.taus_).any(axis=(0, 2)).sum())
        return Explanation(f"Chosen by leaving out {asked} sources in turn.", tuple(reports))

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        return {"chosen": np.asarray([self._chosen]), "taus": self.taus_} | nested("inner", self._inner._state())

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._chosen, self.taus_ = int(arrays["chosen"][0]), arrays["taus"]
        self.chosen_ = self._names()[self._chosen]
        self._inner = self._candidates()[self._chosen]._relearn(self.sources_, part("inner", arrays))


def _at_most(sources: Sources, points: int, seed: int) -> Sources:
    """The same with at most ``points`` evaluations of each source."""
    scores = np.full_like(sources.scores, np.nan)
    for task, rows in enumerate(sources.drawn(points, seed)):
        scores[rows, task] = sources.scores[rows, task]
    return Sources(sources.names, sources.architectures, scores).evaluated()


def _without(sources: Sources, task: int) -> Sources:
    names = tuple(name for place, name in enumerate(sources.names) if place != task)
    return Sources(names, sources.architectures, np.delete(sources.scores, task, axis=1)).evaluated()
