"""One graph network for all source tasks, which takes the noise out of them."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import numpy.typing as npt
import torch

from ..encoders.row_memo import RowMemo
from ..encoders.tensors import graph_tensors
from ..encoders.threads import one_thread, single_threaded
from ..predictors.gin import restore_network
from ..predictors.graph_network import GraphNetwork
from ..spaces import Architectures, SearchSpace
from .chunks import in_chunks
from .sources import Sources

__all__ = ["SourceNetwork"]

SCALE = 2048  # source architectures that tell the scale of predictions and hidden units


class SourceNetwork:
    """A shared graph network with one head a source task (multi-task learning, ``caruana1997``).

    It learns each task's normal scores, where there are any, by squared error. What it gives for an architecture is
    its ``t`` predictions and its hidden units, each brought to mean 0 and standard deviation 1 over the sources'
    architectures.

    Args:
        members: Networks trained side by side, whose predictions are averaged and whose hidden units are joined.
        hidden: Width of the nodes' states.
        layers: Rounds of message passing.
        epochs: How often the architectures are gone through; fewer if that is more than ``steps`` steps.
        steps: The most gradient steps.
        batch: Architectures a step.
        learning_rate: Largest step size; it rises over the first third and falls to nothing.
        weight_decay: Of AdamW.
        seed: Of initial weights and of the order of architectures.
    """

    def __init__(
        self,
        *,
        members: int,
        hidden: int,
        layers: int,
        epochs: int,
        steps: int,
        batch: int,
        learning_rate: float,
        weight_decay: float,
        seed: int,
    ) -> None:
        self.members = members
        self.hidden = hidden
        self.layers = layers
        self.epochs = epochs
        self.steps = steps
        self.batch = batch
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.seed = seed

    @one_thread
    def fit(self, sources: Sources) -> Self:
        """Train on all sources at once."""
        tasks = sources.scores.shape[1]
        self._build(sources.architectures.space, tasks)
        graphs = graph_tensors(sources.architectures)
        known = torch.from_numpy(np.isfinite(sources.scores))
        scores = torch.from_numpy(np.nan_to_num(sources.scores))
        rows, batch = len(graphs), min(self.batch, len(graphs))
        steps = max(1, min(self.steps, self.epochs * rows // batch))
        optimiser = torch.optim.AdamW(self._network.parameters(), weight_decay=self.weight_decay)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, self.learning_rate, total_steps=steps + 1)
        generator = torch.Generator().manual_seed(self.seed)
        order = torch.zeros(0, dtype=torch.int64)
        for _ in range(steps):
            if len(order) < batch:
                order = torch.cat([order, torch.randperm(rows, generator=generator)])
            now, order = order[:batch], order[batch:]
            optimiser.zero_grad()
            errors = (self._network(graphs[now]) - scores[now]) ** 2 * known[now]  # (m, batch, t)
            (errors.sum() / known[now].sum().clamp(min=1)).backward()
            optimiser.step()
            schedule.step()
        self._learn_scale(sources.architectures)
        return self

    def _build(self, space: SearchSpace, tasks: int) -> None:
        nothing = space.from_genotypes(np.zeros((0, len(space.cardinalities)), dtype=np.int64))
        self._tasks = tasks
        self._network = GraphNetwork(
            members=self.members,
            inputs=graph_tensors(nothing).x.shape[2],
            outputs=tasks,
            hidden=self.hidden,
            layers=self.layers,
            seed=self.seed,
        )
        self._memo = RowMemo(tasks + self.members * self.hidden)

    def _learn_scale(self, architectures: Architectures) -> None:
        chosen = np.random.default_rng(0).permutation(len(architectures))[:SCALE]
        out = self._memo.rows(architectures[chosen], self._in_chunks).astype(np.float64)
        self._mean, self._std = out.mean(axis=0), out.std(axis=0)
        self._std[self._std < 1e-6] = np.inf  # units that are always off say nothing

    def transform(self, architectures: Architectures) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Predictions ``(n, t)`` and hidden units ``(n, members · hidden)``, standardised."""
        out = self._memo.rows(architectures.canonical(), self._in_chunks)
        scaled = (out.astype(np.float64) - self._mean) / self._std
        return scaled[:, : self._tasks], scaled[:, self._tasks :]

    def _in_chunks(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        return in_chunks(self._forward, architectures)

    def _forward(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        with single_threaded(), torch.no_grad():
            embedding = self._network.embedding(graph_tensors(architectures))  # (m, n, h)
            predictions = self._network.head(embedding).mean(dim=0)
            return torch.cat([predictions, *embedding], dim=1).numpy()

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """Weights and scales."""
        weights = {f"network.{name}": tensor.numpy() for name, tensor in self._network.state_dict().items()}
        return weights | {"mean": self._mean, "std": self._std}

    def restore(self, arrays: dict[str, npt.NDArray[Any]], space: SearchSpace, tasks: int) -> Self:
        """Take up what `state` gave."""
        self._build(space, tasks)
        weights = {name.removeprefix("network."): array for name, array in arrays.items()}
        restore_network(self._network, weights)
        self._mean, self._std = arrays["mean"], arrays["std"]
        return self
