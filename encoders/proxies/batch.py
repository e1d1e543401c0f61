"""One batch of data, and a copy of a network to try it on."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import cross_entropy

from ...spaces import InputError
from ..threads import single_threaded
from .dropout import NothingDropped, without_dropout

__all__ = ["Batch", "Proxy", "compared", "layers", "on_a_copy", "weights"]

MOST_COMPARED = 256  # rows that are compared with each other, which bounds time and memory


@dataclass(frozen=True, eq=False)
class Batch:
    """What a network is given once.

    Attributes:
        inputs: What ``model(*inputs)`` takes; the first is floating, with one row an image, or one row a node of a
            graph, whose edges then follow.
        targets: What the loss takes besides the network's output.
        loss: ``loss(output, targets)``, a scalar; cross entropy unless another is given.

    Raises:
        InputError: There is no input, or the first has no row or no floating numbers.
    """

    inputs: tuple[Tensor, ...]
    targets: Tensor
    loss: Callable[[Tensor, Tensor], Tensor] = field(default=cross_entropy)

    def __post_init__(self) -> None:
        object.__setattr__(self, "inputs", tuple(self.inputs))
        if not self.inputs or not torch.is_floating_point(self.inputs[0]) or not len(self.inputs[0]):
            given = [f"{tuple(x.shape)} {x.dtype}" for x in self.inputs]
            raise InputError(
                f"The first input of a batch is a floating tensor with one row a sample; got {given or 'none'}. "
                "Give Batch((x,), targets), or for a graph Batch((x, edge_index), targets)."
            )

    @property
    def rows(self) -> int:
        """How many rows the first input has."""
        return len(self.inputs[0])

    def with_first(self, x: Tensor) -> tuple[Tensor, ...]:
        """The inputs with another first one."""
        return (x, *self.inputs[1:])

    def lost(self, model: nn.Module) -> Tensor:
        """The loss of a network, a scalar."""
        return self.loss(model(*self.inputs), self.targets)


Proxy = Callable[[nn.Module, Batch], float | Tensor]


def on_a_copy(proxy: Proxy) -> Callable[[nn.Module, Batch], float]:
    """The same proxy of a copy of the network, in training mode without PyTorch's dropout, with fixed randomness.

    Attention is worked out by matrix products, which can be counted and differentiated twice, as faster ways cannot.
    """

    @wraps(proxy)
    def inner(model: nn.Module, batch: Batch) -> float:
        tried = without_dropout(copy.deepcopy(model).requires_grad_(True).train())
        tried.zero_grad()
        with _repeatable(), torch.enable_grad(), sdpa_kernel(SDPBackend.MATH), NothingDropped():
            value = proxy(tried, batch)
            return float(value.detach() if isinstance(value, Tensor) else value)

    return inner


@contextmanager
def _repeatable() -> Iterator[None]:
    """The same random numbers and order of sums each time; what was set before is set again."""
    with single_threaded(), torch.random.fork_rng():
        torch.manual_seed(0)
        yield


def weights(model: nn.Module) -> list[nn.Parameter]:
    """The parameters with two or more axes."""
    return [parameter for parameter in model.parameters() if parameter.ndim > 1]


def layers(model: nn.Module) -> list[nn.Module]:
    """The modules that hold weights of their own."""
    return [m for m in model.modules() if any(own.ndim > 1 for own in m.parameters(recurse=False))]


def compared(rows: int) -> npt.NDArray[np.int64]:
    """All rows, or 256 of them, evenly spaced, where there are more.

    >>> compared(3).tolist(), len(compared(1000)), int(compared(1000)[-1])
    ([0, 1, 2], 256, 999)
    """
    return np.linspace(0, rows - 1, min(rows, MOST_COMPARED)).round().astype(np.int64)
