"""The best evaluation of a study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ...spaces import Architecture
from ..history import History

__all__ = ["Best", "best_of"]


class Best(NamedTuple):
    """The best evaluation so far.

    Attributes:
        architecture: What was evaluated.
        metrics: Its metrics by name, the objective among them, in their own units.

    >>> from augury.spaces import ChoiceSpace
    >>> Best(ChoiceSpace({"layer": ("conv", "pool")}).parse("layer=pool")[0], {"valid_accuracy": 91.0})
    Best(architecture=Architecture('layer=pool'), metrics={'valid_accuracy': 91.0})
    """

    architecture: Architecture
    metrics: Mapping[str, float]


def best_of(history: History) -> Best:
    """The first of the best evaluations of a history in which something has succeeded."""
    row = int(np.nanargmax(history.y))
    metrics = {name: float(values[row]) for name, values in history.metrics.items() if np.isfinite(values[row])}
    return Best(history.architectures[row], metrics)
