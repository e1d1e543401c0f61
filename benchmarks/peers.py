"""Kendall tau beside that of peers' published code, on the same rows.

    python benchmarks/peers.py --data FOLDER                       # every predictor, the peers' splits
    python benchmarks/peers.py --data FOLDER --by-form             # equivalent cells never on both sides
    python benchmarks/peers.py --predictors auto random-forest
    python benchmarks/peers.py --print                             # the stored values only

The folder holds ``peer_splits.parquet``, ``peers.csv`` and ``nb201_zero_cost_proxies.parquet``; the labels of
``nb201-analog`` are read, never run, from the installed package ``analog-nasbench``. The test rows of a suite and the
training rows of seeds 0 to 2 are those the peers had; further seeds draw theirs from the rows that are not for testing.
With ``--by-form`` each seed draws both, of distinct canonical forms. Each predictor stands for the peers' methods as
told in ``PREDICTORS``; on ``nb201-proxies`` all of them see the 13 zero-cost proxies of the table. Raw values go to
``benchmarks/results`` as Parquet.
"""

from __future__ import annotations

import argparse
import importlib.util
import time
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.pipeline import FeatureUnion
from threadpoolctl import threadpool_limits

import augury
from augury.data.unpickling import read_pickle
from augury.encoders import ProxyTable
from augury.encoders import make as make_encoder
from augury.evaluation import kendall_tau, mean_interval
from augury.predictors import Predictor, make
from augury.spaces import Architectures, NASBench201Space

RESULTS = Path(__file__).parent / "results"
SUITES = ("nb201-analog", "nb201-proxies", "nas-bench-graph/cora", "nas-bench-graph/arxiv")
SIZES = (10, 20, 50, 100, 200, 400)
TESTS = 2000
LEVEL = 1.645  # standard deviations either side of the mean hold 90 %

# NAS-BOWL chooses the depth by marginal likelihood; ours weighs them by it
DEPTHS = [make_encoder("weisfeiler-lehman", iterations=depth) for depth in (0, 1, 2)]

# GRAF takes every subset of operations; ours leaves out those of middle size where operations are many
ALL_SUBSETS = make_encoder("graph-features", subset_size=9)

# ours → the peers' method it stands for, its names in peers.csv, and arguments other than the defaults
PREDICTORS: dict[str, tuple[str, tuple[str, ...], dict[str, object]]] = {
    "auto": ("", (), {}),
    "gaussian-process": ("", (), {}),
    "wl-gp": (
        "NAS-BOWL (WL-GP)",
        ("nasbowl_wl",),
        {"predictor": "gaussian-process", "encoders": tuple(DEPTHS), "kernel": "linear"},
    ),
    "random-forest": ("", (), {}),
    "extra-trees": ("", (), {}),
    "xgboost": ("", (), {}),
    "graf-forest": (
        "GRAF + random forest",
        ("graf_rf", "graf_zcp_rf"),
        {"predictor": "random-forest", "encoder": ALL_SUBSETS},
    ),
    "graf-xgboost": (
        "GRAF + XGBoost",
        ("graf_xgb", "graf_zcp_xgb"),
        {"predictor": "xgboost", "encoder": ALL_SUBSETS},
    ),
    "bayesian-ridge": ("NASLib BLR", ("naslib_blr",), {}),
    "mlp-ensemble": ("NASLib BANANAS ensemble", ("naslib_bananas_ens3",), {}),
    "gcn": ("BRP-NAS GCN", ("brp_gcn",), {}),
    "gin": ("", (), {}),
    "gat": ("", (), {}),
    "gates": ("FLAN", ("flan",), {}),
    "graph-transformer": ("PINAT", ("pinat",), {}),
}
REMADE = 0.02  # a method that is made anew is to reach its published code's figure within this


class _Record:
    """Stands in for the package's classes: attributes only."""


def analog_labels() -> tuple[Architectures, np.ndarray]:
    """All cells of NAS-Bench-201 and their digital baseline accuracy."""
    spec = importlib.util.find_spec("analognasbench")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit('nb201-analog is read from a package: pip install --no-deps "analog-nasbench==0.1.3".')
    names = ("Architecture", "DriftMeasurement")
    table = read_pickle(
        Path(spec.submodule_search_locations[0]) / "data.anb",
        {f"analognasbench.data.{name}": _Record for name in names},
    )
    codes = np.asarray(list(table))
    # its order of edges is 0→1, 0→2, 0→3, 1→2, 1→3, 2→3, of operations skip, none, 3x3, 1x1, pool
    genotypes = np.asarray([1, 0, 3, 2, 4])[codes[:, [0, 1, 3, 2, 4, 5]]]
    space = NASBench201Space()
    return space.from_genotypes(genotypes), np.asarray([record.baseline_accuracy for record in table.values()])


