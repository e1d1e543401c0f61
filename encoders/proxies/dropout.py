"""A network that drops nothing, though it is in training mode."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

__all__ = ["NothingDropped", "without_dropout"]

DROPOUTS = {
    functional.dropout, functional.dropout1d, functional.dropout2d, functional.dropout3d, functional.alpha_dropout,
    functional.feature_alpha_dropout, torch.dropout, torch.dropout_, torch.feature_dropout, torch.feature_dropout_,
    torch.alpha_dropout, torch.alpha_dropout_, torch.feature_alpha_dropout, torch.feature_alpha_dropout_,
}  # fmt: skip
# where each of these takes the share that it drops
DROPOUT_P = {functional.scaled_dot_product_attention: 4, functional.multi_head_attention_forward: 10}


def without_dropout(model: nn.Module) -> nn.Module:
    """The same network, of which modules for dropout and recurrent layers no longer drop anything.

    Args:
        model: The network, which is changed.

    >>> without_dropout(nn.Sequential(nn.Dropout(0.5)))(torch.ones(3)).tolist()
    [1.0, 1.0, 1.0]
    """
    for module in model.modules():
        if isinstance(module, nn.modules.dropout._DropoutNd):
            module.eval()
        elif isinstance(module, nn.RNNBase):
            module.dropout = 0.0
    return model


class NothingDropped(TorchFunctionMode):
    """Inside the block PyTorch's functions for dropout give back their input, and its attention drops nothing.

    >>> with NothingDropped():
    ...     functional.dropout(torch.ones(3), p=0.5, training=True).tolist()
    [1.0, 1.0, 1.0]
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        named = dict(kwargs or {})
        if func in DROPOUTS:
            return args[0] if args else named["input"]
        place = DROPOUT_P.get(func)
        if place is not None and len(args) > place:
            args = (*args[:place], 0.0, *args[place + 1 :])
        elif place is not None:
            named["dropout_p"] = 0.0
        return func(*args, **named)
