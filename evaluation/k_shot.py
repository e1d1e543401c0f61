"""How well meta-learners order a new task's architectures, by the number of its evaluations: leave one task out."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import joblib
import numpy as np
import pandas as pd

from ..meta.leave_out import other_tasks
from ..predictors import make
from ..spaces import InputError, UnknownNameError
from .contestants import check_mapping, checked_seeds, checked_sizes, makers
from .held_out import OF_VALUES, held_out_scores, predicted
from .ranking import SupportsFitPredict

if TYPE_CHECKING:
    from ..data import Task
    from ..meta import MetaLearner

__all__ = ["rank_meta_learners"]

COLD = {"cold auto": partial(make, "auto")}


def rank_meta_learners(
    learners: Mapping[str, Callable[[], MetaLearner] | MetaLearner],
    tasks: Mapping[str, Task],
    sizes: Sequence[int],
    seeds: Iterable[int],
    *,
    targets: Sequence[str] | None = None,
    source_size: int | None = None,
    cold: Mapping[str, Callable[[], SupportsFitPredict] | SupportsFitPredict] = COLD,
    n_test: int = 2000,
    n_jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Kendall's tau on held-out architectures after ``k`` evaluations of each task in turn, the others being sources.

    One seed draws the order of a target's canonical forms once: all methods have the same support and the same test
    architectures, smaller supports lie within larger ones, and no canonical form is on both sides.

    Columns: ``method``, ``target``, ``seed``, ``k``, ``n_test``, ``kendall_tau``, ``spearman``, ``rmse``, ``coverage``,
    ``nll`` and ``sharpness`` as `rank_predictors` tells them, the last four NaN where ``k = 0``, as nothing is known of
    the target's values then; ``fit_seconds`` (of learning from the sources; about 0 for cold predictors),
    ``adapt_seconds`` (of learning from the support and predicting).

    Args:
        learners: Name → a meta-learner, of which clones are fitted, or what makes a new, unfitted one.
        tasks: Name → task, all of one space; missing values of a target are left out.
        sizes: How many evaluations of the target are known, ``k``; may be 0.
        seeds: One support for each, and one draw of the sources' evaluations if ``source_size`` is given.
        targets: The tasks that are left out, by name; by default all that measured at least half of what the largest
            did (`augury.meta.other_tasks`), which are the ones that are learned from.
        source_size: At most so many evaluations of each source, of distinct canonical forms; by default all.
        cold: The same of predictors that know of no source, from ``k = 1`` on; none if empty.
        n_test: How many distinct architectures to test on, at most.
        n_jobs: Processes, as joblib counts them.
        progress: Called with (done, total) after each method has been through the sizes of a target, and of a seed
            where each seed has sources of its own.

    Raises:
        InputError: Nothing to rank, an argument is not of its kind, two methods have one name, a target is too small
            for the largest size, or there is no source besides it.
        UnknownNameError: A target is not among the tasks.

    >>> import augury
    >>> from augury.data import Metric
    >>> space = augury.spaces.ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)})
    >>> everything, metric = space.enumerate(), lambda y: {"accuracy": Metric(y, "maximize")}
    >>> tasks = {
    ...     name: augury.Task(name, everything, metric(everything.genotypes @ [1.0, 2.0, 0.5, last]), "accuracy")
    ...     for name, last in (("one", 0.0), ("two", 0.5), ("three", 1.0))
    ... }
    >>> learners = {"portfolio": lambda: augury.meta.make("portfolio", points=40)}
    >>> frame = rank_meta_learners(learners, tasks, sizes=[0, 5], seeds=[0], cold={})
    >>> frame[["target", "k", "n_test"]].to_numpy().tolist()[:2], bool(frame["kendall_tau"].min() > 0.7)
    ([['one', 0, 76], ['one', 5, 76]], True)
    """
    new_learners, new_predictors = makers("learners", learners), makers("cold", cold)
    check_mapping("tasks", tasks, "{task.name: task}")
    seeds, sizes = checked_seeds(seeds), checked_sizes(sizes)
    if targets is None:
        known = other_tasks(tasks) if tasks else []
        targets = [name for name, task in tasks.items() if any(task is other for other in known)]
    if not learners or not targets or not seeds or not sizes or sizes[0] < 0 or n_test < 2:
        raise InputError(
            "Ranking takes at least one meta-learner, target, seed and size of 0 or more, and 2 to test on; got "
            f"{list(learners)}, {list(targets)}, seeds {seeds}, sizes {sizes} and n_test={n_test!r}."
        )
    if both := sorted(set(learners) & set(cold)):
        raise InputError(f"Methods are told apart by name; a meta-learner and a cold predictor are both called {both}.")
    splits = {(target, seed): _split(tasks, target, sizes[-1], n_test, seed) for target in targets for seed in seeds}
    jobs = []
    for (name, new_learner), target in itertools.product(new_learners.items(), targets):
        for some in [[seed] for seed in seeds] if source_size else [seeds]:  # whole sources are learned once
            begin = partial(_from_sources, new_learner, other_tasks(tasks, target, n=source_size, seed=some[0]))
            jobs.append((begin, {seed: splits[target, seed] for seed in some}, sizes, (name, target)))
    for (name, new_predictor), target in itertools.product(new_predictors.items(), targets):
        own = {seed: splits[target, seed] for seed in seeds}
        jobs.append((partial(_from_nothing, new_predictor), own, [k for k in sizes if k], (name, target)))
    delayed = (joblib.delayed(_score)(*job) for job in jobs)
    rows: list[dict[str, object]] = []
    for done, part in enumerate(joblib.Parallel(n_jobs=n_jobs, return_as="generator")(delayed), start=1):
        rows += part
        if progress is not None:
            progress(done, len(jobs))
    return pd.DataFrame(rows)


