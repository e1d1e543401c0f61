"""Almost no inner loop: only the head of the network is adapted."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.func import functional_call

from ..encoders.row_memo import RowMemo
from ..encoders.tensors import GraphTensors
from ..predictors.graph_network import GraphNetwork
from ..spaces import Architectures, SearchSpace
from .gradient_learner import ALIKE, Weights
from .maml import MAML
from .network_rows import network_rows

__all__ = ["ANIL"]

Array = npt.NDArray[np.float64]
HEAD = ("head.weight", "head.bias")


class ANIL(MAML):
    """Meta-learning whose inner loop adapts the last layer only (``raghu2020``).

    As `MAML`, except that gradient steps to a task leave the body of the network alone. So a support teaches two
    arrays, adapting takes milliseconds, and what the body makes of an architecture is remembered.

    Args:
        first_order: Leave out the second derivatives (``nichol2018``).
        members: Networks trained side by side.
        hidden: Width of their nodes' states.
        layers: Rounds of message passing.
        inner_steps: Gradient steps to a task when learning.
        inner_rate: Their size ``α``.
        adapt_steps: Gradient steps to the target.
        support: The most evaluations of an episode to learn from.
        query: Evaluations of an episode to predict.
        epochs: How often the sources' evaluations are gone through; fewer if that is more than ``steps`` steps.
        steps: The most steps of the initial weights.
        learning_rate: Their largest size.
        residual: Learn what is left over on a target by a Gaussian process on graph features (`ResidualProcess`);
            without, it is the plain method.
        seed: Of initial weights and episodes.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)})
    >>> architectures = space.enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> source = Task("source", architectures, {"accuracy": Metric(y, "maximize")}, objective="accuracy")
    >>> meta = ANIL(hidden=16, layers=2, epochs=200, steps=50).fit([source])
    >>> few = architectures[::20]
    >>> mean = meta.adapt(few, -5.0 + few.genotypes.sum(axis=1)).predict(architectures)
    >>> bool(np.corrcoef(mean, y)[0, 1] > 0.9)
    True
    """

    def _start(self, space: SearchSpace, tasks: int) -> None:
        super()._start(space, tasks)
        self._memo = RowMemo(self.members * self.hidden)

    def _moved(self) -> tuple[str, ...]:
        return HEAD

    def _predicts(self, graphs: GraphTensors) -> Callable[[Weights], Tensor]:
        embeddings: list[Tensor] = []  # made once: the inner loop does not change them

        def predict(weights: Weights) -> Tensor:
            if not embeddings:
                body = {f"network.{name}": tensor for name, tensor in weights.items()}
                embeddings.append(functional_call(_Body(self._network), body, (graphs,)))
            return torch.baddbmm(weights["head.bias"], embeddings[0], weights["head.weight"])[:, :, 0]

        return predict

    def answer(self, learned: Weights, architectures: Architectures) -> tuple[Array, Array]:
        """The members' mean and spread."""
        rows = self._memo.rows(architectures.canonical(), lambda some: network_rows(self._joined, some))
        embeddings = rows.reshape(-1, self.members, self.hidden).astype(np.float64)
        weight, bias = (learned[name].numpy().astype(np.float64) for name in HEAD)  # (m, h, 1), (m, 1, 1)
        members = np.einsum("nmh,mh->nm", embeddings, weight[:, :, 0]) + bias[:, 0, 0]
        return members.mean(axis=1), np.hypot(members.std(axis=1), ALIKE)

    def _joined(self, graphs: GraphTensors) -> Tensor:
        return torch.cat(list(self._network.embedding(graphs)), dim=1)


class _Body(nn.Module):
    """The network without its head."""

    def __init__(self, network: GraphNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, graphs: GraphTensors) -> Tensor:
        """``(m, n, hidden)``."""
        return self.network.embedding(graphs)
