"""Predictors on grids of hyper-parameters, whose choices are mostly numbers.

    python benchmarks/grids.py

All tasks of two benchmarks: HPOBench's perceptrons (``hpobench-mlp``) and HPOLib's regression networks
(``hpolib-fcnet``). Kendall tau is measured on up to 2,000 architectures that are not learned from; it is the mean over
the tasks, with 95 % intervals over the seeds of the split, the tasks fixed. Raw rows go to ``benchmarks/results`` as
Parquet; with ``--print`` they are only read and summed up.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

import augury
from augury.evaluation import mean_interval, rank_predictors

RESULTS = Path(__file__).parent / "results"
BENCHMARKS = ("hpobench-mlp", "hpolib-fcnet")
PREDICTORS = ("auto", "gaussian-process", "random-forest", "xgboost")


def show(frame: pd.DataFrame) -> None:
    """The means, and how long the largest fits took."""
    for benchmark, part in frame.groupby("benchmark", sort=False):
        print(f"\n{benchmark}: Kendall tau, {part.task.nunique()} tasks, {part.seed.nunique()} seeds, 95 % intervals")
        for name, rows in part.groupby("predictor", sort=False):
            cells = []
            for size, cell in rows.groupby("size"):
                mean, low, high = mean_interval(cell.groupby("seed").kendall_tau.mean().to_numpy())
                cells.append(f"n={size}: {mean:.3f} [{low:.3f}, {high:.3f}]")
            seconds = rows[rows["size"] == rows["size"].max()].fit_seconds.median()
            print(f"{name:18s}" + "  ".join(cells) + f"  {seconds:.1f} s")


def main() -> None:
    """Run, store, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--predictors", nargs="+", default=list(PREDICTORS))
    parser.add_argument("--sizes", type=int, nargs="+", default=[30, 100])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=RESULTS / "grids.parquet")
    parser.add_argument("--print", action="store_true", help="read the stored rows only")
    arguments = parser.parse_args()
    if not arguments.print:
        seeds = range(arguments.first_seed, arguments.first_seed + arguments.seeds)
        parts = []
        for benchmark in BENCHMARKS:
            tasks = dict(augury.load_benchmark(benchmark))
            rows = rank_predictors(
                arguments.predictors,
                tasks,
                arguments.sizes,
                seeds,
                n_test=2000,
                n_jobs=arguments.jobs,
                progress=lambda done, total, name=benchmark: print(f"{name} {done}/{total}", end="\r", flush=True),
            )
            parts.append(rows.assign(benchmark=benchmark))
        pd.concat(parts).to_parquet(arguments.out, index=False)
    show(pd.read_parquet(arguments.out))


if __name__ == "__main__":
    main()
