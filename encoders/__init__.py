"""Architectures as numbers: feature matrices, and graph tensors for networks."""

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from ..spaces import SearchSpace
from ..spaces.registry import Registry
from .adjacency import Adjacency
from .encoder import Encoder
from .graph_features import GraphFeatures
from .one_hot import OneHot
from .path import Path
from .positional import Positional
from .weisfeiler_lehman import WeisfeilerLehman

if TYPE_CHECKING:
    from .arch2vec import Arch2Vec, Reconstruction
    from .cate import CATE

__all__ = [
    "CATE",
    "Adjacency",
    "Arch2Vec",
    "Encoder",
    "GraphFeatures",
    "OneHot",
    "Path",
    "Positional",
    "Reconstruction",
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
        "arch2vec": "arch2vec:Arch2Vec",
        "one-hot": "one_hot:OneHot",
        "adjacency": "adjacency:Adjacency",
        "cate": "cate:CATE",
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


_PLACES = {"CATE": "cate", "Arch2Vec": "arch2vec", "Reconstruction": "arch2vec"}  # these load torch


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_PLACES[name]}", __name__), name)
