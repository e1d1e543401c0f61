"""Gated flows on equal nodes."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from .dense_gated_flow import DenseGatedFlow
from .equal_nodes import Round
from .equal_steps import summed

__all__ = ["gated_flows"]


def gated_flows(flows: Tensor, operations: Tensor, kinds: Round, layers: Sequence[DenseGatedFlow]) -> Tensor:
    """``(r, 2, m, c)`` → ``(b, 2, m, c)``: one `DenseGatedFlow` along the edges and another against them, side by side.

    The gates of a kind are those of its operation, of which there are few.

    Args:
        flows: The states before, of the flow along the edges and of that against them.
        operations: ``(m, kinds, e)``: the embedding of each first kind's operation.
        kinds: What each kind of nodes was, and whose states it takes.
        layers: The two.
    """
    _, _, m, c = flows.shape
    sent = torch.stack(
        [
            torch.bmm(each.transpose(0, 1), layer.linear.weight).transpose(0, 1)
            for each, layer in zip(flows.unbind(1), layers, strict=True)
        ],
        dim=1,
    )
    gates = torch.stack([torch.sigmoid(layer.gate(operations)).transpose(0, 1) for layer in layers], dim=1)
    with_own = summed(sent.view(-1, m * c), kinds.taken).view(-1, 2, m, c)
    own, gate = (
        summed(table.flatten(1), bags).view(-1, 2, m, c) for table, bags in ((sent, kinds.own), (gates, kinds.first))
    )
    bias = torch.stack([layer.linear.bias[:, 0] for layer in layers])
    return torch.addcmul(own + bias, gate, with_own - own)
