"""Search on tables, leave one task out: warm and cold Bayesian search, evolution and random search.

    python benchmarks/search_regret.py                            # NAS-Bench-Graph: regret at 10, 20 and 50 evaluations
    python benchmarks/search_regret.py --benchmark nas-bench-201  # evaluations to the optimum
    python benchmarks/search_regret.py --benchmark hpobench-mlp   # a grid of hyper-parameters; so is hpolib-fcnet
    python benchmarks/search_regret.py --sources shuffled         # what useless sources do

Sources are all other tasks, ``--source-size`` evaluations each, drawn anew with every seed. Regret is (best of the task
− best found) ÷ (best − median), of validation values, which is what the search sees. Intervals are over seeds, with the
tasks fixed. Raw runs go to ``benchmarks/results`` as Parquet; with ``--print`` they are only read and summed up.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from augury.evaluation import evaluations_to_match, evaluations_to_optimum, harm_by_task, regret_at
from augury.evaluation.spoiled_sources import AS_MEASURED, SOURCES
from augury.evaluation.warm_comparison import leave_one_out

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Run, store, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--benchmark", default="nas-bench-graph")
    parser.add_argument("--budget", type=int, default=0, help="default: 50, or 120 on NAS-Bench-201")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--source-size", type=int, default=200)
    parser.add_argument("--strategies", default="random,regularized-evolution,bayesian,warm")
    parser.add_argument("--meta", default="auto")
    parser.add_argument("--sources", default=AS_MEASURED, choices=SOURCES)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--checkpoint", type=Path, help="a folder that keeps finished searches, to go on from")
    parser.add_argument("--out", type=Path, default=None)
    parser.add_argument("--update", action="store_true", help="keep the stored runs of other strategies")
    parser.add_argument("--print", action="store_true", help="read the stored runs only")
    arguments = parser.parse_args()
    small = arguments.benchmark == "nas-bench-201"
    arguments.budget = arguments.budget or (120 if small else 50)
    kind = "" if arguments.sources == AS_MEASURED else f"_{arguments.sources}"
    out = arguments.out or RESULTS / f"search_{arguments.benchmark}{kind}.parquet"
    if not arguments.print:
        frame = leave_one_out(
            arguments.benchmark,
            arguments.strategies.split(","),
            budget=arguments.budget,
            seeds=range(arguments.first_seed, arguments.first_seed + arguments.seeds),
            source_size=arguments.source_size,
            learner=arguments.meta,
            sources=arguments.sources,
            n_jobs=arguments.jobs,
            checkpoint=arguments.checkpoint,
            progress=lambda done, total: print(f"{done}/{total}", end="\r", flush=True),
        )
        if arguments.update:
            old = pd.read_parquet(out)
            frame = pd.concat([old[~old["strategy"].isin(frame["strategy"])], frame])
        frame.to_parquet(out, index=False)
    frame = pd.read_parquet(out)
    budgets = [b for b in (5, 10, 20, 50, 80) if b <= frame["evaluation"].max()]
    pd.set_option("display.width", 200, "display.max_columns", 30, "display.max_rows", 200)
    print(f"\nRegret × 100, {frame.seed.nunique()} seeds, {frame.task.nunique()} tasks, 95 % intervals over seeds")
    print(regret_at(frame, budgets).to_string())
    print("\nEvaluations to the optimum, by canonical form")
    print(evaluations_to_optimum(frame).to_string())
    if "bayesian" in set(frame["strategy"]):
        print("\nEvaluations to match cold Bayesian search")
        print(evaluations_to_match(frame, "bayesian", budgets).to_string())
        for budget in [b for b in (50, 80) if b in budgets]:
            print(f"\nHarm: more than 10 % worse than cold Bayesian search at {budget}")
            print(harm_by_task(frame, "bayesian", budget).to_string())


if __name__ == "__main__":
    main()
