"""The tasks of a benchmark to learn from before another one is searched."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..data import Task
from ..spaces import InputError, UnknownNameError
from ..spaces.arguments import whole_number

__all__ = ["LEAST", "other_tasks"]

LEAST = 0.5


def other_tasks(
    benchmark: Mapping[str, Task],
    target: str | None = None,
    *,
    n: int | None = None,
    seed: int = 0,
    least: float = LEAST,
) -> list[Task]:
    """All tasks but the target, and but those that measured less than half of what the largest did, or another share.

    A task that measured a chosen part of the space, as NAS-Bench-Graph's proteins, says little of the rest; to learn
    from it nevertheless, name it: ``[*other_tasks(benchmark, "cora"), benchmark["proteins"]]``.

    Args:
        benchmark: Name → task, all of one space.
        target: The task that is to be searched; None if it is none of these.
        n: At most so many evaluations of each, of distinct canonical forms, as if those were all that had been made;
            None: all.
        seed: Of the draw, which is the same whatever the target.
        least: The share of what the largest did; 0 leaves out none.

    Raises:
        UnknownNameError: The target is not in the benchmark.
        InputError: Nothing is left, or ``n`` is no whole number of 1 or more.

    >>> from augury.data import Metric
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool")})
    >>> metrics = {"accuracy": Metric(np.arange(4.0), "maximize")}
    >>> tasks = {name: Task(name, space.enumerate(), metrics, objective="accuracy") for name in ("a", "b", "c")}
    >>> [(task.name, len(task)) for task in other_tasks(tasks, "b", n=2)]
    [('a', 2), ('c', 2)]
    """
    if target is not None and target not in benchmark:
        raise UnknownNameError("task", target, benchmark)
    largest = max(map(len, benchmark.values()), default=0)
    sources = [
        (place, task)
        for place, (name, task) in enumerate(benchmark.items())
        if name != target and len(task) >= least * largest
    ]
    if not sources:
        raise InputError(f"Besides {target!r} there is no task to learn from; choose a benchmark with several tasks.")
    if n is None:
        return [task for _, task in sources]
    n = whole_number(n, "n", least=1)
    return [task.sample(min(n, _forms(task)), np.random.default_rng([seed, place])) for place, task in sources]


def _forms(task: Task) -> int:
    """How many canonical forms have a value."""
    return len(np.unique(task._forms[~np.isnan(task.y)]))
