"""A network conditioned on a task's values at anchor architectures, corrected by what was measured."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..predictors.predictor import Predictor
from ..spaces import Architectures
from .additive_gp import AdditiveGP, AdditivePredictor
from .additive_inputs import AdditiveInputs
from .conditioned_network import ConditionedNetwork
from .sources import Sources

__all__ = ["HELP", "ConditionedPredictor"]

Array = npt.NDArray[np.float64]


class HELP(AdditiveGP):
    """Hardware-adaptive prediction after HELP (``lee2021help``): a device is described by its values at anchors.

    A network learns from the sources, and from mixtures of them, to give a task's values from its values at a few
    anchor architectures, the most informative ones. It departs from the paper in three points. The sources' values
    come from their Gaussian processes, so each may have measured other architectures. Any architectures may have been
    measured: what the anchors would give is worked out from them as `AdditiveGP` does, and only exact where an anchor
    was measured. And where the paper adapts by gradient steps, here a Gaussian process learns what the network leaves.

    Args:
        anchors: How many architectures describe a task; the first of the initial design.
        hidden: Width of the network's hidden layers.
        steps: Gradient steps.
        batch: Architectures a step.
        learning_rate: Largest step size.
        canonical: Whether equivalent architectures are the same. Not for latency: dead operations are run, too.
        points: Evaluations of a source, at most, that its own Gaussian process learns from, drawn at random.
        seed: Of the draw and of the network.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("skip", "conv3", "conv5") for i in range(4)})
    >>> everything = space.enumerate()
    >>> def device(name, *costs):
    ...     latency = np.asarray(costs)[everything.genotypes].sum(axis=1)
    ...     return Task(name, everything, {"latency": Metric(latency, "minimize", unit="ms")}, objective="latency")
    >>> meta = HELP(steps=100).fit([device("phone", 0.1, 2.0, 5.0), device("server", 0.1, 1.0, 1.1)])
    >>> few = meta.initial_design(4)
    >>> new = device("board", 0.0, 3.0, 3.5)
    >>> y = [new.y[(everything.genotypes == row).all(axis=1)][0] for row in few.genotypes]
    >>> bool(np.corrcoef(meta.adapt(few, y).predict(everything), new.y)[0, 1] > 0.95)
    True
    """

    def __init__(
        self,
        *,
        anchors: int = 10,
        hidden: int = 64,
        steps: int = 600,
        batch: int = 128,
        learning_rate: float = 3e-3,
        canonical: bool = False,
        points: int = 1500,
        seed: int = 0,
    ) -> None:
        self.anchors = anchors
        self.hidden = hidden
        self.steps = steps
        self.batch = batch
        self.learning_rate = learning_rate
        self.canonical = canonical
        self.points = points
        self.seed = seed

    def _new_network(self) -> ConditionedNetwork:
        return ConditionedNetwork(
            hidden=self.hidden,
            steps=self.steps,
            batch=self.batch,
            learning_rate=self.learning_rate,
            seed=self.seed,
        )

    def _fit(self, sources: Sources) -> None:
        network = self._new_network()
        super()._fit(sources)
        everyone = sources.architectures
        rows = self._informative(everyone, self.anchors)
        self._anchors = everyone[rows]
        X = self._inputs.features.joined(everyone)
        self._network = network.fit(X, self._inputs.model.transform(everyone)[0], rows)

    def _adapt(self, architectures: Architectures, y: Array) -> Predictor:
        predictor = ConditionedPredictor(
            inputs=self._inputs, network=self._network, anchors=self._anchors, canonical=self.canonical
        )
        return predictor.fit(architectures, y)

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        return {"anchors": self._anchors.genotypes, **super()._state(), **self._network.state()}

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        super()._restore(arrays)
        self._network = self._new_network().restore(arrays)
        self._anchors = self.space.from_genotypes(arrays["anchors"])


class ConditionedPredictor(AdditivePredictor):
    """What `HELP` adapts to a target task: the network's answer, plus a Gaussian process on what it leaves.

    Args:
        inputs: What the Gaussian process sees of architectures.
        network: The network trained on the sources.
        anchors: The architectures whose values describe a task to it.
        canonical: Whether equivalent architectures are the same.
        target: ``"standard"`` or ``"normal-scores"``.
    """

    def __init__(
        self,
        *,
        inputs: AdditiveInputs,
        network: ConditionedNetwork,
        anchors: Architectures,
        canonical: bool = False,
        target: str = "standard",
    ) -> None:
        super().__init__(inputs=inputs, target=target)
        self.network = network
        self.anchors = anchors
        self.canonical = canonical

    def _fit_weighted(self, architectures: Architectures, z: Array, weights: Array) -> None:
        if len(z):
            self.description_ = self._describe(architectures, z, weights)
        super()._fit_weighted(architectures, z, weights)

    def _describe(self, architectures: Architectures, z: Array, weights: Array) -> Array:
        """``(a,)``: the task's values at the anchors: worked out, or the mean of what was measured there."""
        described = AdditivePredictor(inputs=self.inputs).fit(architectures, z, weights)
        values = described.predict(self.anchors)
        keys, places = np.unique(
            (architectures.canonical() if self.canonical else architectures).keys(), return_inverse=True
        )
        means = np.bincount(places, weights * z) / np.bincount(places, weights)
        measured = dict(zip(keys.tolist(), means.tolist(), strict=True))
        for place, key in enumerate(self.anchors.keys().tolist()):
            values[place] = measured.get(key, values[place])
        return values

    def _prior_mean(self, architectures: Architectures, consensus: Array) -> Array:
        return self.network.predict(self.inputs.features.joined(architectures), self.description_)

    def _prior_summands(self, architectures: Architectures, predictions: Array) -> Array:
        mean = self._prior_mean(architectures, self.inputs.model.consensus(predictions))
        return np.column_stack([np.zeros_like(predictions), mean, np.zeros(len(mean))])
