"""How far the top of one table can be told from the others: what a warm search could know at best.

    python benchmarks/source_knowledge.py

For each task of NAS-Bench-Graph, architectures are followed from the most praised on, by

- the mean of the other seven tasks' ranks, whole tables and all, as an oracle without an evaluation would;
- the line on these seven ranks that fits the task's own whole table best, as if its weights were known in hindsight;
- boosted trees on the seven ranks, which have learned from three quarters of the task's own table what they say of the
  other quarter, in turn;
- boosted trees on graph features and decisions, learned from as much of the own table and from no other.

Regret is (best of the task − best followed) ÷ (best − median), as in `search_regret.py`. Seeds part the table anew.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import norm, rankdata
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import KFold, cross_val_predict
from xgboost import XGBRegressor

from augury import load_benchmark
from augury.encoders import fitted
from augury.evaluation import regret_at
from augury.meta import other_tasks

OUT = Path(__file__).parent / "results" / "source_knowledge.parquet"
FOLLOWED = 50
PARTS = 4
MEAN = "mean of the others"
LINE = "line on the others, in hindsight"
OTHERS = "trees on the others, 3/4 of the own table"
OWN = "trees on architectures, 3/4 of the own table"


def main() -> None:
    """Follow, store, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3, help="of the parts that trees are asked about")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--print", action="store_true", help="read the stored runs only")
    arguments = parser.parse_args()
    if not arguments.print:
        measured(arguments.seeds, arguments.jobs).to_parquet(OUT, index=False)
    frame = pd.read_parquet(OUT)
    pd.set_option("display.width", 200, "display.max_columns", 30, "display.max_rows", 200)
    regrets = regret_at(frame, [1, 5, 10, 20, 50])
    table = regrets.assign(regret=100 * regrets["regret"]).pivot(
        index=["task", "strategy"], columns="budget", values="regret"
    )
    print(f"Regret × 100 after so many architectures, {frame['seed'].nunique()} seeds")
    print(table.round(1).to_string())


def measured(seeds: int, jobs: int) -> pd.DataFrame:
    """Regret by what is followed, task, seed and number of architectures followed."""
    tasks = other_tasks(load_benchmark("nas-bench-graph"))
    architectures = tasks[0].architectures.canonical()
    if any(not np.array_equal(task.architectures.canonical().keys(), architectures.keys()) for task in tasks):
        raise ValueError("The tables have not the same architectures in the same order.")
    values = np.stack([task.y for task in tasks], axis=1)
    ranks = norm.ppf((rankdata(values, axis=0) - 0.5) / len(values))
    encoders = [fitted(name, architectures.space) for name in ("graph-features", "one-hot")]
    features = np.concatenate([encoder.transform(architectures) for encoder in encoders], axis=1)
    rows = []
    for place, task in enumerate(tasks):
        others, own = np.delete(ranks, place, axis=1), ranks[:, place]
        for seed in range(seeds):
            parts = KFold(PARTS, shuffle=True, random_state=seed)
            trees = XGBRegressor(n_estimators=300, learning_rate=0.05, max_depth=6, n_jobs=jobs, random_state=seed)
            followed = {
                MEAN: others.mean(axis=1),
                LINE: LinearRegression().fit(others, own).predict(others),
                OTHERS: cross_val_predict(trees, others, own, cv=parts),
                OWN: cross_val_predict(trees, features, own, cv=parts),
            }
            for name, praise in followed.items():
                y = task.y[np.argsort(-praise, kind="stable")[:FOLLOWED]]
                best = task.y.max()
                regret = (best - np.maximum.accumulate(y)) / (best - np.median(task.y))
                rows.append(
                    pd.DataFrame(
                        {
                            "strategy": name,
                            "task": task.name,
                            "seed": seed,
                            "evaluation": np.arange(1, FOLLOWED + 1),
                            "y": y,
                            "best": np.maximum.accumulate(y),
                            "regret": regret,
                        }
                    )
                )
            print(f"{task.name} {seed}", end="\r", flush=True)
    return pd.concat(rows, ignore_index=True)


if __name__ == "__main__":
    main()
