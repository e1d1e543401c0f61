"""What a search could find at most if it knew most of its task beforehand.

    python benchmarks/search_ceiling.py             # NAS-Bench-Graph
    python benchmarks/search_ceiling.py --print     # the stored values only

Boosted trees learn three quarters of a task's own table, and predict the last; all four quarters in turn. The search
evaluates what is predicted best first. No earlier task can tell as much of a task as its own table does, so this bounds
what a warm start can give. Quarters are of canonical forms, drawn anew with each seed. Regret is that of
``search_regret.py``; raw values go to ``benchmarks/results`` as Parquet.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from scipy.stats import norm, rankdata
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

import augury
from augury.encoders import make as make_encoder
from augury.evaluation import regret_at
from augury.meta import other_tasks
from augury.spaces import Architectures

RESULTS = Path(__file__).parent / "results"
BUDGETS = (5, 10, 20, 50, 80)
QUARTERS = 4


def features(architectures: Architectures) -> np.ndarray:
    """Graph features and genotypes."""
    return np.concatenate(
        [make_encoder(name).fit_transform(architectures) for name in ("graph-features", "one-hot")], axis=1
    )


def one_task(benchmark: str, target: str, seeds: int) -> pd.DataFrame:
    """The regret after each evaluation, for each seed."""
    task = augury.load_benchmark(benchmark)[target]
    distinct = task.architectures.distinct()
    X, y = features(task.architectures[distinct]), task.y[distinct]
    scores = norm.ppf((rankdata(y) - 0.5) / len(y))
    rows = []
    for seed in range(seeds):
        quarter = np.random.default_rng(seed).integers(QUARTERS, size=len(y))
        predicted = np.empty(len(y))
        for left_out in range(QUARTERS):
            trees = HistGradientBoostingRegressor(max_iter=200, random_state=seed)
            with threadpool_limits(1):
                trees.fit(X[quarter != left_out], scores[quarter != left_out])
                predicted[quarter == left_out] = trees.predict(X[quarter == left_out])
        best = np.maximum.accumulate(y[np.argsort(-predicted)[: max(BUDGETS)]])
        regret = (y.max() - best) / (y.max() - np.median(y))
        rows += [
            {"strategy": "told", "task": target, "seed": seed, "evaluation": n, "regret": each}
            for n, each in enumerate(regret, start=1)
        ]
    print(f"{target} done", flush=True)
    return pd.DataFrame(rows)


def main() -> None:
    """Run, store, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--benchmark", default="nas-bench-graph")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--print", action="store_true", help="read the stored values only")
    arguments = parser.parse_args()
    out = RESULTS / f"search_ceiling_{arguments.benchmark}.parquet"
    if not arguments.print:
        targets = [task.name for task in other_tasks(augury.load_benchmark(arguments.benchmark))]
        parts = joblib.Parallel(arguments.jobs)(
            joblib.delayed(one_task)(arguments.benchmark, target, arguments.seeds) for target in targets
        )
        pd.concat(parts).to_parquet(out, index=False)
    frame = pd.read_parquet(out)
    print(f"Regret, {frame.seed.nunique()} seeds, {frame.task.nunique()} tasks")
    print(regret_at(frame, BUDGETS).to_string())


if __name__ == "__main__":
    main()
