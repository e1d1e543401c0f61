"""How far a search could come that knew nearly all that a task's own table tells.

    python benchmarks/search_ceiling.py
    python benchmarks/search_ceiling.py --print     # the stored values only

A table holds one training of each architecture, so its best is partly luck, which no predictor knows beforehand. Here
extremely randomised trees learn the normal scores of three quarters of a task's table and predict the last quarter, by
turns, so that every prediction is of an architecture whose own value was not seen. Then the architectures are evaluated
in that order, or by chance from the hundredth that is predicted best. No search has so much to go by, though one that
learns on the way can do better than an order that is fixed. Raw values go to ``benchmarks/results`` as Parquet.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.model_selection import KFold, cross_val_predict

import augury
from augury.encoders import fitted
from augury.encoders.ranks import normal_scores
from augury.meta import other_tasks

OUT = Path(__file__).parent / "results" / "search_ceiling_nas-bench-graph.parquet"
BUDGET, DRAWS = 80, 200


def regrets(y: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Of the best after each of the first evaluations, in this order."""
    best = y.max()
    return (best - np.maximum.accumulate(y[order[:BUDGET]])) / (best - np.median(y))


def measured(task: augury.Task, jobs: int) -> pd.DataFrame:
    """One row an order and evaluation."""
    task = task.select(task.architectures.distinct())
    encoders = [fitted(name, task.space) for name in ("graph-features", "one-hot")]
    X = np.concatenate([encoder.transform(task.architectures) for encoder in encoders], axis=1)
    trees = ExtraTreesRegressor(60, min_samples_leaf=3, max_features=0.2, n_jobs=jobs, random_state=0)
    split = KFold(4, shuffle=True, random_state=0)
    order = np.argsort(-cross_val_predict(trees, X, normal_scores(task.y), cv=split), kind="stable")
    rng, top = np.random.default_rng(0), order[: len(order) // 100]
    found = {
        "as predicted": regrets(task.y, order),
        "best hundredth": np.mean([regrets(task.y, rng.permutation(top)) for _ in range(DRAWS)], axis=0),
    }
    print(f"{task.name} done", flush=True)
    frames = [
        pd.DataFrame({"task": task.name, "order": name, "evaluation": np.arange(1, BUDGET + 1), "regret": values})
        for name, values in found.items()
    ]
    return pd.concat(frames)


def main() -> None:
    """Run, store, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--print", action="store_true", help="read the stored values only")
    arguments = parser.parse_args()
    if not arguments.print:
        tasks = other_tasks(augury.load_benchmark("nas-bench-graph"))
        pd.concat([measured(task, arguments.jobs) for task in tasks]).to_parquet(OUT, index=False)
    frame = pd.read_parquet(OUT)
    some = frame[frame.evaluation.isin([5, 10, 20, 50, 80])]
    print("regret x 100, mean of the tasks")
    print((100 * some.pivot_table(index="order", columns="evaluation", values="regret")).round(1).to_string())
    print("of each task")
    print((100 * some.pivot_table(index=["order", "task"], columns="evaluation", values="regret")).round(1).to_string())


if __name__ == "__main__":
    main()
