"""How far apart a network moves inputs that are close together."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from .batch import Batch, on_a_copy

__all__ = ["zen"]

STEP = 0.01
LEAST = 1e-30  # stands for a distance or a variance of zero


@on_a_copy
def zen(model: nn.Module, batch: Batch) -> float:
    """The Zen score (``lin2021``), ``ln E ‖f(x) − f(x + ε / 100)‖ + Σ ln σ`` with normal ``x`` and ``ε``.

    The sum is over batch normalisations, ``σ²`` being the mean over channels of the variances of what each is given;
    it puts back what they divide away. The paper takes ``f`` before global pooling and with normal weights; here it
    is the whole network as it is. The expectation is over as many draws as the batch has rows.

    Args:
        model: The network.
        batch: Only the shape of its first input is looked at, and the others as they are.
    """
    logs: list[float] = []

    def note(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        x = inputs[0].detach().double()
        variances = x.movedim(1, 0).flatten(1).var(dim=1, unbiased=False)
        logs.append(math.log(max(float(variances.mean()), LEAST)) / 2)

    hooks = [m.register_forward_pre_hook(note) for m in model.modules() if isinstance(m, _BatchNorm)]
    x = torch.randn(batch.inputs[0].shape, dtype=batch.inputs[0].dtype)
    near = x + STEP * torch.randn(x.shape, dtype=x.dtype)
    device = batch.inputs[0].device
    with torch.no_grad():
        first = model(*batch.with_first(x.to(device)))
        for hook in hooks:
            hook.remove()
        second = model(*batch.with_first(near.to(device)))
    apart = (first - second).double().flatten(1).norm(dim=1).mean()
    return math.log(max(float(apart), LEAST)) + sum(logs)
