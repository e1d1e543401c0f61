"""Warm against cold: each of several tasks in turn is the new one, and the others are what was seen before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import pandas as pd
from sklearn.base import clone

from ..data import Task, load_benchmark
from ..meta import make as make_learner
from ..meta.leave_out import LEAST, other_tasks
from ..meta.meta_learner import MetaLearner
from ..search import make as make_strategy
from ..search.arguments import check_kind
from ..search.strategy import Strategy
from ..spaces import InputError, UnknownNameError
from .comparison import compare
from .contestants import check_folder
from .parameter_content import parameter_content
from .spoiled_sources import AS_MEASURED, spoiled

__all__ = ["WARM", "leave_one_out"]

WARM = "warm"  # the name of the strategy "bayesian" with a meta-learner


def leave_one_out(
    benchmark: str | Mapping[str, Task],
    strategies: Sequence[str] | Mapping[str, Strategy],
    *,
    budget: int,
    seeds: Iterable[int],
    tasks: Sequence[str] | None = None,
    source_size: int | None = 200,
    learner: str | MetaLearner = "auto",
    sources: str = AS_MEASURED,
    n_jobs: int = 1,
    checkpoint: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """`compare` on the tasks of a benchmark, or on tasks of your own, with ``"warm"`` as a further strategy.

    Warm is ``"bayesian"`` with a meta-learner that knows up to ``source_size`` evaluations of each other task
    (`augury.meta.other_tasks`), drawn with the search's own seed, and nothing of the target.

    Args:
        benchmark: Its name; or tasks by name, of one space, which are all learned from, however small.
        strategies: Names of strategies, and ``"warm"``; or a strategy for each name, that for ``"warm"`` taking a
            fitted meta-learner as its parameter ``meta``.
        budget: Evaluations a search.
        seeds: One search for each.
        tasks: The targets; by default, all tasks of your own, and of a benchmark those that measured at least half of
            what the largest did.
        source_size: At most so many evaluations of each source; None: all.
        learner: The meta-learner's name, or one that is not fitted.
        sources: ``"as-measured"``, or ``"shuffled"`` or ``"flipped"`` (`spoiled`) to see what useless ones do.
        n_jobs: Processes, as joblib counts them.
        checkpoint: A folder in which each finished search is kept; searches found there are not run again.
        progress: Called with (steps done, steps in all).

    Raises:
        UnknownNameError: There is no such benchmark, task, strategy, meta-learner or kind of sources.
        InputError: A strategy is named twice, there is no strategy, task or seed, nothing to learn from, or a number
            is out of range.

    >>> frame = leave_one_out(
    ...     "nas-bench-201", ["random", "warm"], budget=1, seeds=[0],
    ...     tasks=["cifar10"], source_size=9, learner="portfolio",
    ... )
    >>> frame["strategy"].tolist()
    ['random', 'warm']
    """
    loaded = _loaded(benchmark)
    if tasks is None:
        tasks = [task.name for task in other_tasks(loaded)] if isinstance(benchmark, str) else list(loaded)
    if unknown := [name for name in tasks if name not in loaded]:
        raise UnknownNameError("task", unknown[0], loaded)
    targets = {name: loaded[name] for name in tasks}
    seeds = sorted(set(seeds))
    if len(set(strategies)) < len(strategies):
        raise InputError(f"Each strategy is compared once; got {', '.join(strategies)}.")
    if not strategies or not targets or not seeds:
        raise InputError(
            "A comparison takes at least one strategy, one task and one seed; "
            f"got {len(strategies)}, {len(targets)} and {len(seeds)}."
        )
    if source_size is not None and source_size < 1:
        raise InputError(f"A source needs at least one evaluation; got source_size={source_size!r}.")
    given = strategies if isinstance(strategies, Mapping) else {}
    cold = {name: given[name] if name in given else make_strategy(name) for name in strategies if name != WARM}
    warm_seeds = seeds if WARM in strategies else []
    # what is wrong shall not be found out after hours
    unfitted = make_learner(learner) if isinstance(learner, str) else learner
    if WARM in given:
        _check_warm(given[WARM], unfitted)
    spoiled([], sources)
    if warm_seeds and not isinstance(benchmark, str):
        for target in targets:
            _sources(benchmark, target, n=source_size)
    folder = None if checkpoint is None else Path(checkpoint)
    if folder is not None:
        check_folder("checkpoint", folder)
    total = _Total(
        progress, {"cold": len(cold) * len(targets) * len(seeds)} | dict.fromkeys(warm_seeds, 2 * len(targets))
    )
    parts = []
    if cold:
        parts.append(
            compare(cold, targets, budget, seeds, n_jobs=n_jobs, checkpoint=folder, progress=total.part("cold"))
        )
    for seed in warm_seeds:
        make = partial(_warm, benchmark, learner, given.get(WARM), source_size, sources, seed)
        kind = "" if sources == AS_MEASURED else f"-{sources}"
        known = None
        if folder is not None:
            known = folder / f"warm-{_mark(benchmark, learner, given.get(WARM))}-{source_size or 'all'}{kind}"
        parts.append(
            compare({WARM: make}, targets, budget, [seed], n_jobs=n_jobs, checkpoint=known, progress=total.part(seed))
        )
    frame = pd.concat(parts, ignore_index=True)
    return pd.concat([frame[frame["strategy"] == name] for name in strategies], ignore_index=True)


def _loaded(benchmark: str | Mapping[str, Task]) -> Mapping[str, Task]:
    return load_benchmark(benchmark) if isinstance(benchmark, str) else benchmark


def _check_warm(strategy: object, learner: MetaLearner) -> None:
    check_kind(f"strategies[{WARM!r}]", strategy, Strategy, "augury.search.make('bayesian')")
    assert isinstance(strategy, Strategy), "checked above"
    if "meta" not in strategy.get_params(deep=False):
        raise InputError(
            f"The strategy {WARM!r} takes a fitted meta-learner as its parameter meta, as "
            f"augury.search.make('bayesian') does; got {strategy!r}."
        )
    clone(strategy).set_params(meta=learner).check()


def _sources(
    benchmark: str | Mapping[str, Task], target: str | None = None, *, n: int | None = None, seed: int = 0
) -> list[Task]:
    """The other tasks; of a user's own, small ones too."""
    least = LEAST if isinstance(benchmark, str) else 0.0
    return other_tasks(_loaded(benchmark), target, n=n, seed=seed, least=least)