def _split(tasks: Mapping[str, Task], target: str, largest: int, n_test: int, seed: int) -> tuple[Task, Task]:
    """``largest`` distinct architectures in random order, and up to ``n_test`` distinct others."""
    if target not in tasks:
        raise UnknownNameError("task", target, tasks)
    task = tasks[target]
    task = task.select(np.flatnonzero(np.isfinite(task.y)))
    task = task.select(task.architectures.distinct())
    if len(task) < largest + 2:
        raise InputError(
            f"The task {target!r} has {len(task)} distinct architectures with a value, too few for {largest} that are "
            "known and 2 to test on; give smaller sizes, or leave it out of the targets."
        )
    order = np.random.default_rng([seed, 1000]).permutation(len(task))
    return task.select(order[:largest]), task.select(order[max(largest, len(task) - n_test) :])


def _from_sources(
    new_learner: Callable[[], MetaLearner], sources: Sequence[Task]
) -> Callable[[Task], SupportsFitPredict]:
    """Learns from the sources, and gives what adapts to a support."""
    learner = new_learner().fit(sources)
    return lambda support: learner.adapt(support.architectures, support.y)


def _from_nothing(new_predictor: Callable[[], SupportsFitPredict]) -> Callable[[Task], SupportsFitPredict]:
    def fitted(support: Task) -> SupportsFitPredict:
        predictor = new_predictor()
        predictor.fit(support.architectures, support.y)
        return predictor

    return fitted


def _score(
    begin: Callable[[], Callable[[Task], SupportsFitPredict]],
    splits: Mapping[int, tuple[Task, Task]],
    sizes: Sequence[int],
    cell: tuple[str, str],
) -> list[dict[str, object]]:
    """The rows of one method on one target."""
    start = time.perf_counter()
    adapt = begin()
    fit_seconds = time.perf_counter() - start
    rows: list[dict[str, object]] = []
    for seed, (support, test) in splits.items():
        for k in sizes:
            start = time.perf_counter()
            mean, std = predicted(adapt(support.select(np.arange(k))), test.architectures)
            seconds = time.perf_counter() - start
            scores = held_out_scores(test.y, mean, std)
            rows.append(
                {
                    **dict(zip(("method", "target"), cell, strict=True)),
                    "seed": seed,
                    "k": k,
                    "n_test": len(test),
                    **(scores if k else scores | dict.fromkeys(OF_VALUES, math.nan)),
                    "fit_seconds": fit_seconds,
                    "adapt_seconds": seconds,
                }
            )
    return rows
