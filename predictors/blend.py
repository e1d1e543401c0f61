"""The default predictor: a blend of cheap members that differ, weighted by what they have not seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.pipeline import FeatureUnion
from sklearn.utils.validation import check_is_fitted

from ..encoders import Encoder
from ..encoders.named_arrays import nested, part
from ..encoders.one_shape import one_shape
from ..spaces import Architectures
from .candidates import Candidate, candidates
from .explanation import Explanation, MemberReport
from .extra_trees import ExtraTrees
from .held_out import HeldOutPredictor
from .stacking import Stack

__all__ = ["Blend"]

Array = npt.NDArray[np.float64]


class Blend(HeldOutPredictor):
    """The best guess from few evaluations: Gaussian processes and extremely randomised trees, stacked.

    Two Gaussian processes, one on flows through the graph (`Flow`) and on graph features, one on all encoders, and
    extremely randomised trees learn the same values. Their weights fit the values by predictions of architectures held
    out, the leave-one-out means of the processes and the out-of-bag means of the trees (`Stack`). Where these are too
    few to tell, the process on flows counts most and the trees least; with more, they start as equals. In a space whose
    graphs all have one shape, as a grid of hyper-parameters, where flows tell nothing new, a process with a length for
    each decision (`Decisions`) takes the place of that on flows, and the other has such a kernel besides. From 100
    architectures on, an ensemble of graph isomorphism networks joins them, where the budget allows it. The processes'
    prior mean expects a little more of architectures with more operations that learn, as far as the space tells which
    do, until the evaluations say otherwise (`GaussianProcess`).

    The standard deviation is that of a new evaluation, noise included: the members' variances, plus how far the members
    are apart, scaled to the held-out residuals.

    Args:
        encoders: Names of encoders, encoders, or a ``FeatureUnion`` of them, which join those of every member: a
            `ProxyTable`, say.
        budget: Seconds that a fit may take on one core of a usual machine, told by the number of architectures, so
            that the same evaluations always give the same predictor. What takes longer is left out, and there are
            fewer trees.
        target: ``"normal-scores"`` or ``"standard"``.
        seed: Of the trees and the networks.

    Raises:
        InputError: ``budget`` is not above 0; raised by ``fit``.

    >>> from augury.spaces import NASBench201Space
    >>> space = NASBench201Space()
    >>> architectures = space.sample(40, np.random.default_rng(0))
    >>> y = (architectures.genotypes == 3).sum(axis=1)  # the number of 3x3 convolutions
    >>> predictor = Blend(budget=1.0).fit(architectures, y)
    >>> [member.name for member in predictor.explain().members if member.weight > 0]
    ['extremely randomised trees', 'Gaussian process on flows', 'Gaussian process on all encoders']
    >>> next(iter(predictor.feature_importances()))
    'number of nor_conv_3x3'
    """

    def __init__(
        self,
        *,
        encoders: Sequence[str | Encoder | FeatureUnion] = (),
        budget: float = 5.0,
        target: str = "normal-scores",
        seed: int = 0,
    ) -> None:
        super().__init__(target=target)
        self.encoders = encoders
        self.budget = budget
        self.seed = seed

    def _fit(self, architectures: Architectures, z: Array) -> None:
        self._fit_weighted(architectures, z, np.ones(len(z)))

    def _fit_weighted(self, architectures: Architectures, z: Array, weights: Array) -> None:
        self._count, self._alike = len(z), one_shape(architectures.space)
        chosen = self._chosen()
        self._members = [member for member, _ in chosen]
        for member in self._members:
            member._fit_as_part(architectures, self.target_, z, weights)
        means, stds = self._held_out_by_member()
        prior = [prior for _, prior in chosen]
        self._stack = Stack().fit(means, stds, z, shrinkage=1.0, prior=prior, sample_weight=weights)

    def _held_out_by_member(self) -> tuple[Array, Array]:
        means, stds = zip(*(member.held_out() for member in self._members), strict=True)
        return np.stack(means, axis=1), np.stack(stds, axis=1)

    def held_out(self) -> tuple[Array, Array]:
        """Mean and standard deviation, ``(n,)`` each, of the target at each architecture by members fitted without it.

        Their few weights are those that all architectures gave.

        Raises:
            InputError: The predictor was loaded; what its members have not seen is not saved.
            NotFittedError: ``fit`` has not been called.
        """
        check_is_fitted(self, "space_")
        return self._stack.predict(*self._held_out_by_member())

    def _candidates(self) -> list[Candidate]:
        return candidates(
            self._count,
            budget=self.budget,
            encoders=self.encoders,
            target=self.target,
            seed=self.seed,
            alike=self._alike,
        )

    def _chosen(self) -> list[tuple[HeldOutPredictor, float]]:
        """The members, not fitted, and how much each counts a priori."""
        candidates = self._candidates()
        return [(candidate.predictor, candidate.prior) for candidate in candidates if candidate.predictor is not None]

    def _predict(self, architectures: Architectures) -> tuple[Array, Array]:
        answers = [member._predict(architectures) for member in self._members]
        means, stds = (np.stack(both, axis=1) for both in zip(*answers, strict=True))
        return self._stack.predict(means, stds)

    def explain(self) -> Explanation:
        """What was chosen, with which weights, and why.

        Raises:
            NotFittedError: ``fit`` has not been called.
        """
        check_is_fitted(self, "space_")
        reports: list[MemberReport] = []
        known = zip(self._stack.weights, self._stack.taus, strict=True)
        for candidate in self._candidates():
            weight, tau = (0.0, float("nan")) if candidate.predictor is None else map(float, next(known))
            counts = f"at first counts {candidate.prior:.2g} times as much" if candidate.prior != 1 else ""
            why = "; ".join(part for part in (f"{candidate.seconds:.2f} s", candidate.reason, counts) if part)
            reports.append(MemberReport(candidate.name, weight, tau, why))
        learned = f"{self._count:,} architecture{'s' if self._count > 1 else ''}"
        heading = f"Learned from {learned}, within {self.budget:g} s on one core."
        return Explanation(heading, tuple(reports))

    def feature_importances(self) -> dict[str, float]:
        """What share of all that the trees' splits explain each feature has; see `TreePredictor`.

        Raises:
            NotFittedError: ``fit`` has not been called.
        """
        check_is_fitted(self, "space_")
        trees = next(member for member in self._members if isinstance(member, ExtraTrees))  # there always are some
        found: dict[str, float] = {}
        for name, share in trees.feature_importances().items():
            name = name.split("__", 1)[1]
            found[name] = found.get(name, 0.0) + share  # two encoders may have features of one name
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        arrays = {"count": np.asarray([self._count])} | nested("stack", self._stack.state())
        for i, member in enumerate(self._members):
            arrays |= nested(f"member{i}", member._learned())
        return arrays

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._count, self._alike = int(arrays["count"][0]), one_shape(self.space_)
        self._stack = Stack().restore(part("stack", arrays))
        members = [member for member, _ in self._chosen()]
        if len(members) != len(self._stack.weights):
            raise ValueError(f"{len(self._stack.weights)} weights for {len(members)} members")
        self._members = [member._relearn(self.space_, part(f"member{i}", arrays)) for i, member in enumerate(members)]
