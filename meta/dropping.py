"""Sources that a target's evaluations speak against are dropped, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..predictors.predictor import Predictor
from ..spaces import Architectures
from .cross_space_model import CrossSpaceModel
from .meta_learner import MetaLearner
from .sources import Sources
from .subset_learner import SubsetLearner

__all__ = ["MARGIN", "Dropping", "kept_sources"]

Array = npt.NDArray[np.float64]

MARGIN = 1.0  # standard errors by which the others must do better without a source
FEWEST = 3  # evaluations that have an order to judge by
POINTS = 300  # evaluations of a source that its opinion is made of, where the meta-learner has none of its own


class Dropping:
    """Adapts a meta-learner without the sources that the evaluations speak against.

    Args:
        learner: The fitted meta-learner.
        refit: Fits another to some sources, for one that has to learn anew without those dropped; each set is fitted
            once. Not needed by a `SubsetLearner`.
    """

    def __init__(self, learner: MetaLearner, refit: Callable[[Sources], MetaLearner] | None = None) -> None:
        self._learner = learner
        self._refit = refit
        self._refitted: dict[tuple[int, ...], MetaLearner] = {}

    @property
    def possible(self) -> bool:
        """Whether sources can be left out at all."""
        return isinstance(self._learner, SubsetLearner) or self._refit is not None

    @property
    def names(self) -> tuple[str, ...]:
        """The sources' names, as they are counted."""
        return self._learner.sources_.all_names

    def opinions(self, architectures: Architectures) -> Array:
        """``(n, t)``: what each source says by itself."""
        if isinstance(self._learner, SubsetLearner):
            return self._learner.opinions(architectures)
        return self._model.each(architectures)

    @cached_property
    def _model(self) -> CrossSpaceModel:
        return CrossSpaceModel(points=POINTS, seed=0).fit(self._learner.sources_)

    def kept(self, architectures: Architectures, y: Array) -> tuple[int, ...]:
        """The sources that stay; see `kept_sources`."""
        if not self.possible or len(y) < FEWEST:
            return tuple(range(len(self.names)))
        return kept_sources(self.opinions(architectures), y)

    def adapt(self, architectures: Architectures, y: Array) -> Predictor:
        """Adapted to the evaluations with the sources that stay."""
        kept = self.kept(architectures, y)
        if len(kept) == len(self.names):
            return self._learner.adapt(architectures, y)
        if isinstance(self._learner, SubsetLearner):
            return self._learner.adapt_with(kept, architectures, y)
        if kept not in self._refitted:
            assert self._refit is not None, "otherwise none was dropped"
            self._refitted[kept] = self._refit(self._learner.sources_.of_tasks(kept).evaluated())
        return self._refitted[kept].adapt(architectures, y)


def kept_sources(opinions: Array, y: npt.ArrayLike, *, margin: float = MARGIN) -> tuple[int, ...]:
    """Those sources whose mean opinion ranks the evaluations well, by greedy elimination from all of them.

    A source is dropped if the mean opinion of the others has fewer discordant pairs of evaluations than with it, by
    more than some standard errors of that difference, a U-statistic (``hoeffding1948``); of several, the one that is
    surest. It goes on until there is none, and the last source stays. So few evaluations drop few sources, and those
    that harm: on NAS-Bench-Graph, with three useless ones of seven, a margin of one standard error did best with 10
    evaluations and no harm with 5.

    Args:
        opinions: ``(k, t)``: what each source says of each evaluation.
        y: ``(k,)`` values, larger is better.
        margin: Standard errors.

    Returns:
        Their columns, ascending.

    >>> y = np.arange(8.0)
    >>> kept_sources(np.stack([y, -20 * y, y**2], axis=1), y)
    (0, 2)
    """
    kept = list(range(opinions.shape[1]))
    z = np.asarray(y, dtype=np.float64)
    if len(z) < FEWEST:
        return tuple(kept)
    rising = np.sign(z[:, None] - z[None])
    while len(kept) > 1:
        lost = _discordance(opinions[:, kept].mean(axis=1), rising)
        gains = [lost - _discordance(opinions[:, [i for i in kept if i != out]].mean(axis=1), rising) for out in kept]
        gain = np.mean(gains, axis=1)
        error = 2 * np.std(gains, axis=1, ddof=1) / len(z) ** 0.5
        sure = gain - margin * error
        worst = int(np.where(gain > 0, sure, -np.inf).argmax())
        if gain[worst] <= 0 or sure[worst] <= 0:
            break
        del kept[worst]
    return tuple(kept)


def _discordance(said: Array, rising: Array) -> Array:
    """``(k,)``: the share of the others that each evaluation is ranked wrongly with, equal opinions counting half."""
    wrong = np.abs(rising) * (1 - rising * np.sign(said[:, None] - said[None])) / 2
    share: Array = wrong.sum(axis=1) / (len(said) - 1)
    return share
