"""Predict how well a neural architecture will do before training it, and search with fewer real evaluations."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import data, encoders, evaluation, meta, predictors, search, spaces
    from .data import Metric, NodeGraph, Task, load_benchmark, node_graph, read_table
    from .search import History, Study, simulate
    from .spaces import Architecture, Architectures, AuguryError

__version__ = "0.1.0"

_PLACES = {
    "Architecture": "spaces",
    "Architectures": "spaces",
    "AuguryError": "spaces",
    "History": "search",
    "Metric": "data",
    "NodeGraph": "data",
    "Study": "search",
    "Task": "data",
    "load_benchmark": "data",
    "node_graph": "data",
    "read_table": "data",
    "simulate": "search",
}

__all__ = [
    "Architecture",
    "Architectures",
    "AuguryError",
    "History",
    "Metric",
    "NodeGraph",
    "Study",
    "Task",
    "data",
    "encoders",
    "evaluation",
    "load_benchmark",
    "meta",
    "node_graph",
    "predictors",
    "read_table",
    "search",
    "simulate",
    "spaces",
]


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(import_module(f".{_PLACES[name]}", __name__), name)
    if name in __all__:
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
