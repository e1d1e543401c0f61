"""One thread for work on small matrices, where more only get in each other's way."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import cache, wraps
from threading import Lock
from typing import ParamSpec, TypeVar

import scipy.linalg  # noqa: F401  brings a linear algebra library of its own, which is to be found below
from threadpoolctl import ThreadpoolController

__all__ = ["one_thread", "single_threaded", "threads_for"]

P = ParamSpec("P")
R = TypeVar("R")

SMALL = 1000  # rows of a square matrix up to which one thread factors it as fast as two


@contextmanager
def single_threaded() -> Iterator[None]:
    """One thread of PyTorch and of NumPy's linear algebra inside the block; after it, as many as before."""
    torch = sys.modules.get("torch")  # never loaded just for this
    before = torch.get_num_threads() if torch else 0
    if torch:
        torch.set_num_threads(1)
    try:
        with _shared:
            yield
    finally:
        if torch:
            torch.set_num_threads(before)


class _Shared:
    """One thread of linear algebra while any Python thread is inside; the last to leave sets as many as before."""

    def __init__(self) -> None:
        self._lock, self._inside, self._limit = Lock(), 0, ExitStack()

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._limit.enter_context(_libraries().limit(limits=1))
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._limit.close()


_shared = _Shared()


@cache
def _libraries() -> ThreadpoolController:
    """The linear algebra libraries of NumPy and SciPy; finding them takes milliseconds."""
    return ThreadpoolController().select(user_api="blas")


def threads_for(rows: int) -> AbstractContextManager[None]:
    """For the block, one thread where square matrices have so few rows that more are no faster."""
    return single_threaded() if rows <= SMALL else nullcontext()


def one_thread(function: Callable[P, R]) -> Callable[P, R]:
    """The same function, inside `single_threaded`."""

    @wraps(function)
    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        with single_threaded():
            return function(*args, **kwargs)

    return inner