def labels(suite: str, data: Path) -> tuple[Architectures, np.ndarray, ProxyTable | None]:
    """Architectures, values, and the proxies that come with them."""
    if suite == "nb201-analog":
        return *analog_labels(), None
    if suite == "nb201-proxies":
        table = pd.read_parquet(data / "nb201_zero_cost_proxies.parquet")
        architectures = NASBench201Space().parse(table["arch"].tolist())
        names = [name for name in table if name.startswith("cifar10/") and name != "cifar10/val_acc_single"]
        proxies = ProxyTable(architectures=architectures, columns={name: table[name].to_numpy() for name in names})
        return architectures, table["cifar10/val_acc_single"].to_numpy(), proxies
    task = augury.load_benchmark("nas-bench-graph")[suite.removeprefix("nas-bench-graph/")]
    return task.architectures, task.y, None


def split(
    suite: str, seed: int, architectures: Architectures, arguments: argparse.Namespace
) -> tuple[np.ndarray, np.ndarray]:
    """Training rows, in order, and test rows."""
    if arguments.by_form:
        order = np.random.default_rng(seed).permutation(architectures.distinct())
        return order[: max(SIZES)], order[-TESTS:]
    stored = pd.read_parquet(arguments.data / "peer_splits.parquet").query("suite == @suite").sort_values("rank")
    keys = architectures.space.parse(stored["arch"].tolist()).keys()
    order = np.argsort(architectures.keys())
    rows = order[np.searchsorted(architectures.keys()[order], keys)]
    test = rows[(stored["role"] == "test").to_numpy()]
    train = rows[((stored["role"] == "train") & (stored["seed"] == seed)).to_numpy()]
    if not len(train):
        rest = np.setdiff1d(np.arange(len(architectures)), test)
        train = np.random.default_rng(seed).choice(rest, size=max(SIZES), replace=False)
    return train, test


def build(name: str, proxies: ProxyTable | None) -> Predictor:
    """A new predictor, which sees the proxies, if there are any, beside what it sees anyway."""
    options = dict(PREDICTORS[name][2])
    predictor = make(str(options.pop("predictor", name)), **options)
    if proxies is None:
        return predictor
    own = predictor.get_params(deep=False)
    if "encoder" in own:
        parts = [make_encoder(part) if isinstance(part, str) else part for part in (own["encoder"], proxies)]
        return predictor.set_params(encoder=FeatureUnion([(str(i), part) for i, part in enumerate(parts)]))
    return predictor.set_params(encoders=(*own["encoders"], proxies))


def one_seed(suite: str, seed: int, arguments: argparse.Namespace) -> list[dict[str, object]]:
    """All predictors and sizes on one split."""
    found: list[dict[str, object]] = []
    architectures, y, proxies = labels(suite, arguments.data)
    train, test = split(suite, seed, architectures, arguments)
    with threadpool_limits(1):
        for name in arguments.predictors:
            unfitted = build(name, proxies)
            for n in arguments.sizes:
                begun = time.perf_counter()
                predictor = clone(unfitted).fit(architectures[train[:n]], y[train[:n]])
                seconds = time.perf_counter() - begun
                mean, std = predictor.predict(architectures[test], return_std=True)
                found.append({
                    "predictor": name, "suite": suite, "n": n, "seed": seed, "tau": kendall_tau(y[test], mean),
                    "coverage_90": float(np.mean(np.abs(y[test] - mean) < LEVEL * std)), "fit_seconds": seconds,
                })  # fmt: skip
    print(f"{suite}, seed {seed} done", flush=True)
    return found


