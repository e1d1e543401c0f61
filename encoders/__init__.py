"""Architectures as numbers: feature matrices, and graph tensors for networks."""

from typing import TYPE_CHECKING

from ..spaces.lazy import lazy
from ..spaces.registry import Registry
from . import proxies
from .adjacency import Adjacency
from .decisions import Decisions
from .encoder import Encoder
from .flow import Flow
from .graph_features import GraphFeatures
from .live_proxies import LiveProxies
from .one_hot import OneHot
from .operation_counts import OperationCounts
from .operation_kinds import OperationKinds
from .operation_knowledge import OperationKnowledge
from .path import Path
from .positional import Positional
from .proxy_table import ProxyTable
from .shared import fitted
from .weisfeiler_lehman import WeisfeilerLehman

if TYPE_CHECKING:
    from .arch2vec import Arch2Vec, Reconstruction
    from .cate import CATE

__all__ = [
    "CATE",
    "Adjacency",
    "Arch2Vec",
    "Decisions",
    "Encoder",
    "Flow",
    "GraphFeatures",
    "LiveProxies",
    "OneHot",
    "OperationCounts",
    "OperationKinds",
    "OperationKnowledge",
    "Path",
    "Positional",
    "ProxyTable",
    "Reconstruction",
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
        "arch2vec": "arch2vec:Arch2Vec",
        "cate": "cate:CATE",
        "decisions": "decisions:Decisions",
        "flow": "flow:Flow",
        "graph-features": "graph_features:GraphFeatures",
        "path": "path:Path",
        "positional": "positional:Positional",
        "operation-kinds": "operation_kinds:OperationKinds",
        "operation-knowledge": "operation_knowledge:OperationKnowledge",
        "weisfeiler-lehman": "weisfeiler_lehman:WeisfeilerLehman",
    },
)
available = registry.available
make = registry.make

_PLACES = {"CATE": "cate", "Arch2Vec": "arch2vec", "Reconstruction": "arch2vec"}  # these load torch

__getattr__, __dir__ = lazy(__name__, _PLACES)
