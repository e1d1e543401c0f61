"""Transfer through a model of all sources and a Gaussian process on what it knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from ..predictors.kernels import Kernel
from ..predictors.predictor import Predictor
from ..spaces import Architectures
from .feature_source_network import FeatureSourceNetwork
from .graph_source_network import GraphSourceNetwork
from .portfolio import greedy_portfolio
from .source_gps import SourceGPs
from .source_model import SourceModel
from .source_network import SourceNetwork
from .sources import Sources
from .subset_learner import SubsetLearner
from .training import Training
from .transfer_predictor import TRUST, TransferPredictor
from .trust import trust_in_consensus

__all__ = ["TransferGP"]


class TransferGP(SubsetLearner):
    """A model of all sources, then a Gaussian process on the target (after ``perrone2018``).

    Networks that all sources share, on graphs and on features of graphs, and a Gaussian process for each source give
    each source's values with the noise of single trainings taken out; the processes matter where sources have few
    evaluations. On the target, the prior mean is half the sources' consensus, or less where the sources did not follow
    each other that far (`trust_in_consensus`), and the kernel a sum: a constant, linear in the sources' predicted
    values, Matérn in each network's hidden units, Matérn in the architecture's own graph features and in its genotype;
    the marginal likelihood weighs them. Those of predicted values and hidden units start small where the sources did
    not follow each other. So with no evaluation the answer is the prior mean, and with many, or with sources that
    tell nothing, that of a Gaussian process that knows of no source.

    In a search (`surrogate`), the prior mean is turned around where the evaluations contradict the sources: there what
    these praise is what is evaluated, and to take it for good would cost one evaluation after the other.

    Args:
        members: Graph networks trained side by side.
        hidden: Width of their nodes' states.
        layers: Rounds of message passing.
        feature_from: From so many architectures of the sources on perceptrons on graph features and genotypes join;
            with fewer they err too much.
        feature_members: Such perceptrons trained side by side.
        feature_hidden: Width of their two hidden layers.
        epochs: How often the sources' architectures are gone through.
        steps: The most gradient steps, which bounds the time of training.
        batch: Architectures a step.
        learning_rate: Largest step size.
        weight_decay: Of AdamW.
        points: Evaluations of a source, at most, that its own Gaussian process learns from; 0 for no process.
        seed: Of the networks, and of the choice of points.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)})
    >>> architectures = space.enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> source = Task("source", architectures, {"accuracy": Metric(y, "maximize")}, objective="accuracy")
    >>> meta = TransferGP(members=1, hidden=16, epochs=100).fit([source])
    >>> few = architectures[::20]
    >>> mean = meta.adapt(few, -5.0 + few.genotypes.sum(axis=1)).predict(architectures)
    >>> bool(np.corrcoef(mean, y)[0, 1] > 0.9)
    True
    """

    _least: ClassVar[Mapping[str, int]] = {"layers": 0, "epochs": 0, "steps": 0, "points": 0}

    def __init__(
        self,
        *,
        members: int = 2,
        hidden: int = 48,
        layers: int = 3,
        feature_from: int = 10_000,
        feature_members: int = 3,
        feature_hidden: int = 256,
        epochs: int = 40,
        steps: int = 1000,
        batch: int = 512,
        learning_rate: float = 3e-3,
        weight_decay: float = 1e-2,
        points: int = 400,
        seed: int = 0,
    ) -> None:
        self.members = members
        self.hidden = hidden
        self.layers = layers
        self.feature_from = feature_from
        self.feature_members = feature_members
        self.feature_hidden = feature_hidden
        self.epochs = epochs
        self.steps = steps
        self.batch = batch
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.points = points
        self.seed = seed

    def _new_model(self, *, features: bool) -> SourceModel:
        gps = self._new_gps(self.points) if self.points else None
        return SourceModel(networks=self._new_networks(features=features), gps=gps)

    def _new_networks(self, *, features: bool) -> list[SourceNetwork]:
        """Not trained; with perceptrons on features or without."""
        training = self._training()
        networks: list[SourceNetwork] = [
            GraphSourceNetwork(members=self.members, hidden=self.hidden, layers=self.layers, training=training)
        ]
        if features:
            networks.append(
                FeatureSourceNetwork(members=self.feature_members, hidden=self.feature_hidden, training=training)
            )
        return networks

    def _training(self) -> Training:
        return Training(
            epochs=self.epochs,
            steps=self.steps,
            batch=self.batch,
            learning_rate=self.learning_rate,
            weight_decay=self.weight_decay,
            seed=self.seed,
        )

    def _new_gps(self, points: int) -> SourceGPs:
        return SourceGPs(points=points, seed=self.seed)

    def _fit(self, sources: Sources) -> None:
        features = len(sources.architectures) >= self.feature_from
        self._use(self._new_model(features=features).fit(sources))

    def _use(self, model: SourceModel, trust: npt.NDArray[Any] | None = None) -> None:
        """Take a model of the sources, and how far they may be trusted if that is known: to find it takes seconds."""
        self._model = model
        self._trust = (
            trust_in_consensus(lambda some: model.transform(some)[0], self.sources_)
            if trust is None
            else float(trust[0])
        )

    def _adapt(self, architectures: Architectures, y: npt.NDArray[np.float64]) -> Predictor:
        return self._new_predictor().fit(architectures, y)

    def surrogate(self, architectures: Architectures, y: npt.ArrayLike) -> Predictor:
        """`adapt`, but sources that the evaluations contradict are turned around."""
        values = self._checked(architectures, y)
        return self._new_predictor(turnable=True).fit(architectures, values)

    def _new_predictor(self, *, turnable: bool = False) -> TransferPredictor:
        return TransferPredictor(model=self._model, trust=min(TRUST, self._trust), turnable=turnable)

    def _initial_design(self, n: int, candidates: Architectures) -> Architectures:
        predictions, _ = self._model.transform(candidates)
        return candidates[greedy_portfolio(predictions, n)]

    def _design_inputs(self, architectures: Architectures) -> tuple[list[Kernel], list[npt.NDArray[np.float64]]]:
        return self._new_predictor().design_inputs(architectures)

    def opinions(self, architectures: Architectures) -> npt.NDArray[np.float64]:
        """``(n, t)``: the value that is predicted for each source."""
        return self._model.transform(architectures)[0]

    def _subset(self, kept: Sequence[int]) -> Self:
        """The same, as if there were only those sources; the networks have learned from all of them."""
        few = copy(self)
        few.sources_ = self.sources_.of_tasks(kept)
        few._use(self._model.only(kept))
        return few

    def thinned(self, n: int = 2_000) -> Self:
        """One that keeps fewer of the sources' architectures, and adapts nearly as this one: for a smaller file.

        The networks stay as they are. The architectures that the sources' processes have learned stay, and ``n`` others
        at most, from which initial designs are chosen.

        Raises:
            NotFittedError: ``fit`` has not been called.
        """
        check_is_fitted(self, "sources_")
        some = np.random.default_rng(self.seed).permutation(len(self.sources_.architectures))[:n]
        rows = [] if self._model.gps is None else self._model.gps.rows
        kept = np.unique(np.concatenate([some, *rows]))
        arrays = self._state() | {f"gp{task}.rows": np.searchsorted(kept, own) for task, own in enumerate(rows)}
        thin: Self = clone(self)
        return thin._relearn(self.sources_.only(kept), arrays)

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        return self._model.state() | {"trust": np.asarray([self._trust])}

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        stored = {name.partition(".")[0] for name in arrays if name.startswith("network")}
        features = len(stored) > len(self._new_networks(features=False))
        self._use(self._new_model(features=features).restore(arrays, self.sources_), arrays.get("trust"))
