"""How well rectifiers tell the inputs apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from .batch import Batch, compared, on_a_copy

__all__ = ["naswot"]

F = nn.functional
RECTIFIERS = {torch.relu, torch.relu_, Tensor.relu, Tensor.relu_, F.relu, F.relu_, F.relu6}
CLIPPERS = {  # which are rectifiers where they clip at zero: nn.ReLU6 calls hardtanh
    F.hardtanh: "min_val", F.hardtanh_: "min_val",
    torch.clamp: "min", torch.clamp_: "min", Tensor.clamp: "min", Tensor.clamp_: "min",
    torch.clip: "min", torch.clip_: "min", Tensor.clip: "min", Tensor.clip_: "min",
    torch.clamp_min: "min", torch.clamp_min_: "min", Tensor.clamp_min: "min", Tensor.clamp_min_: "min",
}  # fmt: skip
RIDGE = 1e-6  # added to the diagonal, so that equal patterns give a low score and not minus infinity


@on_a_copy
def naswot(model: nn.Module, batch: Batch) -> float:
    """The log-determinant of the kernel of activation patterns (``mellor2021``).

    Each rectifier is on or off for an input; the kernel of two inputs counts the rectifiers in which they agree. A
    rectified tensor counts if one of its axes is as long as the batch, the first of these being that of the inputs.
    Of more than 256 rows, 256 evenly spaced ones are compared.

    Args:
        model: The network; its rectifiers may be modules or functions.
        batch: Its inputs; targets are not looked at.
    """
    watch = _Rectified(batch.rows)
    with torch.no_grad(), watch:
        model(*batch.inputs)
    kernel = watch.kernel + RIDGE * np.eye(len(watch.kernel))
    return float(np.linalg.slogdet(kernel)[1])


class _Rectified(TorchFunctionMode):
    """Adds up the kernel at every call of a rectifier."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.rows = rows
        self.compared = torch.from_numpy(compared(rows))
        self.kernel = np.zeros((len(self.compared), len(self.compared)))

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        output = func(*args, **(kwargs or {}))
        if _rectifies(func, args, kwargs or {}) and self.rows in output.shape:
            axis = tuple(output.shape).index(self.rows)
            on = (output.movedim(axis, 0)[self.compared.to(output.device)] > 0).flatten(1).double().cpu().numpy()
            self.kernel += on @ on.T + (1 - on) @ (1 - on).T
        return output


def _rectifies(func: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool:
    """Whether it sets what is below zero to zero."""
    if func not in CLIPPERS:
        return func in RECTIFIERS
    lowest = args[1] if len(args) > 1 else kwargs.get(CLIPPERS[func])
    return isinstance(lowest, int | float) and lowest == 0
