"""A search on a table, where evaluations cost nothing."""

from __future__ import annotations

import numpy as np

from ..data import Task
from .arguments import check_seed, check_whole
from .evaluators import TableEvaluator
from .history import History
from .strategy import Strategy, check_strategy

__all__ = ["simulate"]


def simulate(strategy: Strategy, task: Task, budget: int, seed: int = 0) -> History:
    """Run a strategy on a task whose values are known.

    Only architectures of the task are proposed, each canonical form at most once. A missing value counts as an
    evaluation that failed.

    Args:
        strategy: What proposes.
        task: What it is scored on; its objective is what the strategy sees.
        budget: How many evaluations; the search ends earlier if the task has no more architectures.
        seed: The proposal after ``t`` evaluations draws from ``numpy.random.default_rng([seed, t])``.

    Raises:
        InputError: The budget is less than 1, or an argument is not of its kind.

    >>> from augury.data import Metric
    >>> from augury.search import RandomSearch
    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({"first": ("a", "b"), "second": ("a", "b")}).enumerate()
    >>> task = Task("mine", architectures, {"error": Metric([8.0, 4.0, 2.0, 6.0], "minimize")}, objective="error")
    >>> history = simulate(RandomSearch(), task, budget=4, seed=0)
    >>> sorted(history.y.tolist()), history.metrics["error"].max().item()
    ([-8.0, -6.0, -4.0, -2.0], 8.0)
    """
    check_strategy(strategy)
    strategy.check()
    check_whole("budget", budget)
    check_seed(seed)
    evaluate = TableEvaluator(task)
    sign = -1.0 if task.metrics[task.objective].direction == "minimize" else 1.0
    history = History.empty(task.space, candidates=task.architectures)
    while len(history) < budget:
        proposed = strategy.propose(history, 1, np.random.default_rng([seed, len(history)]))
        if not len(proposed):
            break
        metrics = evaluate(proposed[0])
        history = history.extended(proposed, sign * metrics[task.objective], metrics)
    return history
