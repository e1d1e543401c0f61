"""A network's weights out of named arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

__all__ = ["restore_network"]


def restore_network(network: nn.Module, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Give a network the weights of the same names; raises `ValueError` where one is missing or of another shape."""
    own = network.state_dict()
    for name, tensor in own.items():
        expected = tuple(tensor.shape) or (1,)  # a file has no arrays without an axis
        if np.atleast_1d(arrays[name]).shape != expected:
            raise ValueError(f"{name!r} has shape {arrays[name].shape}, not {expected}")
    network.load_state_dict(
        {name: torch.from_numpy(arrays[name].copy()).reshape(tensor.shape) for name, tensor in own.items()}
    )
