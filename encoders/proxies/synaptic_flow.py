"""How much flows through a network if all its weights are positive."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _NormBase

from .batch import Batch, on_a_copy, weights

__all__ = ["synflow"]

NORMALISATIONS = (_NormBase, nn.LayerNorm, nn.GroupNorm, nn.RMSNorm)
OF_GRAPHS = "torch_geometric.nn.norm."  # where PyTorch Geometric has its own


@on_a_copy
def synflow(model: nn.Module, batch: Batch) -> float:
    """Synaptic flow (``tanaka2020``), ``Σ |w · ∂R/∂w|`` over all weights.

    ``R`` is the sum of the outputs for an input of ones when every weight is replaced by its absolute value, a row of
    the batch. Biases are zero and normalisations left out, as ``abdelfattah2021`` found to be better: the modules of
    PyTorch and PyTorch Geometric. Of other parameters with one axis, those with ``bias`` in their name are biases, the
    rest scales, which are one. In float64.

    Args:
        model: The network.
        batch: Only the shape of its first input is looked at, and the others as they are.
    """
    model = model.double()
    if _normalises(model):
        return 0.0
    for module in list(model.modules()):
        for name, child in module.named_children():
            if _normalises(child):
                setattr(module, name, _Unchanged())
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.ndim > 1:
                parameter.abs_()
            else:
                parameter.fill_(0 if "bias" in name.rpartition(".")[2] else 1)
    x = torch.ones_like(batch.inputs[0], dtype=torch.float64)
    others = [other.double() if torch.is_floating_point(other) else other for other in batch.inputs[1:]]
    flow = model(x, *others).sum() / batch.rows
    held = weights(model)
    gradients = torch.autograd.grad(flow, held, allow_unused=True)
    return float(sum((w.detach() * g).abs().sum() for w, g in zip(held, gradients, strict=True) if g is not None))


class _Unchanged(nn.Module):
    """Gives back its first input, whatever else it is told, such as which graph each node is of."""

    def forward(self, x: Tensor, *_: object, **__: object) -> Tensor:
        return x


def _normalises(module: nn.Module) -> bool:
    """Whether it is a normalisation; one of messages is not, as it changes its second input by its first."""
    if isinstance(module, NORMALISATIONS):
        return True
    classes = type(module).__mro__  # looked at by name, as PyTorch Geometric takes seconds to import
    return any(c.__module__.startswith(OF_GRAPHS) and c.__name__ != "MessageNorm" for c in classes)
