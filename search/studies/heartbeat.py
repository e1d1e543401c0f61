"""Signs of life of a running trial, for workers on other hosts to see."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from optuna.storages import BaseStorage

from ..uninterrupted import uninterrupted

__all__ = ["heartbeat"]

logger = logging.getLogger("augury")


@contextmanager
def heartbeat(storage: BaseStorage, trial_id: int) -> Iterator[None]:
    """Records Optuna's heartbeat at once and then at the storage's interval, if it keeps heartbeats at all.

    Optuna itself does so within its own ``optimize`` only.

    Args:
        storage: Where the trial is.
        trial_id: The trial's identifier there.
    """
    interval = getattr(storage, "get_heartbeat_interval", lambda: None)()
    if interval is None:
        yield
        return
    beat = storage.record_heartbeat  # type: ignore[attr-defined]  # a storage with an interval has it
    done = threading.Event()

    def keep_beating() -> None:
        while not done.wait(interval):
            try:
                beat(trial_id)
            except Exception as error:  # one missed beat does no harm; the next may come through
                logger.warning("A heartbeat failed: %s", error)

    with uninterrupted():
        beat(trial_id)
    thread = threading.Thread(target=keep_beating, name="augury heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
