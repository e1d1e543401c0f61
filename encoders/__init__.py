"""Architectures as numbers: feature matrices, and graph tensors for networks."""

from functools import lru_cache

import numpy as np

from ..spaces import SearchSpace
from ..spaces.registry import Registry
from . import proxies
from .adjacency import Adjacency
from .encoder import Encoder
from .graph_features import GraphFeatures
from .one_hot import OneHot
from .path import Path
from .positional import Positional
from .weisfeiler_lehman import WeisfeilerLehman

__all__ = [
    "Adjacency",
    "Encoder",
    "GraphFeatures",
    "OneHot",
    "Path",
    "Positional",
    "WeisfeilerLehman",
    "available",
    "fitted",
    "make",
    "proxies",
    "registry",
]

registry: Registry[Encoder] = Registry(
    "encoder",
    "augury.encoders",
    {
        "one-hot": "one_hot:OneHot",
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
def fitted(name: str, space: SearchSpace) -> Encoder:
    """The encoder of that name for a space, one for all who ask, so that they share the rows it remembers."""
    return make(name).fit(space.from_genotypes(np.zeros((0, len(space.cardinalities)), dtype=np.int64)))
