"""What the loss would do if a channel were taken away."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.modules.conv import _ConvNd

from .batch import Batch, layers, on_a_copy

__all__ = ["fisher"]


@on_a_copy
def fisher(model: nn.Module, batch: Batch) -> float:
    """Fisher information of the channels (``theis2018``, as a proxy ``turner2020``).

    For a channel with activations ``a`` and gradients ``g = ∂L/∂a``, it is the mean over the rows of
    ``½ (Σ a · g)²``, with the inner sum over positions; then it is added up over the channels of all layers that hold
    weights.

    Args:
        model: The network.
        batch: Inputs, targets and the loss ``L``.
    """
    seen: list[tuple[Tensor, int]] = []  # activations, and which axis is that of channels

    def keep(module: nn.Module, _: object, output: object) -> Tensor | None:
        if not isinstance(output, Tensor):
            return None
        seen.append((output, 1 if isinstance(module, _ConvNd) else output.ndim - 1))
        return output.clone()  # what follows may change it in place

    for layer in layers(model):
        layer.register_forward_hook(keep)
    loss = batch.lost(model)
    gradients = torch.autograd.grad(loss, [activations for activations, _ in seen], allow_unused=True)
    total = 0.0
    for (activations, channels), gradient in zip(seen, gradients, strict=True):
        if gradient is not None:
            product = (activations.detach() * gradient).double().movedim(channels, -1)
            per_row = product.flatten(1, -2).sum(1) if product.ndim > 2 else product  # (rows, channels)
            total += float((per_row**2).mean(0).sum()) / 2
    return total
