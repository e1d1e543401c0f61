"""Steps that an interrupt does not break off half way."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["uninterrupted"]


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Puts an interrupt (Ctrl-C, a closed terminal) off to the end of what is done meanwhile; a second one is heeded.

    A transaction that is broken off keeps its cursor, and so its lock on an SQLite file, for as long as the interrupt
    is being dealt with; and to deal with it, the study writes to that file. Also a decorator.

    >>> import signal
    >>> before = signal.signal(signal.SIGINT, signal.default_int_handler)
    >>> steps = []
    >>> try:
    ...     with uninterrupted():
    ...         signal.raise_signal(signal.SIGINT)
    ...         steps.append("the rest is done")
    ... except KeyboardInterrupt:
    ...     steps.append("then it is interrupted")
    >>> steps
    ['the rest is done', 'then it is interrupted']
    >>> _ = signal.signal(signal.SIGINT, before)
    """
    handlers: dict[int, Callable[[int, FrameType | None], object]] = {}
    came: list[int] = []
    over = False

    def put_off(number: int, frame: FrameType | None) -> None:
        if over or came:
            handlers[number](number, frame)
        else:
            came.append(number)

    if threading.current_thread() is threading.main_thread():  # others are not interrupted
        for number in [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]:
            if callable(handler := signal.getsignal(number)):  # neither ignored nor the end of the process
                handlers[number] = handler
    try:
        for number in handlers:
            signal.signal(number, put_off)
        yield
    finally:
        over = True
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for number in came:
            signal.raise_signal(number)
