"""What the curvature of the loss says of the weights."""

from __future__ import annotations

import torch
from torch import nn

from .batch import Batch, on_a_copy, weights

__all__ = ["grasp"]


@on_a_copy
def grasp(model: nn.Module, batch: Batch) -> float:
    """Gradient signal preservation (``wang2020``), ``−wᵀ H g`` added up over all weights ``w``.

    ``g`` is the loss's gradient and ``H`` its Hessian, both with respect to the weights; their product is the
    gradient of ``gᵀ g'`` where ``g'`` counts as constant.

    Args:
        model: The network.
        batch: Inputs, targets and the loss.
    """
    held = weights(model)
    gradients = torch.autograd.grad(batch.lost(model), held, create_graph=True, allow_unused=True)
    pairs = [(weight, g) for weight, g in zip(held, gradients, strict=True) if g is not None and g.requires_grad]
    if not pairs:
        return 0.0
    squared = torch.stack([(g * g.detach()).sum() for _, g in pairs]).sum()
    products = torch.autograd.grad(squared, [weight for weight, _ in pairs], allow_unused=True)
    terms = [(w.detach() * p).double().sum() for (w, _), p in zip(pairs, products, strict=True) if p is not None]
    return -float(sum(terms))
