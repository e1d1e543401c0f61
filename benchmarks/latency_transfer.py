"""Latency on a device not seen before, after a few measurements.

    python benchmarks/latency_transfer.py FOLDER      # which holds {nb201,fbnet}_help_latency.parquet
    python benchmarks/latency_transfer.py FOLDER --metas help --sizes 10 --update
    python benchmarks/latency_transfer.py --print     # read the stored values only

The tables are those of HELP (``lee2021help``): a column ``arch``, then ``DEVICE/latency_ms``. Its protocol: nine source
devices, 900 architectures each on NAS-Bench-201 and 4,000 on FBNet, 10 measurements on a target device. A seed draws
the sources' architectures and, where the design is random, the measured ones; the informative design comes from the
sources' architectures. Spearman's correlation is over all other architectures, and over those whose true latency lies
in the middle 80 % of theirs. The hard splits have sources unlike their targets; how far any sum over operations can get
there is told by a ridge regression on as many architectures of the target itself as a source has. Means are over the
targets, 95 % intervals over the seeds with the targets fixed. Raw values go to ``benchmarks/results`` as Parquet.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn.linear_model import Ridge
from threadpoolctl import threadpool_limits

import augury
from augury.data import read_table
from augury.encoders import OneHot
from augury.evaluation import mean_interval, spearman
from augury.meta.additive_gp import KERNELS, NOISE
from augury.predictors import ExactGP
from augury.spaces import ChoiceSpace, NASBench201Space

OUT = Path(__file__).parent / "results" / "latency_transfer.parquet"
FBNET = ChoiceSpace({f"layer{i}": tuple(f"choice{j}" for j in range(9)) for i in range(22)})
PHONES = ("samsung_a50", "pixel3", "essential_ph_1", "samsung_s7")
GPUS = ("1080ti", "2080ti", "titan_rtx", "titanx", "titanxp")
SPLITS = {  # name: (table, architectures a source, sources, targets)
    "NAS-Bench-201, HELP's split": (
        "nb201", 900, ("1080ti_1", "1080ti_32", "1080ti_256", "silver_4114", "silver_4210r", *PHONES),
        ("titan_rtx_256", "gold_6226", "fpga", "pixel2", "raspi4", "eyeriss"),
    ),
    "FBNet, HELP's split": (
        "fbnet", 4000, ("1080ti_1", "1080ti_32", "1080ti_64", "silver_4114", "silver_4210r", *PHONES),
        ("fpga", "raspi4", "eyeriss"),
    ),
    "NAS-Bench-201, only GPUs to others": (
        "nb201", 900, tuple(f"{name}_{batch}" for name in GPUS for batch in (1, 256)),
        ("pixel2", "pixel3", "samsung_a50", "samsung_s7", "essential_ph_1", "raspi4", "fpga", "eyeriss"),
    ),
    "FBNet, only GPUs to others": (
        "fbnet", 4000, tuple(f"{name}_{batch}" for name in GPUS for batch in (1, 64)),
        ("pixel3", "samsung_a50", "raspi4", "fpga", "eyeriss"),
    ),
    "FBNet, only GPUs with batches of 64 to others": (
        "fbnet", 4000, tuple(f"{name}_64" for name in GPUS),
        ("pixel3", "samsung_a50", "raspi4", "fpga", "eyeriss"),
    ),
    "FBNet, only GPUs to the devices hardest to tell": (
        "fbnet", 4000, tuple(f"{name}_{batch}" for name in GPUS for batch in (1, 64)),
        ("pixel2", "samsung_s7", "essential_ph_1", "silver_4114", "gold_6240"),
    ),
}  # fmt: skip
PLAIN = "sources, counts and genotype"
ABLATIONS = {"sources alone": (0, 1), "operation counts alone": (0, 2), PLAIN: (0, 1, 2, 4)}


def device_tasks(frame: pd.DataFrame) -> dict[str, augury.Task]:
    """A task for each device of a table."""
    first = str(frame["arch"].iloc[0])
    space = NASBench201Space() if first.startswith("|") else FBNET
    if space is FBNET:  # "0_8_3": the index of each layer's choice
        choices = [[int(choice) for choice in text.split("_")] for text in frame["arch"]]
        frame = frame.assign(arch=space.from_genotypes(choices).format())
    latencies = [column for column in frame if str(column).endswith("/latency_ms")]
    whole = augury.Task.from_table(
        frame, space=space, architecture="arch", metrics=dict.fromkeys(latencies, "minimize"),
        objective=latencies[0], name="latency", units=dict.fromkeys(latencies, "ms"),
    )  # fmt: skip
    return {
        name.removesuffix("/latency_ms"): augury.Task(name, whole.architectures, {name: whole.metrics[name]}, name)
        for name in latencies
    }


def middle(y: np.ndarray, mean: np.ndarray) -> float:
    """Spearman's correlation where the truth lies between its tenth and ninetieth percentile."""
    low, high = np.quantile(y, (0.1, 0.9))
    kept = (y >= low) & (y <= high)
    return spearman(y[kept], mean[kept])


