"""Optuna without its announcements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import optuna

__all__ = ["quiet"]


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps Optuna from announcing every step, within the scope only."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(max(before, optuna.logging.WARNING))
    try:
        yield
    finally:
        optuna.logging.set_verbosity(before)
