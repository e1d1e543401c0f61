"""What the transfer blend adapts to a target: members that use the sources and one that does not, stacked."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.pipeline import FeatureUnion
from sklearn.utils.validation import check_is_fitted

from ..encoders import make as make_encoder
from ..encoders.one_shape import one_shape
from ..predictors.blend import Blend
from ..predictors.candidates import FEWEST_FOR_A_NETWORK, IN_WORDS, process_on_all
from ..predictors.explanation import Explanation, MemberReport
from ..predictors.extra_trees import ExtraTrees
from ..predictors.forest import Forest
from ..predictors.held_out import HeldOutPredictor
from ..predictors.predictor import Predictor
from ..predictors.stacking import Stack
from ..spaces import Architectures, SearchSpace
from .adapted_predictor import AdaptedPredictor
from .contributions import contributions_by_model
from .encodings import MORE_ENCODERS
from .guard import COLD, SHRINKAGE
from .source_encoder import SourceEncoder
from .source_model import SourceModel
from .transfer_predictor import TransferPredictor

__all__ = ["TransferBlendPredictor"]

Array = npt.NDArray[np.float64]

DOUBT = 0.05  # the trust at which using the sources and not using them are as likely a priori
MOST_OWN = 0.5  # of what the sources would weigh, where the target has many more evaluations than a source


class TransferBlendPredictor(AdaptedPredictor):
    """What `TransferBlend` adapts to a target task.

    Args:
        model: What is known of the sources.
        trust: In their consensus.
        source_size: The evaluations of a source, the median over them.
        trees: In each forest.
        target: ``"normal-scores"`` or ``"standard"``.
        seed: Of the trees.
    """

    def __init__(
        self,
        *,
        model: SourceModel,
        trust: float,
        source_size: float,
        trees: int,
        target: str = "normal-scores",
        seed: int = 0,
    ) -> None:
        super().__init__(target=target)
        self.model = model
        self.trust = trust
        self.source_size = source_size
        self.trees = trees
        self.seed = seed

    def __sklearn_clone__(self) -> TransferBlendPredictor:
        """A clone shares what was learned from the sources."""
        return TransferBlendPredictor(**self.get_params(deep=False))

    def _fit(self, architectures: Architectures, z: Array) -> None:
        self._fit_weighted(architectures, z, np.ones(len(z)))

    def _fit_weighted(self, architectures: Architectures, z: Array, weights: Array) -> None:
        order = np.lexsort([weights, z, architectures.forms()])  # so that the order of evaluations does not matter
        architectures, z, weights = architectures[order], z[order], weights[order]
        self._seen = architectures, z
        said = SourceEncoder(model=self.model)
        own = [(name, make_encoder(name)) for name in IN_WORDS]
        process = TransferPredictor(
            model=self.model, encoders=MORE_ENCODERS, trust=self.trust, apart=True, target=self.target
        )
        self._members: dict[str, HeldOutPredictor] = {"transfer Gaussian process": process}
        self._stack: Stack | None = None
        if len(z):
            self._members |= {
                "trees on what the sources say": self._forest(FeatureUnion([("sources", said)])),
                "trees on that and the architecture": self._forest(FeatureUnion([("sources", said), *own])),
                COLD: self._cold(architectures.space, len(z)),
            }
        for member in self._members.values():
            member._fit_as_part(architectures, self.target_, z, weights)
        if len(z):
            answers = [member.held_out() for member in self._members.values()]
            means, stds = (np.stack(both, axis=1) for both in zip(*answers, strict=True))
            with_sources = self.trust / (self.trust + DOUBT)
            if len(z) >= FEWEST_FOR_A_NETWORK:
                with_sources *= 1 - MOST_OWN * len(z) / (len(z) + self.source_size)
            prior = np.asarray([0.5, 0.25, 0.25, 0.0]) * with_sources
            prior[-1] = 1 - with_sources
            self._stack = Stack().fit(means, stds, z, shrinkage=SHRINKAGE, prior=prior, sample_weight=weights)

    def _cold(self, space: SearchSpace, n: int) -> HeldOutPredictor:
        """A process for few evaluations; from as many on as networks learn from, all that the default predictor has."""
        if n < FEWEST_FOR_A_NETWORK:
            return process_on_all(alike=one_shape(space), target=self.target)
        return Blend(target=self.target, seed=self.seed)

    def _forest(self, encoder: FeatureUnion) -> ExtraTrees:
        return ExtraTrees(trees=self.trees, encoder=encoder, target=self.target, seed=self.seed)

    def _predict(self, architectures: Architectures) -> tuple[Array, Array]:
        answers = [member._predict(architectures) for member in self._members.values()]
        if self._stack is None:
            return answers[0]
        means, stds = (np.stack(both, axis=1) for both in zip(*answers, strict=True))
        return self._stack.predict(means, stds)

    def explain(self) -> Explanation:
        """How much the sources count, and why, and what each contributed (`contributions`).

        Raises:
            NotFittedError: ``fit`` has not been called.
        """
        check_is_fitted(self, "space_")
        weights, taus = ([1.0], [np.nan]) if self._stack is None else (self._stack.weights, self._stack.taus)
        reports = []
        for name, weight, tau in zip(self._members, weights, taus, strict=True):
            reason = "cannot be misled by them" if name == COLD else "uses the sources"
            reports.append(MemberReport(name, float(weight), float(tau), reason))
        heading = f"A task rises by {self.trust:.2f} with the consensus of others."
        return Explanation(heading, tuple(reports), contributions_by_model(self.model, self.summands, *self._seen))

    def summands(self, architectures: Architectures) -> Array:
        """The mean's summands, ``(n, t + 2)``, up to a constant: through each source, the networks' units, the rest.

        They are the weighted sums of the members': of the process, `TransferPredictor.summands`; of the trees, what the
        splits on such a feature change (`Forest.summands`); the process without the sources is all of the last kind.
        """
        weights = [1.0] if self._stack is None else self._stack.weights
        summands = [self._member_summands(member, architectures) for member in self._members.values()]
        return np.tensordot(weights, summands, axes=1)

    def _member_summands(self, member: Predictor, architectures: Architectures) -> Array:
        if isinstance(member, TransferPredictor):
            return member.summands(architectures)
        t = len(self.model.names)
        if isinstance(member, Forest):
            return member.summands(architectures, self._kinds(member, t), t + 2)
        mean, _ = member._predict(architectures)
        return np.column_stack([np.zeros((len(mean), t + 1)), mean])

    def _kinds(self, forest: Forest, t: int) -> npt.NDArray[np.int64]:
        """``(d,)``: the place of each feature's summand."""
        units = sum(own.shape[1] for own in self.model.transform(self.model.sample[:1])[1])
        rest = forest.n_features_ - t - units
        return np.repeat(np.arange(t + 2), [*[1] * t, units, rest])
