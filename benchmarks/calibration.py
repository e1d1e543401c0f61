"""How honest the predictors' uncertainty is: coverage of 90 % intervals, log-likelihood, sharpness.

    python benchmarks/calibration.py                          # every predictor, n = 50 and 200, NAS-Bench-Graph
    python benchmarks/calibration.py --seeds 2 --predictors bayesian-ridge "conformal bayesian-ridge" --metas auto
    python benchmarks/calibration.py --predictors auto --update   # the others' stored values stay
    python benchmarks/calibration.py --print                  # the stored values only

Every task and seed gives one split: training architectures in random order, of which the first n are taken, and 2,000
other canonical forms to test on. Likelihood and sharpness are of values over the standard deviation of the task's test
values, so that tasks of different scales may be averaged. ``conformal X`` is `ConformalPredictor` around X. Each of
``--metas`` learns from 200 evaluations of every other task, drawn anew with each seed, and adapts to the same n. Means
are over the tasks, 95 % intervals over the seeds. Raw values go to ``benchmarks/results`` as Parquet.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from scipy.stats import norm
from threadpoolctl import threadpool_limits

import augury
from augury.evaluation import (
    calibration_error,
    coverage,
    interval_score,
    kendall_tau,
    mean_interval,
    nll,
    sharpness,
)
from augury.meta import other_tasks
from augury.predictors import ConformalPredictor, Predictor

RESULTS = Path(__file__).parent / "results"
HELD_OUT = 2000
SOURCE = 200  # evaluations of each, for meta-learners
LEVEL = 0.9
CONFORMAL = "conformal "  # before the name of what is inside
META = " (meta)"  # after a meta-learner's name
Fit = Callable[[augury.Task], Predictor]


def make(name: str) -> Predictor:
    """A new predictor of that name, where one after ``"conformal "`` is the predictor inside."""
    if name.startswith(CONFORMAL):
        return ConformalPredictor(predictor=name.removeprefix(CONFORMAL))
    return augury.predictors.make(name)


def one_split(arguments: argparse.Namespace, target: str, seed: int) -> list[dict[str, object]]:
    """All predictors and sizes on one split of one task."""
    with threadpool_limits(1):
        task = augury.load_benchmark(arguments.benchmark)[target]
        train, rest = task.split(n_train=max(arguments.sizes), seed=seed)
        forms = len(rest.architectures.distinct())
        test = rest.sample(min(HELD_OUT, forms), np.random.default_rng(seed))
        fits: dict[str, Fit] = {
            name: lambda some, name=name: make(name).fit(some.architectures, some.y) for name in arguments.predictors
        }
        if arguments.metas:
            sources = other_tasks(augury.load_benchmark(arguments.benchmark), target, n=SOURCE, seed=seed)
            for name in arguments.metas:
                meta = augury.meta.make(name).fit(sources)
                fits[name + META] = lambda some, meta=meta: meta.adapt(some.architectures, some.y)
        return [
            {"predictor": name, "task": target, "seed": seed, "size": size}
            | measured(fit, train.select(np.arange(size)), test)
            for size in arguments.sizes
            for name, fit in fits.items()
        ]


def measured(fit: Fit, train: augury.Task, test: augury.Task) -> dict[str, float]:
    """All numbers of one fit."""
    begun = time.perf_counter()
    predictor = fit(train)
    seconds = time.perf_counter() - begun
    mean, std = predictor.predict(test.architectures, return_std=True)
    scale = float(test.y.std())
    y, mean, std = test.y / scale, mean / scale, std / scale
    reach = norm.ppf(0.5 + LEVEL / 2) * std
    row = {
        "coverage": coverage(y, mean, std, LEVEL),
        "nll": nll(y, mean, std),
        "sharpness": sharpness(std),
        "calibration_error": calibration_error(y, mean, std),
        "interval_score": interval_score(y, mean - reach, mean + reach, LEVEL),
        "kendall_tau": kendall_tau(y, mean),
        "fit_seconds": seconds,
    }
    if isinstance(predictor, ConformalPredictor):  # its own intervals, which need not be symmetric
        low, high = (ends / scale for ends in predictor.predict_interval(test.architectures, LEVEL))
        row["own_coverage"] = float(np.mean((low <= y) & (y <= high)))
        row["own_interval_score"] = interval_score(y, low, high, LEVEL)
    return row


def every_predictor() -> list[str]:
    """All that are registered, and conformal ones around them."""
    plain = [name for name in augury.predictors.available() if name not in ("auto", "conformal")]
    return [*plain, *(CONFORMAL + name for name in plain)]


def main() -> None:
    """Run, store, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--benchmark", default="nas-bench-graph")
    parser.add_argument("--predictors", nargs="+", default=every_predictor())
    parser.add_argument("--metas", nargs="*", default=[], help="meta-learners")
    parser.add_argument("--sizes", type=int, nargs="+", default=[50, 200])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--targets", nargs="*", default=None)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=None)
    parser.add_argument("--update", action="store_true", help="keep the stored rows of the others")
    parser.add_argument("--print", action="store_true", help="read the stored values only")
    arguments = parser.parse_args()
    out = arguments.out or RESULTS / f"calibration_{arguments.benchmark}.parquet"
    if not arguments.print:
        targets = arguments.targets or [task.name for task in other_tasks(augury.load_benchmark(arguments.benchmark))]
        seeds = range(arguments.first_seed, arguments.first_seed + arguments.seeds)
        jobs = [joblib.delayed(one_split)(arguments, target, seed) for seed in seeds for target in targets]
        kept = pd.read_parquet(out) if arguments.update else pd.DataFrame({"predictor": []})
        kept = kept[~kept.predictor.isin([*arguments.predictors, *(name + META for name in arguments.metas)])]
        rows: list[dict[str, object]] = []
        for done, part in enumerate(joblib.Parallel(arguments.jobs, return_as="generator")(jobs), 1):
            rows += part
            pd.concat([pd.DataFrame(rows), kept]).to_parquet(out, index=False)  # stays if the rest is broken off
            print(f"{done} of {len(jobs)} splits done", flush=True)
    show(pd.read_parquet(out))


def show(frame: pd.DataFrame) -> None:
    """Means over tasks, with their intervals over seeds."""
    print(f"\n{frame.task.nunique()} tasks, {frame.seed.nunique()} seeds, 95 % intervals over seeds; in units of the")
    print("test values' standard deviation; coverage should be 0.90, the rest small, tau large")
    shown = ("coverage", "nll", "sharpness", "calibration_error", "interval_score", "own_coverage", "kendall_tau")
    for size, of_size in frame.groupby("size"):
        print(f"\nn = {size}")
        print(f"{'':26s}" + "".join(f"{name.replace('_', ' '):>22s}" for name in shown))
        for name, some in of_size.groupby("predictor", sort=False):
            cells = []
            for column in shown:
                if column not in some or some[column].isna().all():
                    cells.append("")
                    continue
                interval = mean_interval(some.groupby("seed")[column].mean().to_numpy())
                ends = f"[{interval.low:.2f}, {interval.high:.2f}]" if np.isfinite(interval.low) else ""
                cells.append(f"{interval.mean:.2f} {ends}")
            print(f"{name:26s}" + "".join(f"{cell:>22s}" for cell in cells))


if __name__ == "__main__":
    main()
