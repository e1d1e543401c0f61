"""NAS-Bench-Graph: graph neural networks on nine node-classification graphs."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from ..spaces import NASBenchGraphSpace
from .benchmark import Benchmark, BenchmarkInfo, MetricInfo, TaskInfo
from .cache import cached
from .sources import NAS_BENCH_GRAPH
from .task import Task
from .unpickling import NUMPY_SCALARS, unpickle

__all__ = ["NASBenchGraph"]

COLUMNS = {"valid_accuracy": "valid_perf", "test_accuracy": "perf", "latency": "latency", "parameters": "para"}
PERCENT = ("valid_accuracy", "test_accuracy")
CODE = 1  # raise it when `_decode` gives something else, so that older cache files are not taken


def _task(graph: str, architectures: int = 26_206) -> TaskInfo:
    return TaskInfo(architectures, distinct=architectures, description=f"classify the nodes of {graph}")


class NASBenchGraph(Benchmark):
    """26,206 graph neural networks on eight graphs, and 2,021 of them on a ninth, each trained three times.

    Every architecture is the canonical one of its class. ``proteins`` has those whose operations are gcn, sage, arma,
    fc or skip, and gives ROC-AUC where the others give accuracy. From ``qin2022``.
    """

    info = BenchmarkInfo(
        name="nas-bench-graph",
        description="Graph neural networks of four operations on nine node-classification graphs.",
        space="NASBenchGraphSpace",
        tasks=MappingProxyType({
            "cora": _task("Cora, a citation graph"),
            "citeseer": _task("CiteSeer, a citation graph"),
            "pubmed": _task("PubMed, a citation graph"),
            "cs": _task("Coauthor CS, a co-author graph"),
            "physics": _task("Coauthor Physics, a co-author graph"),
            "photo": _task("Amazon Photo, a co-purchase graph"),
            "computers": _task("Amazon Computers, a co-purchase graph"),
            "arxiv": _task("ogbn-arxiv, a citation graph"),
            "proteins": _task("ogbn-proteins, an association graph (ROC-AUC)", architectures=2_021),
        }),
        metrics=MappingProxyType({
            "valid_accuracy": MetricInfo(
                "maximize", "%", "validation accuracy, mean of three trainings; ROC-AUC on proteins"
            ),
            "test_accuracy": MetricInfo("maximize", "%", "test accuracy, mean of three trainings; ROC-AUC on proteins"),
            "latency": MetricInfo("minimize", "s", "time of one pass over the graph"),
            "parameters": MetricInfo("minimize", "million", "number of parameters"),
        }),
        objective="valid_accuracy",
        test_metric="test_accuracy",
        package=f"{NAS_BENCH_GRAPH.package} {NAS_BENCH_GRAPH.version}",
        licence="Apache-2.0",
        citation="qin2022",
    )  # fmt: skip

    def _load(self, name: str) -> Task:
        file = f"light/{name}.bench"
        data = NAS_BENCH_GRAPH.read(file)
        key = f"{NAS_BENCH_GRAPH.files[file]} {CODE}"
        arrays = cached(f"nas-bench-graph-{name}", key, lambda: _decode(unpickle(data, NUMPY_SCALARS, file)))
        return self._task(name, NASBenchGraphSpace().from_genotypes(arrays["genotypes"]), arrays)


def _decode(table: dict[int, dict[str, float]]) -> dict[str, npt.NDArray[Any]]:
    """Genotypes in ascending order, and the metrics in our units.

    A key has five decimal digits: the link pattern, then the four operations. The package's code also knows a base of
    six for proteins, but its file has the same digits as the others.
    """
    keys = np.sort(np.fromiter(table, dtype=np.int64))
    rows = [table[key] for key in keys.tolist()]
    arrays: dict[str, npt.NDArray[Any]] = {"genotypes": keys[:, None] // 10 ** np.arange(4, -1, -1) % 10}
    for metric, column in COLUMNS.items():
        values = np.asarray([row[column] for row in rows], dtype=np.float64)
        arrays[metric] = 100 * values if metric in PERCENT else values
    return arrays
