"""Transfer of costs that add up over operations, such as latency from device to device."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from sklearn.utils.validation import check_is_fitted

from ..predictors.exact_gp import ExactGP
from ..predictors.explanation import Explanation
from ..predictors.kernels import Kernel, LogNormal
from ..predictors.predictor import Predictor
from ..predictors.student_t_gp import StudentTGP
from ..spaces import Architectures
from .adapted_predictor import AdaptedPredictor
from .additive_inputs import AdditiveInputs, own_encoders
from .contributions import SHARES, contributions_by_model
from .informative import informative_design
from .meta_learner import MetaLearner
from .source_gps import SourceGPs
from .source_model import SourceModel
from .sources import Sources
from .trust import LEAST_SLOPE, with_no_evaluation

__all__ = ["AdditiveGP", "AdditivePredictor"]

Array = npt.NDArray[np.float64]

SOURCE_KERNELS = (Kernel("linear"), Kernel("linear"), Kernel("matern", LogNormal(0.1, 1.0)))
SOURCE_NOISE = LogNormal(0.05, 1.0)
TUNED_ON = 300  # architectures of a source that tell its hyper-parameters
KERNELS = (
    Kernel("linear", LogNormal(0.3, 1.0)),  # a constant
    Kernel("linear", LogNormal(0.5, 1.0)),  # the sources
    Kernel("linear", LogNormal(0.01, 1.0)),  # operation counts
    Kernel("linear", LogNormal(0.03, 1.0)),  # costs as they vary among sources
    Kernel("matern", LogNormal(0.003, 1.0)),  # genotype of the canonical form
)
SOURCES = 1  # the place of theirs
NOISE = LogNormal(0.03, 1.0)
# The design expects more of counts and costs than the process, for it is there to find out how a target differs from
# the sources, and more noise, so that it does not spend itself on what hardly varies.
DESIGN_KERNELS = tuple(Kernel("linear", LogNormal(variance, 1.0)) for variance in (0.3, 0.5, 0.03, 0.3))
DESIGN_NOISE = 0.1
TRUST = 0.1  # prior slope of a target's values on the consensus, whose standard deviation is 1


class AdditiveGP(MetaLearner):
    """A Gaussian process in what the sources' own Gaussian processes predict and in a sum over operations.

    It is meant for latency, energy and the like on a new device (the task of ``lee2021help``). Values are learned as
    they are, not as ranks, for a sum of costs stays a sum only so. The prior mean is a tenth of the sources'
    consensus; the kernel is a constant, linear in the sources' predictions, linear in how often each operation is
    there, linear in the genotype with costs that vary as they do among the sources (`CostCovariance`), and, small at
    first, Matérn in the genotype of the canonical form. Noise has heavy tails, on the sources as on the target
    (`StudentTGP`): now and then a device is far too slow.

    The initial design is the most informative one, under a prior that expects more of counts and costs, not one of
    good architectures.

    Args:
        canonical: Whether equivalent architectures are the same. Not for latency: dead operations are run, too.
        points: Evaluations of a source, at most, that its own Gaussian process learns from, drawn at random.
        seed: Of the draw.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("skip", "conv3", "conv5") for i in range(4)})
    >>> everything = space.enumerate()
    >>> def device(name, *costs):
    ...     latency = np.asarray(costs)[everything.genotypes].sum(axis=1)
    ...     return Task(name, everything, {"latency": Metric(latency, "minimize", unit="ms")}, objective="latency")
    >>> meta = AdditiveGP().fit([device("phone", 0.1, 2.0, 5.0), device("server", 0.1, 1.0, 1.1)])
    >>> few = meta.initial_design(4)
    >>> new = device("board", 0.0, 3.0, 3.5)
    >>> y = [new.y[(everything.genotypes == row).all(axis=1)][0] for row in few.genotypes]
    >>> bool(np.abs(meta.adapt(few, y).predict(everything) - new.y).max() < 0.5)
    True
    """

    source_target: ClassVar[str] = "standard"

    def __init__(self, *, canonical: bool = False, points: int = 1500, seed: int = 0) -> None:
        self.canonical = canonical
        self.points = points
        self.seed = seed

    def _new_model(self) -> SourceModel:
        gps = SourceGPs(
            points=self.points, seed=self.seed, encoders=own_encoders(self.canonical), kernels=SOURCE_KERNELS,
            noise=SOURCE_NOISE, tuned_on=TUNED_ON, canonical=self.canonical, process=StudentTGP,
        )  # fmt: skip
        return SourceModel(gps=gps)

    def _fit(self, sources: Sources) -> None:
        self._use(self._new_model().fit(sources), sources)

    def _use(self, model: SourceModel, sources: Sources) -> None:
        self._inputs = AdditiveInputs.of(model, sources, canonical=self.canonical)

    def _adapt(self, architectures: Architectures, y: Array) -> Predictor:
        return AdditivePredictor(inputs=self._inputs).fit(architectures, y)

    def _initial_design(self, n: int, candidates: Architectures) -> Architectures:
        return candidates[self._informative(candidates, n)]

    def _informative_design(self, n: int, candidates: Architectures) -> Architectures:
        return self._initial_design(n, candidates)

    def _informative(self, architectures: Architectures, n: int) -> npt.NDArray[np.int64]:
        """The rows of a design of ``n``."""
        _, groups = self._inputs.transform(architectures)
        return informative_design(DESIGN_KERNELS, groups[: len(DESIGN_KERNELS)], n, noise=DESIGN_NOISE)

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        return self._inputs.model.state()

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._use(self._new_model().restore(arrays, self.sources_), self.sources_)


class AdditivePredictor(AdaptedPredictor):
    """What `AdditiveGP` adapts to a target task.

    Fitted to nothing, it gives the sources' consensus as far as they followed each other, where their own values have
    mean 0 and standard deviation 1.

    Args:
        inputs: What it sees of architectures.
        target: ``"standard"`` or ``"normal-scores"``.
    """

    def __init__(self, *, inputs: AdditiveInputs, target: str = "standard") -> None:
        super().__init__(target=target)
        self.inputs = inputs

    def _fit(self, architectures: Architectures, z: Array) -> None:
        self._fit_weighted(architectures, z, np.ones(len(z)))

    def _fit_weighted(self, architectures: Architectures, z: Array, weights: Array) -> None:
        self._seen = architectures, z
        self._gp: ExactGP | None = None
        if not len(z):
            return
        consensus, groups = self.inputs.transform(architectures)
        left = z - self._prior_mean(architectures, consensus)
        self._gp = StudentTGP(KERNELS, noise=NOISE).fit(groups, left, weights=weights)

    def _prior_mean(self, architectures: Architectures, consensus: Array) -> Array:
        """What the Gaussian process starts from."""
        return TRUST * consensus

    def summands(self, architectures: Architectures) -> Array:
        """The mean's summands, ``(n, t + 1)``: through each source's predicted values, and the rest.

        The mean is linear in them, by the prior mean and by the linear kernel, as that of `TransferPredictor`.
        """
        predictions, _ = self.inputs.model.transform(architectures)
        if self._gp is None:
            slope = max(self.inputs.trust, LEAST_SLOPE)
            by_source = slope * self.inputs.model.consensus_summands(predictions)
            return np.column_stack([by_source, np.zeros(len(by_source))])
        _, groups = self.inputs.transform(architectures)
        summands = self._prior_summands(architectures, predictions)
        summands[:, : predictions.shape[1]] += groups[SOURCES] * self._gp.linear_weights(SOURCES)
        summands[:, -1] += np.delete(self._gp.summands(groups), SOURCES, axis=1).sum(axis=1)
        return summands

    def _prior_summands(self, architectures: Architectures, predictions: Array) -> Array:
        """The same of what the Gaussian process starts from."""
        return np.column_stack([TRUST * self.inputs.model.consensus_summands(predictions), np.zeros(len(predictions))])

    def explain(self) -> Explanation:
        """What each source contributed; see `contributions` for what the weights are.

        Raises:
            NotFittedError: ``fit`` has not been called.
        """
        check_is_fitted(self, "space_")
        return Explanation(SHARES, contributions_by_model(self.inputs.model, self.summands, *self._seen))

    def _predict(self, architectures: Architectures) -> tuple[Array, Array]:
        if self._gp is None:
            predictions, _ = self.inputs.model.transform(architectures)
            consensus = self.inputs.model.consensus(predictions)
            return with_no_evaluation(consensus, self.inputs.trust, predictions.shape[1])
        consensus, groups = self.inputs.transform(architectures)
        mean, std = self._gp.predict_evaluation(groups)
        return mean + self._prior_mean(architectures, consensus), std
