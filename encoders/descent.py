"""The training loop of networks, and the batches that it sees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import torch
from torch import Tensor

__all__ = ["batches", "descend"]


def batches(rows: int, batch: int, generator: torch.Generator) -> Iterator[Tensor]:
    """Batches of row numbers without end, each row as often as any other.

    Args:
        rows: How many there are.
        batch: How many at a time; all where that is more.
        generator: Draws their order, a round at a time.

    >>> endless = batches(3, 2, torch.Generator().manual_seed(0))
    >>> sorted(torch.cat([next(endless) for _ in range(3)]).tolist())
    [0, 0, 1, 1, 2, 2]
    """
    batch = min(batch, rows)
    order = torch.zeros(0, dtype=torch.int64)
    while True:
        if len(order) < batch:
            order = torch.cat([order, torch.randperm(rows, generator=generator)])
        now, order = order[:batch], order[batch:]
        yield now


def descend(
    parameters: Iterable[Tensor],
    loss: Callable[[], Tensor],
    *,
    steps: int,
    learning_rate: float,
    weight_decay: float = 0.0,
    largest: float = float("inf"),
) -> None:
    """Minimise a loss that is drawn anew each step, by AdamW.

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
