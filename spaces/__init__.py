"""What an architecture is: search spaces, batches of architectures, and their graphs."""

from . import factory as factory  # TYPES is there for notebooks
from .architectures import Architecture, Architectures, concatenate
from .choice import ChoiceSpace
from .edge_cell import EdgeCellSpace
from .errors import (
    AuguryError,
    DataError,
    InputError,
    MissingDependencyError,
    StudyError,
    UnknownNameError,
    UnsafeFileError,
)
from .graphs import GraphBatch
from .nas_bench_201 import NASBench201Space
from .nas_bench_graph import NASBenchGraphSpace
from .operation_cost import OperationCost
from .registry import Registry
from .space import SearchSpace

__all__ = [
    "Architecture",
    "Architectures",
    "AuguryError",
    "ChoiceSpace",
    "DataError",
    "EdgeCellSpace",
    "GraphBatch",
    "InputError",
    "MissingDependencyError",
    "NASBench201Space",
    "NASBenchGraphSpace",
    "OperationCost",
    "Registry",
    "SearchSpace",
    "StudyError",
    "UnknownNameError",
    "UnsafeFileError",
    "concatenate",
]
