"""The benchmarks by name."""

from __future__ import annotations

from ..spaces import Registry
from .benchmark import Benchmark, BenchmarkInfo

__all__ = ["available", "info", "load_benchmark"]

_registry: Registry[Benchmark] = Registry(
    "benchmark",
    "augury.data",
    {
        "hpobench-mlp": "hyperparameter_tables:HPOBenchMLP",
        "hpolib-fcnet": "hyperparameter_tables:HPOLibFCNet",
        "nas-bench-201": "nas_bench_201:NASBench201",
        "nas-bench-graph": "nas_bench_graph:NASBenchGraph",
    },
)


def available() -> tuple[str, ...]:
    """The names that `load_benchmark` takes; reads no data.

    >>> "nas-bench-graph" in available()
    True
    """
    return _registry.available()


def load_benchmark(name: str) -> Benchmark:
    """A benchmark: a mapping from names to tasks, each read when it is first asked for.

    Args:
        name: One of `available`.

    Raises:
        UnknownNameError: No such benchmark.

    >>> list(load_benchmark("nas-bench-201"))
    ['cifar10', 'cifar100', 'imagenet16-120']
    """
    return _registry.make(name)


def info(name: str) -> BenchmarkInfo:
    """What there is to know of a benchmark, without reading its data.

    Args:
        name: One of `available`.

    Raises:
        UnknownNameError: No such benchmark.

    >>> info("nas-bench-graph").tasks["cora"].architectures
    26206
    """
    return _registry.load(name).info
