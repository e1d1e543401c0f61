"""Kendall tau after k evaluations of a new task, with sources that differ, tell nothing or are of another space.

    python benchmarks/unequal_sources.py
    python benchmarks/unequal_sources.py --seeds 3 --cases flipped --out some.parquet

Each of eight tasks of NAS-Bench-Graph is left out in turn; the others are the sources, in one of these cases:

``equal``        200 evaluations each
``unequal``      20, 60, 200, 600, 2,000, 6,000 and 20,000 evaluations, another task's with every seed
``three-false``  200 each, three of the seven with their values permuted among architectures
``shuffled``     200 each, all of them permuted
``flipped``      200 each, all of them with their sign turned
``other-space``  the three tasks of NAS-Bench-201 instead, 200 each

Beside the meta-learner stands the cold default predictor and, unless ``--no-guard`` is given, the same with a `Guard`
around it; with sources of another space the meta-learner is ``cross-space``. The support is random, tau is measured on
2,000 other canonical forms. Intervals, 95 %, are over seeds of support and sources, with the tasks fixed. Raw values go
to ``benchmarks/results`` as Parquet; with ``--print`` they are only read and summed up, and with ``--update`` those of
other cases and methods stay.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

import augury
from augury.data import Task
from augury.evaluation import kendall_tau, mean_interval, spoiled
from augury.meta import other_tasks

RESULTS = Path(__file__).parent / "results"
HELD_OUT = 2000
SIZES = (20, 60, 200, 600, 2000, 6000, 20_000)
CASES = ("equal", "unequal", "three-false", "shuffled", "flipped", "other-space")


def sources_of(case: str, target: str, seed: int) -> list[Task]:
    """What was measured before."""
    if case == "other-space":
        return other_tasks(augury.load_benchmark("nas-bench-201"), n=200, seed=seed)
    benchmark = augury.load_benchmark("nas-bench-graph")
    if case == "unequal":
        sizes = np.random.default_rng(seed).permutation(SIZES)
        full = other_tasks(benchmark, target, n=max(SIZES), seed=seed)
        return [task.select(slice(0, size)) for task, size in zip(full, sizes, strict=True)]
    tasks = other_tasks(benchmark, target, n=200, seed=seed)
    if case in ("shuffled", "flipped"):
        return spoiled(tasks, case, seed=seed)
    if case == "three-false":
        false = set(np.random.default_rng(seed).permutation(len(tasks))[:3].tolist())
        wrong = spoiled(tasks, "shuffled", seed=seed)
        return [wrong[place] if place in false else task for place, task in enumerate(tasks)]
    return tasks


def one_target(target: str, seed: int, arguments: argparse.Namespace) -> list[dict[str, object]]:
    """All cases of one target and seed."""
    task = augury.load_benchmark("nas-bench-graph")[target]
    task = task.select(task.architectures.distinct())
    order = np.random.default_rng([seed, 1000]).permutation(len(task))
    test = task.select(order[-HELD_OUT:])
    supports = {k: task.select(order[:k]) for k in arguments.sizes}
    found: list[dict[str, object]] = []

    def add(case: str, method: str, k: int, predictor: augury.predictors.Predictor) -> None:
        tau = kendall_tau(test.y, predictor.predict(test.architectures))
        found.append({"case": case, "method": method, "target": target, "seed": seed, "k": k, "tau": tau})

    with threadpool_limits(1):
        for k, support in supports.items():
            if k:
                add("", "cold auto", k, augury.predictors.make("auto").fit(support.architectures, support.y))
        for case in arguments.cases:
            learner = "cross-space" if case == "other-space" else arguments.meta
            sources = sources_of(case, target, seed)
            metas = {learner: augury.meta.make(learner).fit(sources)}
            if arguments.guard:
                metas[f"{learner}, guarded"] = augury.meta.make("guard", learner=learner).fit(sources)
            for method, meta in metas.items():
                for k, support in supports.items():
                    add(case, method, k, meta.adapt(support.architectures, support.y))
    print(f"{target}, seed {seed} done", flush=True)
    return found


def main() -> None:
    """Run, store, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", nargs="+", default=list(CASES), choices=CASES)
    parser.add_argument("--meta", default="auto")
    parser.add_argument("--sizes", type=int, nargs="+", default=[0, 10, 50])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=RESULTS / "unequal_sources.parquet")
    parser.add_argument("--no-guard", dest="guard", action="store_false", help="not with one around it, too")
    parser.add_argument("--update", action="store_true", help="keep the stored rows of other cases and methods")
    parser.add_argument("--print", action="store_true", help="read the stored values only")
    arguments = parser.parse_args()
    if not arguments.print:
        targets = [task.name for task in other_tasks(augury.load_benchmark("nas-bench-graph"))]
        seeds = range(arguments.first_seed, arguments.first_seed + arguments.seeds)
        jobs = [joblib.delayed(one_target)(target, seed, arguments) for seed in seeds for target in targets]
        stored = pd.read_parquet(arguments.out) if arguments.update else pd.DataFrame(columns=["case", "method"])
        rows: list[dict[str, object]] = []
        for part in joblib.Parallel(arguments.jobs, return_as="generator")(jobs):
            rows += part
            frame = pd.DataFrame(rows)
            new = pd.MultiIndex.from_frame(frame[["case", "method"]])
            kept = stored[~pd.MultiIndex.from_frame(stored[["case", "method"]]).isin(new)]
            frame = pd.concat([kept, frame]) if len(kept) else frame
            frame.to_parquet(arguments.out, index=False)  # what is done stays if the rest is broken off
    frame = pd.read_parquet(arguments.out)
    print(f"\nKendall tau, {frame.target.nunique()} targets, {frame.seed.nunique()} seeds, 95 % intervals")
    for (case, method), rows in frame.groupby(["case", "method"], sort=False):
        cells = []
        for k, some in rows.groupby("k"):
            interval = mean_interval(some.groupby("seed")["tau"].mean().to_numpy())
            ends = f" [{interval.low:+.3f}, {interval.high:+.3f}]" if np.isfinite(interval.low) else ""
            cells.append(f"k={k}: {interval.mean:+.3f}{ends}")
        print(f"{case:12s} {method:22s}", "  ".join(cells))


if __name__ == "__main__":
    main()
