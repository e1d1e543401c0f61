"""Strategies against each other: every one on every task with every seed, in parallel, resumable."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import joblib
import numpy as np
import numpy.typing as npt
import pandas as pd

from ..search.arguments import check_kind
from ..search.history import History
from ..search.simulation import simulate
from ..search.strategy import Strategy
from ..spaces import Architectures, InputError
from ..spaces.factory import space_to_json
from .contestants import check_folder, check_mapping, checked_seeds
from .metrics import normalised_regret
from .parameter_content import parameter_content
from .results import COLUMNS, read, trials, write

if TYPE_CHECKING:
    from ..data import Task

__all__ = ["StrategyFor", "compare"]

StrategyFor = Strategy | Callable[[str], Strategy]
"""A strategy, or what makes one for the name of a target task: a warm one learnt from the other tasks."""


def compare(
    strategies: Mapping[str, StrategyFor],
    tasks: Mapping[str, Task],
    budget: int,
    seeds: Iterable[int],
    *,
    n_jobs: int = 1,
    checkpoint: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Every strategy on every task with every seed, each a simulated search.

    Columns: ``strategy``, ``task``, ``seed``, ``evaluation`` (from 1), ``architecture`` (as text), ``y``, ``best`` so
    far, ``regret`` of the best so far (`normalised_regret`; before the first success, that of the task's worst),
    ``test`` (the task's test metric of the best so far, in its own unit), ``failed``, and ``seconds`` that the
    strategy took to propose this one. All but the seconds depend on the arguments alone.

    A search evaluates one row of each canonical form, by chance. Where rows of a form differ in their values, it may
    miss the largest, so the best that regret is measured against is the largest value that a search of all forms finds
    whichever rows it takes; who is luckier has a regret of 0 too.

    Args:
        strategies: Name → a strategy, or a function from the name of the target task to one. The function is called
            once a task, and only if something is left to run on it.
        tasks: Name → task.
        budget: Evaluations a search.
        seeds: One search for each.
        n_jobs: Processes, as joblib counts them; -1 for all cores.
        checkpoint: A folder. Each finished search is a file in it at once, and is not run again; files belong to the
            names, the budget, the seed, the tasks' metrics and, for a strategy given as such, its parameters, where a
            function or class counts by the name it is imported by. A function that now makes another strategy, or a
            strategy with a meta-learner of other sources, needs another name or another folder.
        progress: Called with (steps done, steps in all), first with those that a checkpoint saves; a step is a search,
            or the making of a strategy by a function.

    Raises:
        InputError: There is nothing to compare, an argument is not of its kind, the budget is below 1, a task's median
            is its best, or there is a checkpoint and a strategy has a parameter that is neither data nor imported.

    >>> import augury
    >>> space = augury.spaces.ChoiceSpace({"first": ("a", "b", "c"), "second": ("a", "b", "c")})
    >>> table = pd.DataFrame({"arch": space.enumerate().format(), "accuracy": np.arange(9.0)})
    >>> metrics = {"accuracy": "maximize"}
    >>> task = augury.Task.from_table(
    ...     table, space=space, architecture="arch", metrics=metrics, objective="accuracy", name="nine"
    ... )
    >>> frame = compare({"random": augury.search.make("random")}, {"nine": task}, budget=9, seeds=[0, 1])
    >>> len(frame), float(frame["regret"].iloc[-1])
    (18, 0.0)
    """
    check_mapping("strategies", strategies, "{'random': augury.search.make('random')}")
    check_mapping("tasks", tasks, "{task.name: task}")
    for name, strategy in strategies.items():
        if not callable(strategy) or isinstance(strategy, type):  # a class makes nothing of a task's name
            example = f"{strategy.__name__}()" if isinstance(strategy, type) else f"augury.search.make({name!r})"
            check_kind(f"strategies[{name!r}]", strategy, Strategy, example)
            assert isinstance(strategy, Strategy), "checked above"
            strategy.check()
    strategies, tasks, seeds = dict(strategies), dict(tasks), checked_seeds(seeds)
    if not strategies or not tasks or not seeds:
        raise InputError(
            "A comparison takes at least one strategy, one task and one seed; "
            f"got {len(strategies)}, {len(tasks)} and {len(seeds)}."
        )
    if budget < 1:
        raise InputError(f"The budget is how many evaluations a search has, at least 1; got {budget!r}.")
    scales = {name: _Scale.of(name, task) for name, task in tasks.items()}
    cells = [(s, t, seed) for s in strategies for t in tasks for seed in seeds]
    parts: dict[tuple[str, str, int], Path | None] = dict.fromkeys(cells)
    if checkpoint is not None:
        check_folder("checkpoint", checkpoint)
        settings = {name: _settings(name, strategy) for name, strategy in strategies.items()}
        digests = {name: _digest(task) for name, task in tasks.items()}
        for s, t, seed in cells:
            identity = [s, settings[s], t, digests[t], seed, budget]
            parts[s, t, seed] = Path(checkpoint) / _file_name(s, t, seed, identity)
    frames = {cell: read(part) for cell, part in parts.items() if part is not None and part.exists()}

    todo = [cell for cell in cells if cell not in frames]
    pairs = list(dict.fromkeys((s, t) for s, t, _ in todo))
    to_make = [(s, t) for s, t in pairs if not isinstance(strategies[s], Strategy)]
    steps = _Steps(len(frames), len(cells) + len(to_make), progress)
    parallel = joblib.Parallel(n_jobs=n_jobs, return_as="generator_unordered")
    ready = {(s, t): strategies[s] for s, t in pairs}
    for pair, made in parallel(joblib.delayed(_make)(strategies[s], s, t) for s, t in to_make):
        ready[pair] = made
        steps.advance()
    jobs = (
        joblib.delayed(_run)(ready[s, t], tasks[t], scales[t], budget, (s, t, seed), parts[s, t, seed])
        for s, t, seed in todo
    )
    for cell, frame in parallel(jobs):
        frames[cell] = frame
        steps.advance()
    return pd.concat([frames[cell] for cell in cells], ignore_index=True)


