"""How much the sources tell of real trainings on a built-in graph, by training recipe.

    python benchmarks/recipe_transfer.py

Random architectures of NAS-Bench-Graph are trained with the recipe of `GraphTrainingEvaluator` and with the benchmark's
own network (batch normalisation, no layer before the first node). Printed are the quartiles of validation accuracy, the
test accuracy of the best by validation, and Spearman's correlation with the architectures' mean rank on the benchmark's
eight graphs, with a 95 % bootstrap interval over architectures.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from scipy.stats import rankdata

import augury
from augury.evaluation import spearman
from augury.meta import other_tasks
from augury.search import GraphTrainingEvaluator

RESULTS = Path(__file__).parent / "results"
RECIPES = {"default": {}, "benchmark's network": {"batch_norm": True, "preprocess": False}}


def main() -> None:
    """Train, store, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--graph", default="digits-graph")
    parser.add_argument("--n", type=int, default=80)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--print", action="store_true", help="read the stored trainings only")
    arguments = parser.parse_args()
    out = RESULTS / f"recipe_{arguments.graph}.parquet"
    if not arguments.print:
        tasks = other_tasks(augury.load_benchmark("nas-bench-graph"))
        ranks = np.mean([rankdata(task.y) for task in tasks], axis=0)
        chosen = np.random.default_rng(arguments.seed).choice(len(ranks), arguments.n, replace=False)
        rows = []
        for recipe, settings in RECIPES.items():
            evaluate = GraphTrainingEvaluator(augury.node_graph(arguments.graph), **settings)
            found = joblib.Parallel(arguments.jobs)(
                joblib.delayed(evaluate)(tasks[0].architectures[int(row)]) for row in chosen
            )
            rows += [{"recipe": recipe, "source_rank": ranks[i], **f} for i, f in zip(chosen, found, strict=True)]
        pd.DataFrame(rows).to_parquet(out, index=False)
    for recipe, some in pd.read_parquet(out).groupby("recipe", sort=False):
        quartiles = np.quantile(some["valid_accuracy"], [0, 0.25, 0.5, 0.75, 1]).round(1).tolist()
        best = some.loc[some["valid_accuracy"].idxmax(), "test_accuracy"]
        rng = np.random.default_rng(0)
        draws = [some.iloc[rng.integers(len(some), size=len(some))] for _ in range(2000)]
        low, high = np.quantile([spearman(d["source_rank"], d["valid_accuracy"]) for d in draws], [0.025, 0.975])
        told = spearman(some["source_rank"], some["valid_accuracy"])
        print(
            f"{recipe:20s} validation {quartiles} %, test of the best {best:.1f} %, "
            f"source rank {told:.2f} [{low:.2f}, {high:.2f}], {some['seconds'].mean():.1f} s a training"
        )


if __name__ == "__main__":
    main()
