"""Zero-cost proxies (``abdelfattah2021``): what a network that was never trained tells of its worth, from one batch."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ...spaces import InputError, UnknownNameError
from ...spaces.lazy import lazy

if TYPE_CHECKING:
    from torch import nn

    from .activation_patterns import naswot
    from .batch import Batch, Proxy
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
    "named",
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


def named(proxies: "Iterable[str | Proxy]") -> "dict[str, Proxy]":
    """Each proxy by its name; one of your own by that of the function, which is then asked as all are, of a copy.

    Args:
        proxies: Names, of `available`, and functions ``(model, batch) -> float``, in any order.

    Raises:
        UnknownNameError: A name is none of them.
        InputError: One is neither name nor function, or two have one name.

    >>> def depth(model, batch):
    ...     return len(list(model.modules()))
    >>> list(named(["snip", depth]))
    ['snip', 'depth']
    """
    from .batch import on_a_copy

    found: dict[str, Proxy] = {}
    for proxy in proxies:
        if not isinstance(proxy, str) and not callable(proxy):
            raise InputError(
                f"A zero-cost proxy is a name, such as 'snip', or a function (model, batch) -> float; got {proxy!r}."
            )
        name = proxy if isinstance(proxy, str) else getattr(proxy, "__name__", type(proxy).__name__)
        if isinstance(proxy, str) and name not in _PROXIES:
            raise UnknownNameError("zero-cost proxy", name, _PROXIES)
        if name in found:
            raise InputError(f"Two zero-cost proxies are called {name!r}; leave one out, or give it another __name__.")
        found[name] = __getattr__(_function(name)) if isinstance(proxy, str) else on_a_copy(proxy)
    return found


def score(model: "nn.Module", batch: "Batch", names: "Iterable[str | Proxy]" = tuple(_PROXIES)) -> dict[str, float]:
    """Proxies of one network, which stays as it is: weights, gradients, statistics and mode.

    All are such that more is thought better. Normalisation uses the batch's statistics, as in training; PyTorch's
    dropout, be it a module, a function, or that of attention and recurrent layers, drops nothing. *Weights* are the
    parameters with two or more axes: neither biases nor scales of normalisations.

    Args:
        model: A network that takes ``*batch.inputs``.
        batch: Inputs, targets and a loss.
        names: Which, of `available`, and functions ``(model, batch) -> float``, which see a copy of the network too.

    Raises:
        UnknownNameError: A name is none of them.
        InputError: One is neither name nor function, or two have one name.

    >>> import torch
    >>> from augury.encoders.proxies import Batch
    >>> model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 3))
    >>> batch = Batch((torch.randn(16, 4),), torch.zeros(16, dtype=torch.long))
    >>> score(model, batch, ["parameters", "flops"])
    {'parameters': 67.0, 'flops': 112.0}
    """
    return {name: float(proxy(model, batch)) for name, proxy in named(names).items()}


def _function(name: str) -> str:
    return name.replace("-", "_")


__getattr__, __dir__ = lazy(__name__, {"Batch": "batch"} | {_function(name): place for name, place in _PROXIES.items()})