def ablated(meta: augury.meta.AdditiveGP, support: augury.Task, keep: tuple[int, ...], groups: list) -> np.ndarray:
    """A Gaussian process with some of the kernels only, normal noise and no prior mean."""
    z = (support.y - support.y.mean()) / (support.y.std() or 1.0)
    _, own = meta._inputs.transform(support.architectures)
    gp = ExactGP([KERNELS[i] for i in keep], noise=NOISE).fit([own[i] for i in keep], z)
    return gp.mean([groups[i] for i in keep])


def one_seed(folder: Path, split: str, seed: int, sizes: list[int], metas: list[str]) -> list[dict[str, object]]:
    """All targets, sizes, designs and methods of one seed."""
    with threadpool_limits(1):
        return list(_one_seed(folder, split, seed, sizes, metas))


def _one_seed(folder: Path, split: str, seed: int, sizes: list[int], metas: list[str]) -> Iterator[dict[str, object]]:
    table, n, source_names, targets = SPLITS[split]
    tasks = device_tasks(read_table(folder / f"{table}_help_latency.parquet"))
    everyone = next(iter(tasks.values())).architectures
    order = np.random.default_rng(seed).permutation(len(everyone))
    rows = np.sort(order[:n])
    sources = [tasks[name].select(rows) for name in source_names]
    at_random = np.random.default_rng([seed, 1]).permutation(len(everyone))
    place = {tuple(everyone.genotypes[row]): row for row in rows}
    one_hot = OneHot(canonical=False).fit(everyone).transform(everyone)
    others = order[n:]
    for target in targets:
        y = tasks[target].y
        mean = Ridge().fit(one_hot[rows], (y[rows] - y[rows].mean()) / y[rows].std()).predict(one_hot[others])
        yield {
            "split": split, "method": "sum over operations", "design": "random", "target": target, "seed": seed,
            "k": n, "spearman": spearman(y[others], mean), "middle": middle(y[others], mean),
        }  # fmt: skip
    for name in metas:
        meta = augury.meta.make(name).fit(sources)
        groups = []
        if name == "additive-gp":
            groups = meta._inputs.transform(everyone)[1]
        for k in sizes:
            designs = {"random": at_random[:k]}
            if k:
                designs["informative"] = np.asarray(
                    [place[tuple(genotype)] for genotype in meta.initial_design(k).genotypes]
                )
            for design, chosen in designs.items():
                held = np.setdiff1d(np.arange(len(everyone)), chosen)
                for target in targets:
                    task = tasks[target]
                    support = task.select(chosen)
                    methods = {name: meta.adapt(support.architectures, support.y).predict(everyone)}
                    if k and name == "additive-gp":
                        methods |= {what: ablated(meta, support, keep, groups) for what, keep in ABLATIONS.items()}
                    for method, mean in methods.items():
                        yield {
                            "split": split, "method": method, "design": design, "target": target, "seed": seed, "k": k,
                            "spearman": spearman(task.y[held], mean[held]),
                            "middle": middle(task.y[held], mean[held]),
                        }  # fmt: skip
    print(f"{split}, seed {seed} done", flush=True)


def show(frame: pd.DataFrame) -> None:
    """Tables of means and intervals."""
    for split, part in frame.groupby("split", sort=False):
        print(f"\n{split}: {part.target.nunique()} targets, {part.seed.nunique()} seeds; Spearman all / middle 80 %")
        for (method, design, k), some in part.groupby(["method", "design", "k"], sort=False):
            cells = []
            for column in ("spearman", "middle"):
                interval = mean_interval(some.groupby("seed")[column].mean().to_numpy())
                cells.append(f"{interval.mean:.3f} [{interval.low:.3f}, {interval.high:.3f}]")
            print(f"  {method:24s} {design:12s} k={k:<3d} {' / '.join(cells)}")
        main = part[(part.method == "additive-gp") & (part.design == "informative") & (part.k == 10)]
        means = main.groupby("target", sort=False)[["spearman", "middle"]].mean()
        print("  additive-gp, informative ten: " + ", ".join(f"{t} {a:.3f}/{b:.3f}" for t, a, b in means.itertuples()))


def main() -> None:
    """Run, store, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", help="the folder with the tables")
    parser.add_argument("--splits", nargs="+", default=list(SPLITS))
    parser.add_argument("--metas", nargs="+", default=["additive-gp"])
    parser.add_argument("--sizes", type=int, nargs="+", default=[0, 5, 10, 20, 50])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--update", action="store_true", help="keep the stored rows of other splits and methods")
    parser.add_argument("--print", action="store_true", help="read the stored values only")
    arguments = parser.parse_args()
    if not arguments.print:
        if arguments.folder is None:
            parser.error("give the folder with the tables, or --print")
        seeds = range(arguments.first_seed, arguments.first_seed + arguments.seeds)
        parts = joblib.Parallel(arguments.jobs)(
            joblib.delayed(one_seed)(arguments.folder, split, seed, arguments.sizes, arguments.metas)
            for split in arguments.splits
            for seed in seeds
        )
        frame = pd.DataFrame([row for part in parts for row in part])
        if arguments.update:
            old = pd.read_parquet(arguments.out)
            new = pd.MultiIndex.from_frame(frame[["split", "method"]])
            frame = pd.concat([old[~pd.MultiIndex.from_frame(old[["split", "method"]]).isin(new)], frame])
        frame.to_parquet(arguments.out, index=False)
    show(pd.read_parquet(arguments.out))


if __name__ == "__main__":
    main()
