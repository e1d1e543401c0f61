"""Bayesian optimisation: a predictor, an acquisition function and a pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from sklearn.base import clone

from ..encoders.ranks import normal_scores
from ..meta.ensemble import SupportsMembers
from ..meta.meta_learner import MetaLearner
from ..predictors import registry as predictors
from ..predictors.predictor import Predictor
from ..spaces import Architectures, InputError, UnknownNameError, concatenate
from .acquisition import log_expected_improvement, transfer_acquisition
from .arguments import check_kind
from .history import History
from .novelty import novel, random_novel
from .strategy import Strategy

__all__ = ["Bayesian"]

RANDOM_FIRST = 5
REHEARSED = 3  # made-up evaluations that arguments are tried on
ACQUISITIONS = ("expected-improvement", "transfer")


class Bayesian(Strategy):
    """Expected improvement by a predictor, over a pool of samples and of neighbours of the best (``white2021bananas``).

    Values are ranked and given normal scores before a predictor learns them, so that improvement is counted in ranks
    and a few failures of training do not blunt it. With several proposals at once, and for pending evaluations, the
    predicted mean stands for the missing value (the kriging believer, ``ginsbourger2010``).

    With a meta-learner the second evaluation is a random one: what the sources praise is alike in their eyes, and only
    beside another does it show whether they are right, wrong, or tell nothing. Where it turns out to be better, the
    third is what the sources praise least, which shows whether they tell the opposite. After ``cold_after`` evaluations
    every second proposal is made without the meta-learner, so that sources which mislead waste half of the later
    evaluations at most. Sources that have nothing in common (`MetaLearner.sources_agree`) are not followed from the
    start: the search begins as if there were none.

    Args:
        predictor: The name of a predictor, or one that is not fitted; used without ``meta``, and by turns with it.
        meta: A fitted meta-learner: it designs the first evaluations, and adapts to those there are.
        initial: How many evaluations come first: random ones, or the meta-learner's design. By default 5 at random;
            none where a meta-learner whose sources agree has an opinion from the start.
        pool: How many architectures are drawn, besides neighbours of the best.
        elite: How many of the best evaluated have their neighbours in the pool.
        probes: With ``meta``, how many random evaluations follow the first one, or the design; and, where the best then
            is what the sources praise least of those there are, one that they praise least of all.
        cold_after: With ``meta``, how many evaluations come before the predictor has its turns; None: it has none.
        acquisition: ``"expected-improvement"``, or ``"transfer"`` for `transfer_acquisition` (``wistuba2018``), which
            asks the sources' models too and needs a meta-learner that has one for each, as ``two-stage`` and ``rgpe``.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)})
    >>> known = space.sample(20, np.random.default_rng(0))
    >>> history = History(known, known.genotypes.sum(axis=1).astype(float))
    >>> chosen = Bayesian(initial=5).propose(history, 1, np.random.default_rng(0))
    >>> bool(chosen.genotypes.sum() >= 6)
    True
    """

    _least: ClassVar[Mapping[str, int]] = {"elite": 0, "probes": 0, "cold_after": 0}

    def __init__(
        self,
        *,
        predictor: str | Predictor = "gaussian-process",
        meta: MetaLearner | None = None,
        initial: int | None = None,
        pool: int = 2000,
        elite: int = 5,
        probes: int = 1,
        cold_after: int | None = 20,
        acquisition: str = "expected-improvement",
    ) -> None:
        _check_meta(meta)
        self.predictor = predictor
        self.meta = meta
        self.initial = initial
        self.pool = pool
        self.elite = elite
        self.probes = probes
        self.cold_after = cold_after
        self.acquisition = acquisition

    def _check(self, history: History | None) -> None:
        """Names and kinds; with a history, also whether predictor and meta-learner can be fitted to a few values."""
        self._check_parts()
        if isinstance(self.predictor, str):
            predictors.load(self.predictor)
        if history is None:
            return
        everything = history.candidates
        some = (
            history.space.sample(REHEARSED, np.random.default_rng(0)) if everything is None else everything[:REHEARSED]
        )
        values = normal_scores(np.arange(float(len(some))))
        self._surrogate(None, some, values)
        if self.meta is not None and self.acquisition == "transfer":
            _check_members(self._surrogate(self.meta, some, values))
        elif self.meta is not None:
            self._surrogate(self.meta, some, values)

    def _check_parts(self) -> None:
        _check_meta(self.meta)
        if not isinstance(self.predictor, str):
            check_kind("predictor", self.predictor, Predictor, "'gaussian-process', its name")
        if self.acquisition not in ACQUISITIONS:
            raise UnknownNameError("acquisition", self.acquisition, ACQUISITIONS)
        if self.acquisition == "transfer" and self.meta is None:
            raise _no_members()

    def _propose(self, history: History, n: int, rng: np.random.Generator) -> Architectures:
        self._check_parts()
        found = history.architectures[:0]
        begun = len(history.seen)
        led = self.meta is not None and self.meta.sources_agree
        initial = self.initial if self.initial is not None else 0 if led else RANDOM_FIRST
        if begun < initial:
            found = self._first(history, initial, rng)[: min(n, initial - begun)]
        while len(found) < n:
            probed = begun + len(found) - max(initial, 1)
            if led and 0 <= probed < self.probes:
                chosen = self._by_chance(history, found, rng)
            elif led and 0 < probed == self.probes and self._contradicted(history):
                chosen = self._least_praised(history, found, rng)
            else:
                chosen = self._chosen(history, found, rng)
            if not len(chosen):
                break
            found = concatenate([found, chosen])
        return found

    def _first(self, history: History, initial: int, rng: np.random.Generator) -> Architectures:
        """The design's architectures that may be evaluated, and random ones in case it has too few."""
        by_chance = random_novel(history, initial, rng)
        if self.meta is None or not self.meta.sources_agree:
            return by_chance
        designed = self.meta.initial_design(initial, space=history.space, candidates=history.candidates)
        return novel(concatenate([designed, by_chance]), history)

    def _chosen(self, history: History, believed: Architectures, rng: np.random.Generator) -> Architectures:
        """The one architecture of the pool that promises most; none if the pool is empty."""
        pool = self._pool(history, believed, rng)
        done = history.succeeded
        if not len(pool) or (self.meta is None and not len(done)):
            return pool[:1]
        waiting = concatenate([history.pending, believed])
        meta = self._adviser(len(history.seen) + len(believed), len(done))
        known, scores = done.architectures, normal_scores(done.y)
        surrogate = self._surrogate(meta, known, scores)
        if len(waiting):
            scores = np.concatenate([scores, surrogate.predict(waiting)])
            known = concatenate([known, waiting])
            surrogate = self._surrogate(meta, known, scores)
        mean, std = surrogate.predict(pool, return_std=True)
        if not len(scores):
            return pool[[int(mean.argmax())]]
        promise = log_expected_improvement(mean, std, float(scores.max()))
        if self.acquisition == "transfer" and meta is self.meta:
            return pool[np.lexsort((promise, _transferred(surrogate, pool, known, scores)))[-1:]]
        return pool[[int(promise.argmax())]]

    def _adviser(self, begun: int, done: int) -> MetaLearner | None:
        """The meta-learner; None where it is the predictor's turn."""
        alone = self.cold_after is not None and done and begun >= self.cold_after and begun % 2 == 0
        return None if alone else self.meta

    def _surrogate(
        self, meta: MetaLearner | None, architectures: Architectures, scores: npt.NDArray[np.float64]
    ) -> Predictor:
        if meta is not None:
            return meta.surrogate(architectures, scores)
        if isinstance(self.predictor, str):
            return predictors.make(self.predictor).fit(architectures, scores)
        unfitted: Predictor = clone(self.predictor)
        return unfitted.fit(architectures, scores)

    def _contradicted(self, history: History) -> bool:
        """Whether the best so far is what the sources praise least of those evaluated."""
        done = history.succeeded
        if len(done) < 2:
            return False
        least = int(self._praise(done.architectures).argmin())
        return bool(done.y[least] > np.delete(done.y, least).max())

    def _least_praised(self, history: History, believed: Architectures, rng: np.random.Generator) -> Architectures:
        """The one architecture of the pool of which the sources expect least; none if the pool is empty."""
        pool = self._pool(history, believed, rng)
        return pool[[int(self._praise(pool).argmin())]] if len(pool) else pool

    def _praise(self, architectures: Architectures) -> npt.NDArray[np.float64]:
        """What the sources expect, ``(n,)``, before any evaluation."""
        return self._surrogate(self.meta, architectures[:0], np.zeros(0)).predict(architectures)

    def _pool(self, history: History, believed: Architectures, rng: np.random.Generator) -> Architectures:
        done = history.succeeded
        best = np.argsort(-done.y, kind="stable")[: self.elite]
        near = [history.space.neighbours(done.architectures[i]) for i in best]
        drawn = (
            history.space.sample(self.pool, rng)
            if history.candidates is None
            else history.candidates[rng.permutation(len(history.candidates))[: self.pool]]
        )
        pool = novel(concatenate([drawn, *near]), history)
        pool = pool[~pool.isin(believed)]
        return pool if len(pool) else self._by_chance(history, believed, rng)

    def _by_chance(self, history: History, believed: Architectures, rng: np.random.Generator) -> Architectures:
        """A random architecture that is not yet among those to evaluate; none if there is none."""
        drawn = random_novel(history, len(believed) + 1, rng)
        return drawn[~drawn.isin(believed)][:1]


def _check_meta(meta: object) -> None:
    if meta is not None:
        example = meta if isinstance(meta, str) else "auto"
        check_kind("meta", meta, MetaLearner, f"augury.meta.make({example!r}).fit(tasks)")


def _check_members(surrogate: Predictor) -> SupportsMembers:
    if not isinstance(surrogate, SupportsMembers):
        raise _no_members()
    return surrogate


def _no_members() -> InputError:
    return InputError(
        "acquisition='transfer' needs a meta-learner with a model for each source; make one with "
        "augury.meta.make('two-stage') or 'rgpe' (--meta on a command line), or choose "
        "acquisition='expected-improvement'."
    )


def _transferred(
    surrogate: Predictor, pool: Architectures, known: Architectures, scores: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """The pool's transfer acquisition, ``(m,)``, in normal scores."""
    model = _check_members(surrogate)
    members = model.members(pool)
    best = np.append(model.members(known).means[:, :-1].max(axis=0), normal_scores(scores).max())
    return transfer_acquisition(members.means, members.std, members.weights, best)
