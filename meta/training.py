"""How meta-learners train a network on the sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from ..encoders.descent import batches, descend
from .sources import Sources

__all__ = ["Rows", "Training", "capped_steps", "train_on_sources"]


class Rows(Protocol):
    """What a network reads of architectures, from which some can be taken: a tensor, or `GraphTensors`."""

    def __len__(self) -> int: ...

    def __getitem__(self, rows: Tensor, /) -> Any: ...


def capped_steps(sources: Sources, *, rows: int, epochs: int, steps: int) -> int:
    """As many gradient steps as go ``epochs`` times through all evaluations, but at most ``steps``, and at least one.

    Few evaluations are learned by heart otherwise.

    Args:
        sources: What the sources say.
        rows: Evaluations that one step sees.
        epochs: How often each evaluation is seen.
        steps: The most steps.

    >>> from augury.spaces import ChoiceSpace
    >>> sources = Sources(("one",), ChoiceSpace({"first": ("a", "b")}).enumerate(), np.zeros((2, 1), dtype=np.float32))
    >>> capped_steps(sources, rows=1, epochs=10, steps=100), capped_steps(sources, rows=1, epochs=10, steps=5)
    (20, 5)
    """
    evaluations = int(np.isfinite(sources.scores).sum())
    return max(1, min(steps, epochs * evaluations // rows))


@dataclass(frozen=True)
class Training:
    """How long and in which steps a network is trained on the sources.

    Attributes:
        epochs: How often the architectures are gone through; fewer if that is more than ``steps`` steps.
        steps: The most gradient steps.
        batch: Architectures a step.
        learning_rate: Largest step size; it rises over the first third and falls to nothing.
        weight_decay: Of AdamW.
        seed: Of initial weights and of the order of architectures.
    """

    epochs: int
    steps: int
    batch: int
    learning_rate: float
    weight_decay: float
    seed: int


def train_on_sources(network: nn.Module, inputs: Rows, sources: Sources, training: Training) -> None:
    """Train a network to predict all sources' normal scores, where there are any, by squared error.

    Args:
        network: Takes ``n`` rows of inputs to ``(m, n, t)`` predictions of ``m`` members.
        inputs: What it reads of the sources' architectures.
        sources: What the ``t`` sources say.
        training: In which steps.
    """
    known = torch.from_numpy(np.isfinite(sources.scores))
    scores = torch.from_numpy(np.nan_to_num(sources.scores))
    rows, batch = len(inputs), min(training.batch, len(inputs))
    drawn = batches(rows, batch, torch.Generator().manual_seed(training.seed))

    def loss() -> Tensor:
        now = next(drawn)
        errors = (network(inputs[now]) - scores[now]) ** 2 * known[now]  # (m, batch, t)
        mean: Tensor = errors.sum() / known[now].sum().clamp(min=1)
        return mean

    descend(
        network.parameters(),
        loss,
        steps=max(1, min(training.steps, training.epochs * rows // batch)),
        learning_rate=training.learning_rate,
        weight_decay=training.weight_decay,
    )
