"""Tasks and benchmarks: architectures with what was measured of them, and graphs to train on."""

from typing import TYPE_CHECKING

from ..spaces.lazy import lazy

if TYPE_CHECKING:
    from .benchmark import Benchmark, BenchmarkInfo, MetricInfo, TaskInfo
    from .benchmarks import available, info, load_benchmark
    from .cache import cache_folder
    from .measurement_noise import MeasurementNoise, seed_weights
    from .node_classification import NodeGraph
    from .ready_graphs import node_graph, node_graphs
    from .tables import read_table
    from .task import Metric, Task
    from .unpickling import read_pickle

__all__ = [
    "Benchmark",
    "BenchmarkInfo",
    "MeasurementNoise",
    "Metric",
    "MetricInfo",
    "NodeGraph",
    "Task",
    "TaskInfo",
    "available",
    "cache_folder",
    "info",
    "load_benchmark",
    "node_graph",
    "node_graphs",
    "read_pickle",
    "read_table",
    "seed_weights",
]

_PLACES = {
    "Benchmark": "benchmark",
    "BenchmarkInfo": "benchmark",
    "MeasurementNoise": "measurement_noise",
    "Metric": "task",
    "MetricInfo": "benchmark",
    "NodeGraph": "node_classification",
    "Task": "task",
    "TaskInfo": "benchmark",
    "available": "benchmarks",
    "cache_folder": "cache",
    "info": "benchmarks",
    "load_benchmark": "benchmarks",
    "node_graph": "ready_graphs",
    "node_graphs": "ready_graphs",
    "read_pickle": "unpickling",
    "read_table": "tables",
    "seed_weights": "measurement_noise",
}

__getattr__, __dir__ = lazy(__name__, _PLACES)
