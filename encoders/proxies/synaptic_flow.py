"""How much flows through a network if all its weights are positive."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.modules.batchnorm import _NormBase

from .batch import Batch, on_a_copy, weights

__all__ = ["synflow"]

NORMALISATIONS = (_NormBase, nn.LayerNorm, nn.GroupNorm)


@on_a_copy
def synflow(model: nn.Module, batch: Batch) -> float:
    """Synaptic flow (``tanaka2020``), ``Σ |w · ∂R/∂w|`` over all weights.

    ``R`` is the sum of the outputs for an input of ones when every weight is replaced by its absolute value, a row of
    the batch. Biases are zero and normalisations left out, as ``abdelfattah2021`` found to be better. In float64.

    Args:
        model: The network.
        batch: Only the shape of its first input is looked at, and the others as they are.
    """
    model = model.double()
    if isinstance(model, NORMALISATIONS):
        return 0.0
    for module in list(model.modules()):
        for name, child in module.named_children():
            if isinstance(child, NORMALISATIONS):
                setattr(module, name, nn.Identity())
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim > 1:
                parameter.abs_()
            else:
                parameter.zero_()
    x = torch.ones_like(batch.inputs[0], dtype=torch.float64)
    others = [other.double() if torch.is_floating_point(other) else other for other in batch.inputs[1:]]
    flow = model(x, *others).sum() / batch.rows
    held = weights(model)
    gradients = torch.autograd.grad(flow, held, allow_unused=True)
    return float(sum((w.detach() * g).abs().sum() for w, g in zip(held, gradients, strict=True) if g is not None))
