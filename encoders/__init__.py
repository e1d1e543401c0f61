"""Architectures as numbers: feature matrices, and graph tensors for networks."""

from ..spaces.registry import Registry
from .encoder import Encoder
from .graph_features import GraphFeatures
from .one_hot import OneHot

__all__ = ["Encoder", "GraphFeatures", "OneHot", "available", "make", "registry"]

registry: Registry[Encoder] = Registry(
    "encoder",
    "augury.encoders",
    {"one-hot": "one_hot:OneHot", "graph-features": "graph_features:GraphFeatures"},
)
available = registry.available
make = registry.make
