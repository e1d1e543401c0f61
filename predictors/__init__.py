"""Predictors: what is known of one task's architectures becomes a guess at the others."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..spaces.registry import Registry

if TYPE_CHECKING:
    from ..encoders.ranks import normal_scores
    from .calibration import Calibration
    from .exact_gp import ExactGP, Kernel, LogNormal
    from .gat import GAT
    from .gates import GATES
    from .gaussian_process import GaussianProcess
    from .gcn import GCN
    from .geometric import GeometricPredictor
    from .gin import GIN
    from .graph_network import DenseGIN, GraphNetwork
    from .graph_transformer import GraphTransformer
    from .network_predictor import NetworkPredictor
    from .predictor import Predictor
    from .random_forest import RandomForest
    from .xgboost import XGBoost

__all__ = [
    "GAT",
    "GATES",
    "GCN",
    "GIN",
    "Calibration",
    "DenseGIN",
    "ExactGP",
    "GaussianProcess",
    "GeometricPredictor",
    "GraphNetwork",
    "GraphTransformer",
    "Kernel",
    "LogNormal",
    "NetworkPredictor",
    "Predictor",
    "RandomForest",
    "XGBoost",
    "available",
    "load",
    "make",
    "normal_scores",
    "registry",
]

registry: "Registry[Predictor]" = Registry(
    "predictor",
    "augury.predictors",
    {
        "gaussian-process": "gaussian_process:GaussianProcess",
        "gat": "gat:GAT",
        "gates": "gates:GATES",
        "gcn": "gcn:GCN",
        "geometric": "geometric:GeometricPredictor",
        "gin": "gin:GIN",
        "graph-transformer": "graph_transformer:GraphTransformer",
        "random-forest": "random_forest:RandomForest",
        "xgboost": "xgboost:XGBoost",
    },
    aliases={"auto": "gaussian-process"},
)
available = registry.available
make = registry.make

_PLACES = {
    "GAT": "gat",
    "GATES": "gates",
    "GCN": "gcn",
    "GIN": "gin",
    "Calibration": "calibration",
    "DenseGIN": "graph_network",
    "ExactGP": "exact_gp",
    "GaussianProcess": "gaussian_process",
    "GeometricPredictor": "geometric",
    "GraphNetwork": "graph_network",
    "GraphTransformer": "graph_transformer",
    "Kernel": "exact_gp",
    "LogNormal": "exact_gp",
    "NetworkPredictor": "network_predictor",
    "Predictor": "predictor",
    "RandomForest": "random_forest",
    "XGBoost": "xgboost",
    "normal_scores": ".encoders.ranks",
}


def __getattr__(name: str) -> Any:
    if name == "load":
        return import_module(".predictor", __name__).Predictor.load
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_PLACES[name]}", __name__), name)
