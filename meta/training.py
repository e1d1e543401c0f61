"""How meta-learners train a network on the sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import torch
from torch import Tensor, nn

from ..encoders.tensors import graph_tensors
from .sources import Sources

__all__ = ["capped_steps", "descend", "train_on_sources"]


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


def descend(
    parameters: Iterable[Tensor],
    loss: Callable[[], Tensor],
    *,
    steps: int,
    learning_rate: float,
    weight_decay: float = 0.0,
    largest: float = float("inf"),
) -> None:
    """The training loop that meta-learners share: AdamW on a loss that is drawn anew each step.

    Args:
        parameters: What is learned, changed in place.
        loss: The loss of one draw.
        steps: Gradient steps.
        learning_rate: Largest step size; it rises over the first third and falls to nothing.
        weight_decay: Of AdamW.
        largest: A gradient longer than this is shortened to it.
    """
    parameters = list(parameters)
    optimiser = torch.optim.AdamW(parameters, lr=learning_rate, weight_decay=weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, learning_rate, total_steps=steps + 1)
    for _ in range(steps):
        optimiser.zero_grad()
        torch.autograd.backward(loss())
        if np.isfinite(largest):
            torch.nn.utils.clip_grad_norm_(parameters, largest)
        optimiser.step()
        schedule.step()


def train_on_sources(
    network: nn.Module,
    sources: Sources,
    *,
    epochs: int,
    steps: int,
    batch: int,
    learning_rate: float,
    weight_decay: float,
    seed: int,
) -> None:
    """Train a network to predict all sources' normal scores, where there are any, by squared error.

    Args:
        network: Takes ``n`` graphs to ``(m, n, t)`` predictions of ``m`` members.
        sources: What the ``t`` sources say.
        epochs: How often the architectures are gone through; fewer if that is more than ``steps`` steps.
        steps: The most gradient steps.
        batch: Architectures a step.
        learning_rate: Largest step size; it rises over the first third and falls to nothing.
        weight_decay: Of AdamW.
        seed: Of the order of architectures.
    """
    graphs = graph_tensors(sources.architectures)
    known = torch.from_numpy(np.isfinite(sources.scores))
    scores = torch.from_numpy(np.nan_to_num(sources.scores))
    rows, batch = len(graphs), min(batch, len(graphs))
    generator = torch.Generator().manual_seed(seed)
    order = torch.zeros(0, dtype=torch.int64)

    def loss() -> Tensor:
        nonlocal order
        if len(order) < batch:
            order = torch.cat([order, torch.randperm(rows, generator=generator)])
        now, order = order[:batch], order[batch:]
        errors = (network(graphs[now]) - scores[now]) ** 2 * known[now]  # (m, batch, t)
        mean: Tensor = errors.sum() / known[now].sum().clamp(min=1)
        return mean

    steps = max(1, min(steps, epochs * rows // batch))
    descend(network.parameters(), loss, steps=steps, learning_rate=learning_rate, weight_decay=weight_decay)