def _warm(
    benchmark: str | Mapping[str, Task],
    learner: str | MetaLearner,
    strategy: Strategy | None,
    source_size: int | None,
    kind: str,
    seed: int,
    target: str,
) -> Strategy:
    """What knows of the other tasks; runs in a worker, which reads a benchmark from the cache."""
    sources = spoiled(_sources(benchmark, target, n=source_size, seed=seed), kind, seed=seed)
    unfitted = make_learner(learner) if isinstance(learner, str) else clone(learner)
    meta = unfitted.for_search().fit(sources)
    if strategy is None:
        return make_strategy("bayesian", meta=meta)
    warm: Strategy = clone(strategy).set_params(meta=meta)
    return warm


def _mark(benchmark: str | Mapping[str, Task], learner: str | MetaLearner, strategy: Strategy | None) -> str:
    """What finished warm searches are told apart by, besides all that `compare` knows of them."""
    name, rest = (learner, []) if isinstance(learner, str) else (type(learner).__name__, [learner.get_params()])
    if strategy is not None:
        rest += [type(strategy).__name__, strategy.get_params()]
    if not isinstance(benchmark, str):
        for key, task in benchmark.items():
            values = hashlib.sha256(task.y.tobytes() + task.architectures.genotypes.tobytes()).hexdigest()
            rest += [key, repr(task.space), values]
    told = partial(parameter_content, "a parameter")
    digest = hashlib.sha256(json.dumps(rest, default=told, sort_keys=True).encode()).hexdigest()[:16]
    return f"{name}-{digest}" if rest else name


class _Total:
    """The progress of several comparisons as one."""

    def __init__(self, tell: Callable[[int, int], None] | None, expected: Mapping[object, int]) -> None:
        self._tell = tell
        self._parts = {part: (0, steps) for part, steps in expected.items()}

    def part(self, part: object) -> Callable[[int, int], None] | None:
        """What one of them calls."""
        tell = self._tell
        if tell is None:
            return None

        def told(done: int, steps: int) -> None:
            self._parts[part] = (done, steps)
            tell(sum(done for done, _ in self._parts.values()), sum(steps for _, steps in self._parts.values()))

        return told
