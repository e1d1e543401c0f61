"""Architectures as numbers: feature matrices, and graph tensors for networks."""

from functools import lru_cache

import numpy as np

from ..spaces import SearchSpace
from ..spaces.registry import Registry
from .adjacency import Adjacency
from .encoder import Encoder
from .graph_features import GraphFeatures
from .one_hot import OneHot
from .operation_counts import OperationCounts
from .path import Path
from .positional import Positional
from .weisfeiler_lehman import WeisfeilerLehman

__all__ = [
    "Adjacency",
    "Encoder",
    "GraphFeatures",
    "OneHot",
    "OperationCounts",
    "Path",
    "Positional",
    "WeisfeilerLehman",
    "available",
    "fitted",
    "make",
    "registry",
]

registry: Registry[Encoder] = Registry(
    "encoder",
    "augury.encoders",
    {
        "one-hot": "one_hot:OneHot",
        "operation-counts": "operation_counts:OperationCounts",
        "adjacency": "adjacency:Adjacency",
        "graph-features": "graph_features:GraphFeatures",
        "path": "path:Path",
        "positional": "positional:Positional",
        "weisfeiler-lehman": "weisfeiler_lehman:WeisfeilerLehman",
    },
)
available = registry.available
make = registry.make


@lru_cache(maxsize=8)
def fitted(name: str, space: SearchSpace, *, canonical: bool = True) -> Encoder:
    """The encoder of that name for a space, one for all who ask, so that they share the rows it remembers."""
    encoder = make(name, canonical=canonical)
    return encoder.fit(space.from_genotypes(np.zeros((0, len(space.cardinalities)), dtype=np.int64)))
