"""One PyTorch thread for work on small tensors, where more only get in each other's way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

import torch

__all__ = ["one_thread", "single_threaded"]

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def single_threaded() -> Iterator[None]:
    """One PyTorch thread inside the block; what was set before is set again after it."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def one_thread(function: Callable[P, R]) -> Callable[P, R]:
    """The same function, inside `single_threaded`."""

    @wraps(function)
    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        with single_threaded():
            return function(*args, **kwargs)

    return inner