@dataclass(frozen=True)
class _Scale:
    """What a task's values are measured against."""

    best: float
    median: float
    worst: float

    @classmethod
    def of(cls, name: str, task: Task) -> _Scale:
        y = task.y[np.isfinite(task.y)]
        if not len(y):
            raise InputError(f"The task {name!r} has no value of its objective; leave it out.")
        scale = cls(_sure_best(task), float(np.median(y)), float(y.min()))
        try:
            scale.regret(np.zeros(0))
        except InputError as error:
            raise InputError(f"The task {name!r}: {error}") from error
        return scale

    def regret(self, best_so_far: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        held = np.where(np.isnan(best_so_far), self.worst, best_so_far)
        return np.maximum(normalised_regret(self.best, held, self.median), 0.0)


def _sure_best(task: Task) -> float:
    """The largest value that one row of each canonical form holds, whichever; the largest of all if none is sure."""
    least = np.full(task._forms.max() + 1, np.inf)
    np.minimum.at(least, task._forms, np.where(np.isnan(task.y), -np.inf, task.y))
    return float(least.max() if np.isfinite(least.max()) else np.nanmax(task.y))


@dataclass
class _Steps:
    """How much is done, told to whoever asked."""

    done: int
    total: int
    tell: Callable[[int, int], None] | None

    def __post_init__(self) -> None:
        if self.tell is not None:
            self.tell(self.done, self.total)

    def advance(self) -> None:
        self.done += 1
        if self.tell is not None:
            self.tell(self.done, self.total)


class _Timed(Strategy):
    """A strategy, with a note of how long each proposal took."""

    def __init__(self, *, strategy: Strategy) -> None:
        self.strategy = strategy
        self.seconds: list[float] = []

    def _propose(self, history: History, n: int, rng: np.random.Generator) -> Architectures:
        start = time.perf_counter()
        proposed = self.strategy.propose(history, n, rng)
        each = (time.perf_counter() - start) / max(len(proposed), 1)
        self.seconds.extend([each] * len(proposed))
        return proposed


def _make(make: Callable[[str], Strategy], name: str, task: str) -> tuple[tuple[str, str], Strategy]:
    try:
        return (name, task), make(task)
    except Exception as error:
        error.add_note(f"This happened while {name!r} was made for the task {task!r}.")
        raise


def _run(
    strategy: Strategy, task: Task, scale: _Scale, budget: int, cell: tuple[str, str, int], part: Path | None
) -> tuple[tuple[str, str, int], pd.DataFrame]:
    """One simulated search, as rows; written before they are given back."""
    name, task_name, seed = cell
    timed = _Timed(strategy=strategy)
    try:
        history = simulate(timed, task, budget=budget, seed=seed)
    except Exception as error:
        error.add_note(f"This happened while {name!r} searched {task_name!r} with seed {seed}.")
        raise
    frame = trials(history, test=task.test_metric)
    known = len(timed.seconds) == len(frame)
    frame = frame.assign(
        strategy=pd.Series([name] * len(frame), dtype="str"),
        task=pd.Series([task_name] * len(frame), dtype="str"),
        seed=np.int64(seed),
        regret=scale.regret(frame["best"].to_numpy()),
        seconds=timed.seconds if known else np.nan,
    )[list(COLUMNS)]
    if part is not None:
        write(frame, part)
    return cell, frame


def _settings(name: str, strategy: StrategyFor) -> list[object]:
    """What can be told of a strategy without running it."""
    return [parameter_content(f"strategies[{name!r}]", strategy)] if isinstance(strategy, Strategy) else []


def _digest(task: Task) -> str:
    """Of all that a search on the task, and what is told of it, may depend on."""
    metrics = [(name, metric.direction) for name, metric in task.metrics.items()]
    told = [space_to_json(task.space), task.objective, task.test_metric, metrics]
    content = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
    for metric in task.metrics.values():
        content.update(metric.values.tobytes())
    content.update(task.architectures.genotypes.tobytes())
    return content.hexdigest()


def _file_name(strategy: str, task: str, seed: int, identity: list[object]) -> str:
    """Readable, and safe whatever the names hold; the digest tells cells apart."""
    digest = hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]
    words = [re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:40] for text in (strategy, task)]
    return f"{words[0]}.{words[1]}.{seed}.{digest}.parquet"
