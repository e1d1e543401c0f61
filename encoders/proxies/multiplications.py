"""How much a network computes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from .batch import Batch, on_a_copy

__all__ = ["flops"]


@on_a_copy
def flops(model: nn.Module, batch: Batch) -> float:
    """Floating-point operations a row of the batch, a multiplication with its addition counted as two.

    Those of convolutions and matrix products are counted, as PyTorch's own counter does, and so are attention, which is
    worked out by matrix products on any device, and recurrent layers on a processor; not those of normalisations,
    activations, pooling, and sums over a graph's edges.

    Args:
        model: The network.
        batch: Its inputs; targets are not looked at.
    """
    counter = FlopCounterMode(display=False, custom_mapping={torch.ops.aten.mkldnn_rnn_layer: _recurrent})
    with torch.no_grad(), counter:
        model(*batch.inputs)
    return counter.get_total_flops() / batch.rows


def _recurrent(
    inputs: Sequence[int], by_inputs: Sequence[int], by_states: Sequence[int], *_: object, **__: object
) -> int:
    """Of one direction of a long short-term memory: steps × rows, and all its gates' weights."""
    return 2 * math.prod(inputs[:2]) * (math.prod(by_inputs) + math.prod(by_states))
