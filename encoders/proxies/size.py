"""How large a network is."""

from __future__ import annotations

import torch
from torch import nn

from .batch import Batch, weights

__all__ = ["l2_norm", "parameters"]


def parameters(model: nn.Module, batch: Batch) -> float:
    """How many numbers a network learns.

    Args:
        model: The network.
        batch: Not looked at.
    """
    return float(sum(parameter.numel() for parameter in model.parameters()))


@torch.no_grad()
def l2_norm(model: nn.Module, batch: Batch) -> float:
    """``Σ ‖w‖₂`` over its tensors of weights (``abdelfattah2021``).

    Args:
        model: The network.
        batch: Not looked at.
    """
    return float(sum(weight.double().norm() for weight in weights(model)))
