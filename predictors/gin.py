"""An ensemble of graph isomorphism networks."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from ..encoders.tensors import graph_tensors
from ..spaces import Architectures, SearchSpace
from .graph_network import GraphNetwork
from .predictor import Predictor
from .threads import one_thread

__all__ = ["GIN"]

CHUNK = 4096  # graphs at once when predicting


class GIN(Predictor):
    """Graph isomorphism networks (``xu2019``) in a small deep ensemble (``lakshminarayanan2017``).

    All members train side by side on all architectures, each from its own initial weights and with its own Poisson
    weights of the architectures (the online bootstrap, ``oza2001``). The mean of the members is the prediction, their
    standard deviation its uncertainty.

    Args:
        members: Networks in the ensemble.
        hidden: Width of the nodes' states.
        layers: Rounds of message passing.
        steps: Gradient steps; each sees all architectures.
        learning_rate: Largest step size; it falls to zero along a cosine.
        weight_decay: Of AdamW.
        target: ``"normal-scores"`` or ``"standard"``.
        seed: Of initial weights and bootstrap.

    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({"first": ("a", "b", "c"), "second": ("a", "b", "c")}).enumerate()
    >>> predictor = GIN(members=2, hidden=8, layers=2, steps=40).fit(architectures, architectures.genotypes[:, 0])
    >>> mean, std = predictor.predict(architectures, return_std=True)
    >>> bool(mean[-1] > mean[0])
    True
    """

    def __init__(
        self,
        *,
        members: int = 5,
        hidden: int = 32,
        layers: int = 3,
        steps: int = 150,
        learning_rate: float = 5e-3,
        weight_decay: float = 1e-2,
        target: str = "normal-scores",
        seed: int = 0,
    ) -> None:
        super().__init__(target=target)
        self.members = members
        self.hidden = hidden
        self.layers = layers
        self.steps = steps
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.seed = seed

    def _new_network(self, space: SearchSpace) -> GraphNetwork:
        nothing = space.from_genotypes(np.zeros((0, len(space.cardinalities)), dtype=np.int64))
        return GraphNetwork(
            members=self.members,
            inputs=graph_tensors(nothing).x.shape[2],
            outputs=1,
            hidden=self.hidden,
            layers=self.layers,
            seed=self.seed,
        )

    @one_thread
    def _fit(self, architectures: Architectures, z: npt.NDArray[np.float64]) -> None:
        graphs = graph_tensors(architectures)
        values = torch.from_numpy(z.astype(np.float32))
        rng = np.random.default_rng(self.seed)
        weights = torch.from_numpy(rng.poisson(1.0, size=(self.members, len(z))).astype(np.float32))
        weights[weights.sum(dim=1) == 0] = 1  # a member that drew nothing sees everything
        weights = weights / weights.sum(dim=1, keepdim=True)
        self._network = self._new_network(architectures.space)
        optimiser = torch.optim.AdamW(self._network.parameters(), lr=self.learning_rate, weight_decay=self.weight_decay)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, self.steps)
        for _ in range(self.steps):
            optimiser.zero_grad()
            errors = (self._network(graphs)[:, :, 0] - values) ** 2  # (m, n)
            (errors * weights).sum().backward()
            optimiser.step()
            schedule.step()

    @one_thread
    @torch.no_grad()
    def _predict(self, architectures: Architectures) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        graphs = graph_tensors(architectures)
        parts = [self._network(graphs[start : start + CHUNK])[:, :, 0] for start in range(0, len(graphs), CHUNK)]
        answers = torch.cat(parts, dim=1).double().numpy()  # (m, n)
        return answers.mean(axis=0), np.maximum(answers.std(axis=0), 1e-6)

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        return {name: tensor.numpy() for name, tensor in self._network.state_dict().items()}

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._network = self._new_network(self.space_)
        restore_network(self._network, arrays)


def restore_network(network: torch.nn.Module, arrays: dict[str, npt.NDArray[Any]]) -> None:
    """Give a network the weights of the same names; raises `ValueError` where one is missing or of another shape."""
    own = network.state_dict()
    for name, tensor in own.items():
        if arrays[name].shape != tuple(tensor.shape):
            raise ValueError(f"{name!r} has shape {arrays[name].shape}, not {tuple(tensor.shape)}")
    network.load_state_dict({name: torch.from_numpy(arrays[name].copy()) for name in own})
