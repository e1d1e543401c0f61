"""Warm against cold on a benchmark: each task in turn is the new one, and the others are what was seen before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from ..data import load_benchmark
from ..meta import make as make_learner
from ..meta.leave_out import other_tasks
from ..search import make as make_strategy
from ..search.strategy import Strategy
from ..spaces import InputError
from .comparison import compare
from .spoiled_sources import AS_MEASURED, spoiled

__all__ = ["WARM", "leave_one_out"]

WARM = "warm"  # the name of the strategy "bayesian" with a meta-learner


def leave_one_out(
    benchmark: str,
    strategies: Sequence[str],
    *,
    budget: int,
    seeds: Iterable[int],
    tasks: Sequence[str] | None = None,
    source_size: int = 200,
    learner: str = "auto",
    sources: str = AS_MEASURED,
    n_jobs: int = 1,
    checkpoint: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """`compare` on the tasks of a benchmark, with ``"warm"`` as a further strategy.

    Warm is ``"bayesian"`` with a meta-learner that knows ``source_size`` evaluations of each other task
    (`augury.meta.other_tasks`), drawn with the search's own seed, and nothing of the target.

    Args:
        benchmark: Its name.
        strategies: Names of strategies, and ``"warm"``.
        budget: Evaluations a search.
        seeds: One search for each.
        tasks: The targets; by default, all tasks that measured at least half of what the largest did.
        source_size: Evaluations of each source.
        learner: The meta-learner's name.
        sources: ``"as-measured"``, or ``"shuffled"`` or ``"flipped"`` (`spoiled`) to see what useless ones do.
        n_jobs: Processes, as joblib counts them.
        checkpoint: A folder in which each finished search is kept; searches found there are not run again.
        progress: Called with (steps done, steps in all).

    Raises:
        UnknownNameError: There is no such benchmark, task, strategy, meta-learner or kind of sources.
        InputError: A strategy is named twice, there is no strategy, task or seed, or a number is out of range.

    >>> frame = leave_one_out(
    ...     "nas-bench-201", ["random", "warm"], budget=1, seeds=[0],
    ...     tasks=["cifar10"], source_size=9, learner="portfolio",
    ... )
    >>> frame["strategy"].tolist()
    ['random', 'warm']
    """
    loaded = load_benchmark(benchmark)
    targets = {name: loaded[name] for name in ([t.name for t in other_tasks(loaded)] if tasks is None else tasks)}
    seeds = sorted(set(seeds))
    if len(set(strategies)) < len(strategies):
        raise InputError(f"Each strategy is compared once; got {', '.join(strategies)}.")
    if not strategies or not targets or not seeds:
        raise InputError(
            "A comparison takes at least one strategy, one task and one seed; "
            f"got {len(strategies)}, {len(targets)} and {len(seeds)}."
        )
    if source_size < 1:
        raise InputError(f"A source needs at least one evaluation; got source_size={source_size!r}.")
    cold = {name: make_strategy(name) for name in strategies if name != WARM}
    warm_seeds = seeds if WARM in strategies else []
    make_learner(learner)  # a wrong name shall not be found out after hours
    spoiled([], sources)
    folder = None if checkpoint is None else Path(checkpoint)
    total = _Total(
        progress, {"cold": len(cold) * len(targets) * len(seeds)} | dict.fromkeys(warm_seeds, 2 * len(targets))
    )
    parts = []
    if cold:
        parts.append(
            compare(cold, targets, budget, seeds, n_jobs=n_jobs, checkpoint=folder, progress=total.part("cold"))
        )
    for seed in warm_seeds:
        make = partial(_warm, benchmark, learner, source_size, sources, seed)
        kind = "" if sources == AS_MEASURED else f"-{sources}"
        known = None if folder is None else folder / f"warm-{learner}-{source_size}{kind}"
        parts.append(
            compare({WARM: make}, targets, budget, [seed], n_jobs=n_jobs, checkpoint=known, progress=total.part(seed))
        )
    frame = pd.concat(parts, ignore_index=True)
    return pd.concat([frame[frame["strategy"] == name] for name in strategies], ignore_index=True)


def _warm(benchmark: str, learner: str, source_size: int, kind: str, seed: int, target: str) -> Strategy:
    """What knows of the other tasks; runs in a worker, which reads the benchmark from the cache."""
    sources = spoiled(other_tasks(load_benchmark(benchmark), target, n=source_size, seed=seed), kind, seed=seed)
    return make_strategy("bayesian", meta=make_learner(learner).for_search().fit(sources))


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
