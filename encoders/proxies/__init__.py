"""Zero-cost proxies (``abdelfattah2021``): what a network that was never trained tells of its worth, from one batch."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ...spaces import UnknownNameError
from ...spaces.lazy import lazy

if TYPE_CHECKING:
    from torch import nn

    from .activation_patterns import naswot
    from .batch import Batch
    from .complexity import zen
    from .first_order import grad_norm, plain, snip
    from .input_jacobian import jacov
    from .multiplications import flops
    from .second_order import grasp
    from .size import l2_norm, parameters
    from .squared_sensitivity import fisher
    from .synaptic_flow import synflow

__all__ = [
    "Batch",
    "available",
    "fisher",
    "flops",
    "grad_norm",
    "grasp",
    "jacov",
    "l2_norm",
    "naswot",
    "parameters",
    "plain",
    "score",
    "snip",
    "synflow",
    "zen",
]

_PROXIES = {
    "fisher": "squared_sensitivity",
    "flops": "multiplications",
    "grad-norm": "first_order",
    "grasp": "second_order",
    "jacov": "input_jacobian",
    "l2-norm": "size",
    "naswot": "activation_patterns",
    "parameters": "size",
    "plain": "first_order",
    "snip": "first_order",
    "synflow": "synaptic_flow",
    "zen": "complexity",
}


def available() -> tuple[str, ...]:
    """The names that `score` takes."""
    return tuple(_PROXIES)


def score(model: "nn.Module", batch: "Batch", names: Iterable[str] = tuple(_PROXIES)) -> dict[str, float]:
    """Proxies of one network, which stays as it is: weights, gradients, statistics and mode.

    All are such that more is thought better. Normalisation uses the batch's statistics, as in training; nothing is
    dropped. *Weights* are the parameters with two or more axes: neither biases nor scales of normalisations.

    Args:
        model: A network that takes ``*batch.inputs``.
        batch: Inputs, targets and a loss.
        names: Which, of `available`.

    Raises:
        UnknownNameError: A name is none of them.

    >>> import torch
    >>> from augury.encoders.proxies import Batch
    >>> model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 3))
    >>> batch = Batch((torch.randn(16, 4),), torch.zeros(16, dtype=torch.long))
    >>> score(model, batch, ["parameters", "flops"])
    {'parameters': 67.0, 'flops': 112.0}
    """
    names = list(names)
    for name in names:
        if name not in _PROXIES:
            raise UnknownNameError("zero-cost proxy", name, _PROXIES)
    return {name: float(__getattr__(_function(name))(model, batch)) for name in names}


def _function(name: str) -> str:
    return name.replace("-", "_")


__getattr__, __dir__ = lazy(__name__, {"Batch": "batch"} | {_function(name): place for name, place in _PROXIES.items()})
