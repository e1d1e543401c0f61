"""How much a network computes."""

from __future__ import annotations

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from .batch import Batch, on_a_copy

__all__ = ["flops"]


@on_a_copy
def flops(model: nn.Module, batch: Batch) -> float:
    """Floating-point operations a row of the batch, a multiplication with its addition counted as two.

    Those of convolutions and matrix products are counted, as PyTorch's own counter does, and so is attention, which is
    worked out by matrix products on any device; not those of normalisations, activations, pooling, and sums over a
    graph's edges.

    Args:
        model: The network.
        batch: Its inputs; targets are not looked at.
    """
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), counter:
        model(*batch.inputs)
    return counter.get_total_flops() / batch.rows
