"""A network that is told which task it is for by the task's values at a few anchor architectures."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from ..encoders.descent import descend
from ..encoders.threads import one_thread

__all__ = ["ConditionedNetwork"]

Array = npt.NDArray[np.float64]

DEVICES = 8  # made-up tasks a step
MIXING = 0.5  # of the Dirichlet distribution that mixes the sources to a task: below 1, a few make most of it
NOISE = 0.05  # standard deviation of what is added to the anchors' values


class ConditionedNetwork:
    """Values of architectures from their features and a description of the task, its values at ``a`` anchors.

    Each training step makes up tasks that are random mixtures of the sources. The output is a sum of two parts: one
    linear in the features, whose weights are linear in the description, and one of two hidden layers that the
    description scales and shifts (``perez2018``).

    Args:
        hidden: Width of the hidden layers.
        steps: Gradient steps.
        batch: Architectures a step.
        learning_rate: Largest step size; it rises over the first third and falls to nothing.
        seed: Of initial weights, mixtures and batches.
    """

    def __init__(self, *, hidden: int, steps: int, batch: int, learning_rate: float, seed: int) -> None:
        self.hidden = hidden
        self.steps = steps
        self.batch = batch
        self.learning_rate = learning_rate
        self.seed = seed

    @one_thread
    def fit(self, X: Array, values: Array, anchors: npt.NDArray[np.int64]) -> Self:
        """Train on ``(n, d)`` features and the ``(n, t)`` values of the sources; ``anchors`` are ``(a,)`` rows."""
        self._build(X.shape[1], len(anchors))
        rng = np.random.default_rng(self.seed)

        def loss() -> torch.Tensor:
            """The mean squared error on made-up tasks."""
            mixture = rng.dirichlet(np.full(values.shape[1], MIXING), DEVICES).T  # (t, devices)
            at_anchors = values[anchors] @ mixture
            at_anchors += NOISE * rng.normal(size=at_anchors.shape)
            rows = rng.integers(len(X), size=min(self.batch, len(X)))
            centre, scale = scaling(at_anchors)
            wanted = torch.from_numpy((values[rows] @ mixture - centre) / scale)
            found = self._forward(torch.from_numpy(X[rows]), torch.from_numpy(((at_anchors - centre) / scale).T))
            return (found.T - wanted).square().mean()

        descend(self._parts.parameters(), loss, steps=self.steps, learning_rate=self.learning_rate, weight_decay=1e-3)
        return self

    @one_thread
    def predict(self, X: Array, at_anchors: Array) -> Array:
        """``(n,)`` values of one task, in the units of its ``(a,)`` values at the anchors."""
        centre, scale = scaling(at_anchors[:, None])
        description = ((at_anchors[:, None] - centre) / scale).T
        with torch.no_grad():
            found = self._forward(torch.from_numpy(X), torch.from_numpy(description))[0].numpy()
        values: Array = found * scale[0] + centre[0]
        return values

    def _build(self, features: int, anchors: int) -> None:
        with torch.random.fork_rng():
            torch.manual_seed(self.seed)
            self._parts = nn.ModuleDict(
                {
                    "first": nn.Linear(features, self.hidden),
                    "second": nn.Linear(self.hidden, self.hidden),
                    "last": nn.Linear(self.hidden, 1),
                    "modulation": nn.Linear(anchors, 2 * self.hidden),
                    "weights": nn.Linear(anchors, features),
                }
            ).double()
        for name in ("last", "weights"):  # it starts from the mean over the anchors
            for value in self._parts[name].parameters():
                nn.init.zeros_(value)

    def _forward(self, X: torch.Tensor, description: torch.Tensor) -> torch.Tensor:
        """``(devices, n)`` from ``(n, d)`` and ``(devices, a)``."""
        parts = self._parts
        scale, shift = parts["modulation"](description)[:, None].chunk(2, dim=2)  # (devices, 1, hidden)
        states = torch.relu(parts["first"](X))[None] * (1 + scale) + shift
        states = torch.relu(parts["second"](states))
        out: torch.Tensor = parts["last"](states)[..., 0] + parts["weights"](description) @ X.T
        return out

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """The weights."""
        return {f"network.{name}": value.numpy() for name, value in self._parts.state_dict().items()}

    def restore(self, arrays: dict[str, npt.NDArray[Any]]) -> Self:
        """Take up what `state` gave."""
        features, anchors = arrays["network.weights.weight"].shape
        self._build(features, anchors)
        weights = {name: torch.from_numpy(arrays[f"network.{name}"]) for name in self._parts.state_dict()}
        try:
            self._parts.load_state_dict(weights)
        except RuntimeError as error:  # a shape that does not fit
            raise ValueError(str(error)) from error
        return self


def scaling(at_anchors: Array) -> tuple[Array, Array]:
    """Mean and standard deviation of ``(a, tasks)`` values over the anchors, ``(tasks,)`` each; 1 where they agree."""
    spread = at_anchors.std(axis=0)
    return at_anchors.mean(axis=0), np.where(spread > 1e-9, spread, 1.0)
