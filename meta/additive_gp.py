"""Transfer of costs that add up over operations, such as latency from device to device."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from ..predictors.exact_gp import ExactGP, Kernel, LogNormal
from ..predictors.predictor import Predictor
from ..predictors.target import make_target
from ..spaces import Architectures, InputError
from .informative import informative_design
from .meta_learner import MetaLearner
from .source_processes import SourceProcesses
from .sources import Sources

__all__ = ["AdditiveGP", "AdditivePredictor"]

Array = npt.NDArray[np.float64]

KERNELS = (
    Kernel("linear", LogNormal(0.3, 1.0)),  # a constant
    Kernel("linear", LogNormal(0.5, 1.0)),  # the sources
    Kernel("linear", LogNormal(0.03, 1.0)),  # operation counts
    Kernel("linear", LogNormal(0.003, 1.0)),  # genotype
    Kernel("matern", LogNormal(0.003, 1.0)),  # genotype of the canonical form
)
NOISE = LogNormal(0.03, 1.0)
DESIGN = 3  # the design goes by the first three kernels: what the others may tell is beyond a few measurements
DESIGN_NOISE = 0.1  # more than the noise that is expected, so that it does not spend itself on what hardly varies
TRUST = 0.1  # prior slope of a target's values on the consensus, whose standard deviation is 1
MOST_AGREED = 0.1  # the sources' spread about a consensus is taken to be at least this


class AdditiveGP(MetaLearner):
    """A Gaussian process in what the sources' own Gaussian processes predict and in a sum over operations.

    It is meant for latency, energy and the like on a new device (the task of ``lee2021help``). Values are learned as
    they are, not as ranks, for a sum of costs stays a sum only so. The prior mean is a tenth of the sources'
    consensus; the kernel is a constant, linear in the sources' predictions, linear in how often each operation is
    there, and, small at first, linear in the genotype and Matérn in the genotype of the canonical form.

    The initial design is the most informative one under this prior, not one of good architectures.

    Args:
        canonical: Whether equivalent architectures are the same. Not for latency: dead operations are run, too.
        rows: The most architectures of a source to learn from, drawn at random.
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

    def __init__(self, *, canonical: bool = False, rows: int = 1500, seed: int = 0) -> None:
        self.canonical = canonical
        self.rows = rows
        self.seed = seed

    def _new_processes(self) -> SourceProcesses:
        if self.rows < 1:
            raise InputError(f"A source is learned from at least one architecture; got rows={self.rows!r}.")
        return SourceProcesses(canonical=self.canonical, rows=self.rows, seed=self.seed)

    def _fit(self, sources: Sources) -> None:
        self._processes = self._new_processes().fit(sources)

    def _adapt(self, architectures: Architectures, y: Array) -> Predictor:
        return AdditivePredictor(processes=self._processes).fit(architectures, y)

    def _initial_design(self, n: int, candidates: Architectures) -> Architectures:
        keys = (candidates.canonical() if self.canonical else candidates).keys()
        distinct = candidates[np.sort(np.unique(keys, return_index=True)[1])]
        return distinct[self._informative(distinct, n)]

    def _informative(self, architectures: Architectures, n: int) -> npt.NDArray[np.int64]:
        """The rows of a design of ``n``."""
        _, groups = inputs(self._processes, architectures)
        return informative_design(KERNELS[:DESIGN], groups[:DESIGN], n, noise=DESIGN_NOISE)

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        return self._processes.state()

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._processes = self._new_processes().restore(arrays, self.sources_)


def inputs(processes: SourceProcesses, architectures: Architectures) -> tuple[Array, list[Array]]:
    """The sources' consensus, ``(n,)``, and a matrix for each kernel."""
    predictions = processes.predictions(architectures)
    return processes.consensus(predictions), [
        np.ones((len(predictions), 1)),
        predictions / predictions.shape[1] ** 0.5,
        *processes.features(architectures),
    ]


class AdditivePredictor(Predictor):
    """What `AdditiveGP` adapts to a target task.

    Unlike other predictors it may be fitted to nothing, and then gives the sources' consensus, at mean 0 and standard
    deviation 1 over their architectures.

    Args:
        processes: What was learned of the sources.
        target: ``"standard"`` or ``"normal-scores"``.
    """

    def __init__(self, *, processes: SourceProcesses, target: str = "standard") -> None:
        super().__init__(target=target)
        self.processes = processes

    def fit(self, architectures: Architectures, y: npt.ArrayLike) -> AdditivePredictor:
        """As every predictor, but ``n`` may be 0."""
        if len(architectures) or np.size(y):
            return super().fit(architectures, y)
        self.space_ = architectures.space
        self.target_ = make_target("standard").fit(np.asarray([-1.0, 1.0]))  # mean 0, deviation 1: as they are
        self._gp: ExactGP | None = None
        return self

    def _fit(self, architectures: Architectures, z: Array) -> None:
        consensus, groups = inputs(self.processes, architectures)
        self._gp = ExactGP(KERNELS, noise=NOISE).fit(groups, z - self._prior_mean(architectures, consensus))

    def _prior_mean(self, architectures: Architectures, consensus: Array) -> Array:
        """What the Gaussian process starts from."""
        return TRUST * consensus

    def _predict(self, architectures: Architectures) -> tuple[Array, Array]:
        consensus, groups = inputs(self.processes, architectures)
        if self._gp is None:
            return consensus, np.maximum(self.processes.predictions(architectures).std(axis=1), MOST_AGREED)
        mean, std = self._gp.predict(groups)
        return mean + self._prior_mean(architectures, consensus), std

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        raise InputError(
            "An adapted predictor is saved by saving its meta-learner: meta.save(path); "
            "load that and adapt it to the same evaluations, which takes a moment and gives the same predictor."
        )

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        raise ValueError("an adapted predictor is not saved by itself")