def print_remade(ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    """Each method that was made anew beside the published code, on the seeds of both."""
    for name, (_, peers, _) in PREDICTORS.items():
        # where a suite has proxies, the peer that sees them, as ours does
        known = [peer for peer in peers if peer in set(theirs.peer)][-1:]
        own = ours[ours.predictor == name]
        if not known or own.empty:
            continue
        rows = theirs[theirs.peer == known[0]]
        figure = rows.groupby("n_train").kendall_tau.mean()
        reached = {n: own[(own.n == n) & own.seed.isin(rows.seed[rows.n_train == n])].tau.mean() for n in SIZES}
        cells = [
            f"{reached[n]:.3f}/{figure[n]:.3f}{'' if reached[n] >= figure[n] - REMADE else '!'}" if n in figure else "–"
            for n in SIZES
        ]
        print(f"{f'{name} / {known[0]}':42s}" + "".join(f"{cell:>16s}" for cell in cells))


def least_lead(ours: pd.DataFrame, theirs: pd.DataFrame, n: int) -> float:
    """By how much `auto` is ahead of the peer that comes nearest to it with ``n`` architectures, each on its seeds."""
    auto = ours[(ours.predictor == "auto") & (ours.n == n)].set_index("seed").tau
    paired = theirs[(theirs.n_train == n) & theirs.seed.isin(auto.index)]
    leads = auto.loc[paired.seed].to_numpy() - paired.kendall_tau
    return float(leads.groupby(paired.peer).mean().min())


def show(frame: pd.DataFrame, peers: pd.DataFrame | None) -> None:
    """The tables: ours, then peers' own figures, and by how much `auto` leads."""
    leads = []
    for suite, part in frame.groupby("suite", sort=False):
        print(f"\n{suite}: Kendall tau, mean of {part.seed.nunique()} seeds, 95 % intervals")
        print(f"{'':42s}" + "".join(f"{n:>16d}" for n in SIZES))
        for name, rows in part.groupby("predictor", sort=False):
            method = PREDICTORS[name][0]
            cells = []
            for n in SIZES:
                values = rows.loc[rows.n == n, "tau"].to_numpy()
                interval = mean_interval(values) if len(values) > 1 else None
                cells.append(f"{interval.mean:.3f} ±{(interval.high - interval.low) / 2:.3f}" if interval else "–")
            print(f"{name + (f' ({method})' if method else ''):42s}" + "".join(f"{cell:>16s}" for cell in cells))
        if peers is not None:
            best = peers[peers.suite == suite].groupby(["n_train", "peer"]).kendall_tau.mean().unstack(0)
            print(f"{'best peer':42s}" + "".join(f"{best[n].max():>16.3f}" for n in SIZES))
            print(f"{'':42s}" + "".join(f"{best[n].idxmax()[:15]:>16s}" for n in SIZES))
            print_remade(part, peers[peers.suite == suite])
            leads.append([least_lead(part, peers[peers.suite == suite], n) for n in SIZES])
            print(f"{'auto less any peer, on its seeds':42s}" + "".join(f"{lead:>+16.3f}" for lead in leads[-1]))
    print("\nmean of the suites and seeds")
    order = list(frame.predictor.unique())
    print(frame.groupby(["predictor", "n"]).tau.mean().unstack().loc[order].round(3).to_string())
    if leads:
        mean = np.nanmean(leads)
        print(f"\nauto less the peer that comes nearest, each on its seeds, mean over suites and sizes: {mean:+.3f}")
    auto = frame[frame.predictor == "auto"]
    for n in (50, 200):
        covered = auto[auto.n == n].groupby("suite").coverage_90.mean()
        print(f"coverage of auto's 90 % intervals at n = {n}: {covered.mean():.3f}")
    print("seconds a fit at n = 100, median:")
    print(frame[frame.n == 100].groupby("predictor", sort=False).fit_seconds.median().round(2).to_string())


def main() -> None:
    """Run, store, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=None, help="folder with the peers' splits and results")
    parser.add_argument("--by-form", action="store_true", help="split by canonical form, without the peers")
    parser.add_argument("--predictors", nargs="+", default=list(PREDICTORS), choices=list(PREDICTORS))
    parser.add_argument("--suites", nargs="+", default=list(SUITES), choices=SUITES)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=None)
    parser.add_argument("--print", action="store_true", help="read the stored values only")
    arguments = parser.parse_args()
    out = arguments.out or RESULTS / f"peers{'_by_form' if arguments.by_form else ''}.parquet"
    if not arguments.print:
        if arguments.data is None:
            parser.error("--data FOLDER is needed, but for --print")
        seeds = range(arguments.first_seed, arguments.first_seed + arguments.seeds)
        parts = joblib.Parallel(arguments.jobs)(
            joblib.delayed(one_seed)(suite, seed, arguments) for suite in arguments.suites for seed in seeds
        )
        new = pd.DataFrame([row for part in parts for row in part])
        if out.exists():  # what was measured earlier stays
            old = pd.read_parquet(out)
            cells = ["predictor", "suite", "n"]
            again = pd.MultiIndex.from_frame(old[cells]).isin(pd.MultiIndex.from_frame(new[cells]))
            new = pd.concat([old[~again], new])
        new.to_parquet(out, index=False)
    peers = None
    if arguments.data is not None and not arguments.by_form:
        peers = pd.read_csv(arguments.data / "peers.csv")
    show(pd.read_parquet(out), peers)


if __name__ == "__main__":
    main()
