"""Architectures as numbers: feature matrices, and graph tensors for networks."""

from ..spaces.registry import Registry
from . import proxies
from .adjacency import Adjacency
from .encoder import Encoder
from .graph_features import GraphFeatures
from .live_proxies import LiveProxies
from .one_hot import OneHot
from .operation_counts import OperationCounts
from .operation_knowledge import OperationKnowledge
from .path import Path
from .positional import Positional
from .proxy_table import ProxyTable
from .shared import fitted
from .weisfeiler_lehman import WeisfeilerLehman

__all__ = [
    "Adjacency",
    "Encoder",
    "GraphFeatures",
    "LiveProxies",
    "OneHot",
    "OperationCounts",
    "OperationKnowledge",
    "Path",
    "Positional",
    "ProxyTable",
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
        "operation-counts": "operation_counts:OperationCounts",
        "adjacency": "adjacency:Adjacency",
        "graph-features": "graph_features:GraphFeatures",
        "path": "path:Path",
        "positional": "positional:Positional",
        "operation-knowledge": "operation_knowledge:OperationKnowledge",
        "weisfeiler-lehman": "weisfeiler_lehman:WeisfeilerLehman",
    },
)
available = registry.available
make = registry.make
