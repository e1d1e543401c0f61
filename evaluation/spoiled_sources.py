"""Sources that tell nothing, or the opposite, to see what a meta-learner makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..data import Metric, Task
from ..spaces import UnknownNameError

__all__ = ["AS_MEASURED", "SOURCES", "spoiled"]

AS_MEASURED = "as-measured"
SOURCES = (AS_MEASURED, "shuffled", "flipped")


def spoiled(tasks: Sequence[Task], how: str, *, seed: int = 0) -> list[Task]:
    """The same architectures with other values of the objective.

    Args:
        tasks: The sources.
        how: ``"as-measured"`` changes nothing; ``"shuffled"`` permutes each source's values among its architectures,
            so that they tell nothing; ``"flipped"`` turns their sign, so that the best is the worst.
        seed: Of the permutations.

    Raises:
        UnknownNameError: ``how`` is none of these.

    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool")}).enumerate()
    >>> task = Task("mine", architectures, {"error": Metric([1.0, 2.0, 3.0, 4.0], "minimize")}, objective="error")
    >>> spoiled([task], "flipped")[0].y
    array([1., 2., 3., 4.])
    """
    if how not in SOURCES:
        raise UnknownNameError("kind of sources", how, SOURCES)
    if how == AS_MEASURED:
        return list(tasks)
    return [_changed(task, how, np.random.default_rng([seed, place])) for place, task in enumerate(tasks)]


def _changed(task: Task, how: str, rng: np.random.Generator) -> Task:
    own = task.metrics[task.objective]
    values = -own.values if how == "flipped" else rng.permutation(own.values)
    metrics = {task.objective: Metric(values, own.direction)}
    return replace(task, metrics=metrics, test_metric=None)
