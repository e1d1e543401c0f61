"""Kendall tau after k evaluations of a new task, leave one task out.

    python benchmarks/kshot_tau.py                    # NAS-Bench-Graph, full sources
    python benchmarks/kshot_tau.py --source-size 200
    python benchmarks/kshot_tau.py --source-size 200 --design informative --sizes 10 20 50
    python benchmarks/kshot_tau.py --meta rgpe maml --guard --seeds 3 --out some.parquet
    python benchmarks/kshot_tau.py --meta all --guard --source-size 200 --sizes 10 50 --out all.parquet

The support is drawn at random, or chosen by each meta-learner (`MetaLearner.informative_design`) among 2,000 random
architectures with ``--design informative``; tau is measured on 2,000 other canonical forms. Means are over the tasks,
95 % intervals over the seeds of support (and of sources, where they are sampled), with the tasks fixed. The forest on
source values is the baseline to beat: the other tasks' raw values and graph features, a plain random forest. With
``--guard`` every meta-learner is measured with a `Guard` around it, too, which keeps all sources. Raw values go to
``benchmarks/results`` as Parquet; with ``--print`` they are only read and summed up, and with ``--update`` those of
other methods and sizes stay. Cold ``auto`` does not see the sources: without a name after ``--meta`` it is measured
alone.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from threadpoolctl import threadpool_limits

import augury
from augury.encoders import fitted
from augury.evaluation import kendall_tau, mean_interval
from augury.meta import other_tasks
from augury.meta.guard import GuardedPredictor
from augury.spaces import Architectures

RESULTS = Path(__file__).parent / "results"
HELD_OUT = 2000
POOL = 2000  # random architectures that an informative design is chosen from
RANDOM = "random"
INFORMATIVE = "informative"
WRAPPERS = ("auto", "guard", "best-of")  # other names, or around others


def forest_on_source_values(sources: list[augury.Task], support: augury.Task, others: Architectures) -> np.ndarray:
    """A plain random forest on what the sources measured of an architecture, and on its graph features."""
    encoder = fitted("graph-features", support.space)

    def features(architectures: Architectures) -> np.ndarray:
        keys = architectures.canonical().keys()
        columns = [encoder.transform(architectures)]
        for task in sources:
            known = task.architectures.canonical().keys()
            order = np.argsort(known)
            at = np.minimum(np.searchsorted(known[order], keys), len(known) - 1)
            found = known[order][at] == keys
            columns.append(np.where(found, task.y[order][at], np.nanmedian(task.y))[:, None])
        return np.concatenate(columns, axis=1)

    forest = RandomForestRegressor(200, max_features=0.33, random_state=0).fit(
        features(support.architectures), support.y
    )
    return forest.predict(features(others))


def one_target(arguments: argparse.Namespace, target: str) -> list[dict[str, object]]:
    """All seeds and sizes of one target task."""
    with threadpool_limits(1):
        return list(_one_target(arguments, target))


def _one_target(arguments: argparse.Namespace, target: str):
    benchmark = augury.load_benchmark(arguments.benchmark)
    task = benchmark[target]
    task = task.select(task.architectures.distinct())
    metas: dict[str, augury.meta.MetaLearner] = {}
    seconds: dict[str, float] = {}
    for seed in range(arguments.first_seed, arguments.first_seed + arguments.seeds):
        sources = other_tasks(benchmark, target, n=arguments.source_size or None, seed=seed)
        for name in arguments.meta:
            if name not in metas or arguments.source_size:
                begun = time.perf_counter()
                metas[name] = augury.meta.make(name).fit(sources)
                seconds[name] = time.perf_counter() - begun
        order = np.random.default_rng([seed, 1000]).permutation(len(task))
        test = task.select(order[-HELD_OUT:])
        designs = {}
        if arguments.design == INFORMATIVE:
            pool = order[:-HELD_OUT][:POOL]
            for name, meta in metas.items():
                design = meta.informative_design(max(arguments.sizes), candidates=task.architectures[pool])
                keys = task.architectures[pool].keys()
                by_key = np.argsort(keys)
                designs[name] = pool[by_key[np.searchsorted(keys[by_key], np.asarray(design.keys()))]]
        for k in arguments.sizes:
            support = task.select(order[:k])
            methods, adapting = {}, {}
            for name, meta in metas.items():
                if name in designs:
                    support = task.select(designs[name][:k])
                begun = time.perf_counter()
                methods[name] = meta.adapt(support.architectures, support.y).predict(test.architectures)
                adapting[name] = time.perf_counter() - begun
                if arguments.guard and k:
                    guard = GuardedPredictor(inner=meta, name=name, folds=5, target=meta.source_target)
                    guarded = guard.fit(support.architectures, support.y)
                    methods[f"{name}, guarded"] = guarded.predict(test.architectures)
            if designs:
                methods = {f"{name}, {INFORMATIVE}": mean for name, mean in methods.items()}
                adapting = {f"{name}, {INFORMATIVE}": spent for name, spent in adapting.items()}
            elif k and (not arguments.update or not metas):
                cold = augury.predictors.make("auto").fit(support.architectures, support.y)
                methods["cold auto"] = cold.predict(test.architectures)
            if k and not arguments.update and not designs:
                methods["forest on source values"] = forest_on_source_values(sources, support, test.architectures)
            for method, mean in methods.items():
                yield {
                    "method": method,
                    "target": target,
                    "seed": seed,
                    "k": k,
                    "kendall_tau": kendall_tau(test.y, mean),
                    "fit_seconds": seconds.get(method, np.nan),
                    "adapt_seconds": adapting.get(method, np.nan),
                }
        print(f"{target}, seed {seed} done", flush=True)


def main() -> None:
    """Run, store, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--benchmark", default="nas-bench-graph")
    parser.add_argument("--meta", nargs="*", default=["auto"], help="names, or: all")
    parser.add_argument("--guard", action="store_true", help="measure each with a guard, too")
    parser.add_argument("--design", default=RANDOM, choices=(RANDOM, INFORMATIVE), help="how the support is chosen")
    parser.add_argument("--source-size", type=int, default=0, help="evaluations a source; default all")
    parser.add_argument("--sizes", type=int, nargs="+", default=[0, 5, 10, 20, 50, 100])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--targets", nargs="*", default=None)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=None)
    parser.add_argument("--update", action="store_true", help="only these meta-learners and sizes; keep the other rows")
    parser.add_argument("--print", action="store_true", help="read the stored values only")
    arguments = parser.parse_args()
    if arguments.meta == ["all"]:
        arguments.meta = [name for name in augury.meta.registry if name not in WRAPPERS]
    chosen = "" if arguments.design == RANDOM else f"_{arguments.design}"
    out = arguments.out or RESULTS / f"kshot_{arguments.benchmark}_{arguments.source_size or 'full'}{chosen}.parquet"
    if not arguments.print:
        targets = arguments.targets or [task.name for task in other_tasks(augury.load_benchmark(arguments.benchmark))]
        rows = joblib.Parallel(arguments.jobs)(joblib.delayed(one_target)(arguments, target) for target in targets)
        fresh = pd.DataFrame([row for part in rows for row in part])
        if arguments.update:
            stored = pd.read_parquet(out)
            cells = ["method", "k"]
            again = pd.MultiIndex.from_frame(stored[cells]).isin(pd.MultiIndex.from_frame(fresh[cells]))
            fresh = pd.concat([fresh, stored[~again]])
        fresh.to_parquet(out, index=False)
    frame = pd.read_parquet(out)
    print(f"\nKendall tau, {frame.target.nunique()} targets, {frame.seed.nunique()} seeds, 95 % intervals")
    for method, rows in frame.groupby("method", sort=False):
        cells = []
        for k, some in rows.groupby("k"):
            interval = mean_interval(some.groupby("seed")["kendall_tau"].mean().to_numpy())
            cells.append(f"k={k}: {interval.mean:.3f} [{interval.low:.3f}, {interval.high:.3f}]")
        print(f"{method:26s}", "  ".join(cells))
    seconds = frame.dropna().groupby("method", sort=False)[["fit_seconds", "adapt_seconds"]].median()
    for method, (fit, adapt) in seconds.iterrows():
        print(f"{method}: meta-training {fit:.1f} s, adapting and predicting {adapt:.2f} s, medians")


if __name__ == "__main__":
    main()
