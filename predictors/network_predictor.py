"""Ensembles of networks on graphs: how they are trained, calibrated and saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import torch
from sklearn.pipeline import FeatureUnion
from torch import Tensor, nn

from ..encoders import Encoder
from ..encoders.groups import FeatureGroups, checked_encoders
from ..encoders.named_arrays import nested, part
from ..encoders.tensors import GraphTensors, graph_tensors
from ..encoders.threads import one_thread
from ..encoders.weights import restore_network
from ..spaces import Architectures, InputError, SearchSpace
from .bootstrap import bootstrap_units
from .calibration import Calibration
from .ensemble_network import EnsembleNetwork
from .left_out import left_out
from .losses import Loss, make_loss
from .out_of_bag import OutOfBagPredictor

__all__ = ["NetworkPredictor"]

CHUNK = 256  # graphs at once when predicting: few enough to stay in the cache


class NetworkPredictor(OutOfBagPredictor):
    """A small deep ensemble (``lakshminarayanan2017``) of graph networks; a subclass says which in ``network``.

    All members train side by side, each from its own initial weights and without a part of the architectures, another
    one for each (``krogh1995``). Their outputs are brought to the target's units, and their spread to an honest
    standard deviation, by the architectures that a member has not seen (`Calibration`).

    Args:
        members: Networks in the ensemble.
        hidden: Width of the nodes' states.
        layers: Rounds of message passing.
        steps: Gradient steps.
        batch: The most architectures a step sees.
        learning_rate: Largest step size; it falls to zero along a cosine.
        weight_decay: Of AdamW.
        loss: ``"hinge"``, ``"logistic"``, ``"listnet"``, which learn the order, ``"squared-error"`` or ``"mixture"``;
            or a function (`losses.Loss`).
        encoders: Names of encoders, encoders, or a ``FeatureUnion`` of them, such as a `ProxyTable`: their features
            join the graphs' vectors before the head. ``save`` writes the values of a table, too; it refuses what is no
            data, as `LiveProxies`.
        target: ``"normal-scores"`` or ``"standard"``.
        seed: Of initial weights, of what a member leaves out, and of batches.

    >>> from augury.predictors import GraphNetwork
    >>> from augury.spaces import ChoiceSpace
    >>> class Isomorphism(NetworkPredictor):
    ...     network = GraphNetwork
    >>> architectures = ChoiceSpace({"first": ("a", "b", "c"), "second": ("a", "b", "c")}).enumerate()
    >>> predictor = Isomorphism(members=2, hidden=8, layers=2, steps=20)
    >>> predictor.fit(architectures, architectures.genotypes[:, 0]).predict(architectures).shape
    (9,)
    """

    _least: ClassVar[Mapping[str, int]] = {"layers": 0, "steps": 0}

    network: Callable[..., nn.Module]

    def __init__(
        self,
        *,
        members: int = 5,
        hidden: int = 32,
        layers: int = 3,
        steps: int = 150,
        batch: int = 256,
        learning_rate: float = 5e-3,
        weight_decay: float = 1e-2,
        loss: str | Loss = "hinge",
        encoders: Sequence[str | Encoder | FeatureUnion] = (),
        target: str = "normal-scores",
        seed: int = 0,
    ) -> None:
        super().__init__(target=target)
        self.members = members
        self.hidden = hidden
        self.layers = layers
        self.steps = steps
        self.batch = batch
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.loss = loss
        self.encoders = encoders
        self.seed = seed

    def _new_network(self, inputs: int, features: int) -> nn.Module:
        """A fresh ensemble for nodes with so many inputs and graphs with so many features.

        It maps `GraphTensors` and ``(n, features)``, or None, to ``(members, n, 1)``.
        """
        return self.network(
            members=self.members,
            inputs=inputs,
            hidden=self.hidden,
            layers=self.layers,
            features=features,
            seed=self.seed,
        )

    def _build(self, space: SearchSpace, arrays: Mapping[str, npt.NDArray[Any]] | None = None) -> None:
        encoders = checked_encoders(self.encoders)
        self._groups = FeatureGroups(encoders).fit(space, arrays) if encoders else None
        graphs, features = self._inputs(space.from_genotypes([]))
        self._network = self._new_network(graphs.x.shape[2], 0 if features is None else features.shape[1])

    def _inputs(self, architectures: Architectures) -> tuple[GraphTensors, Tensor | None]:
        graphs = graph_tensors(architectures)
        if self._groups is None:
            return graphs, None
        joined = np.concatenate(self._groups.transform(architectures), axis=1)
        return graphs, torch.from_numpy(joined.astype(np.float32))

    def _fit(self, architectures: Architectures, z: npt.NDArray[np.float64]) -> None:
        self._fit_weighted(architectures, z, np.ones(len(z)))

    @one_thread
    def _fit_weighted(
        self, architectures: Architectures, z: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
    ) -> None:
        loss = make_loss(self.loss)
        self._build(architectures.space)
        inputs = self._inputs(architectures)
        rng = np.random.default_rng(self.seed)
        seen = ~left_out(bootstrap_units(architectures), self.members, rng)
        seen[~seen.any(axis=1)] = True  # a member that would see nothing sees everything
        each = torch.from_numpy((seen * weights).astype(np.float32))
        self._train(inputs, torch.from_numpy(z.astype(np.float32)), each, loss, rng)
        outputs = self._outputs(inputs)
        if not np.isfinite(outputs).all():
            raise InputError(
                f"{type(self).__name__} learned nothing: {(~np.isfinite(outputs)).sum()} of the "
                f"{outputs.size} outputs of its networks are not finite after {self.steps} steps. Take a smaller "
                f"learning_rate than {self.learning_rate:g}, or mend a loss, module or encoder of your own."
            )
        self._calibration = Calibration().fit(outputs, z, seen, weights)
        self._held_out = self._calibration.out_of_bag(outputs, seen)

    def _train(
        self,
        inputs: tuple[GraphTensors, Tensor | None],
        z: Tensor,
        weights: Tensor,
        loss: Loss,
        rng: np.random.Generator,
    ) -> None:
        graphs, features = inputs
        network, every = self._network, len(z) <= self.batch
        prepared = network.prepared(graphs) if every and isinstance(network, EnsembleNetwork) else graphs
        optimiser = torch.optim.AdamW(
            self._network.parameters(), lr=self.learning_rate, weight_decay=self.weight_decay, fused=True
        )
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, self.steps)
        self._network.train()
        for _ in range(self.steps):
            if not every:
                rows = torch.from_numpy(rng.choice(len(z), size=self.batch, replace=False))
                seen = None if features is None else features[rows]
                answers = self._network(graphs[rows], seen)[:, :, 0]
                value = loss(answers, z[rows], weights[:, rows])
            else:
                value = loss(self._network(prepared, features)[:, :, 0], z, weights)
            optimiser.zero_grad()
            torch.autograd.backward(value)
            optimiser.step()
            schedule.step()

    @torch.inference_mode()
    def _outputs(self, inputs: tuple[GraphTensors, Tensor | None]) -> npt.NDArray[np.float64]:
        """``(m, n)``: what each member says."""
        graphs, features = inputs
        self._network.eval()
        outputs = torch.empty(self.members, len(graphs))
        order = graphs.mask.sum(dim=1).argsort(stable=True)
        for start in range(0, len(order), CHUNK):
            rows = order[start : start + CHUNK]  # graphs of about one size, so that there is little padding
            some = None if features is None else features[rows]
            outputs[:, rows] = self._network(graphs[rows].compact(), some)[:, :, 0]
        return outputs.double().numpy()

    @one_thread
    def _predict(self, architectures: Architectures) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        if self._groups is not None:  # features may tell apart what the graphs do not
            return self._calibration.predict(self._outputs(self._inputs(architectures)))
        _, first, back = np.unique(architectures.canonical().keys(), return_index=True, return_inverse=True)
        outputs = self._outputs(self._inputs(architectures[first]))
        return self._calibration.predict(outputs[:, back])

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        weights = {name: tensor.numpy() for name, tensor in self._network.state_dict().items()}
        encoders = self._groups.learned() if self._groups else {}
        return nested("network", weights) | nested("calibration", self._calibration.state()) | encoders

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._build(self.space_, arrays)
        restore_network(self._network, part("network", arrays))
        self._calibration = Calibration().restore(part("calibration", arrays))
