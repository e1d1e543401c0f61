"""What the gradient of the loss says of the weights."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .batch import Batch, on_a_copy, weights

__all__ = ["grad_norm", "plain", "snip"]


def _pairs(model: nn.Module, batch: Batch) -> list[tuple[Tensor, Tensor]]:
    """Each tensor of weights with the loss's gradient, both in float64."""
    held = weights(model)
    gradients = torch.autograd.grad(batch.lost(model), held, allow_unused=True)
    return [(w.detach().double(), g.double()) for w, g in zip(held, gradients, strict=True) if g is not None]


@on_a_copy
def grad_norm(model: nn.Module, batch: Batch) -> float:
    """``Σ ‖∂L/∂w‖₂`` over the tensors of weights ``w`` (``abdelfattah2021``).

    Args:
        model: The network.
        batch: Inputs, targets and the loss ``L``.
    """
    return float(sum(gradient.norm() for _, gradient in _pairs(model, batch)))


@on_a_copy
def snip(model: nn.Module, batch: Batch) -> float:
    """Connection sensitivity (``lee2019``), ``Σ |w · ∂L/∂w|`` over all weights, as ``abdelfattah2021`` add it up.

    Args:
        model: The network.
        batch: Inputs, targets and the loss ``L``.
    """
    return float(sum((weight * gradient).abs().sum() for weight, gradient in _pairs(model, batch)))


@on_a_copy
def plain(model: nn.Module, batch: Batch) -> float:
    """``Σ w · ∂L/∂w`` over all weights (``abdelfattah2021``).

    Args:
        model: The network.
        batch: Inputs, targets and the loss ``L``.
    """
    return float(sum((weight * gradient).sum() for weight, gradient in _pairs(model, batch)))
