"""Predictors: what is known of one task's architectures becomes a guess at the others."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..spaces.registry import Registry

if TYPE_CHECKING:
    from .bayesian_ridge import BayesianRidge
    from .conformal import ConformalPredictor, conformal_quantile
    from .exact_gp import ExactGP, Kernel, LogNormal
    from .gaussian_process import GaussianProcess
    from .gin import GIN
    from .graph_network import DenseGIN, GraphNetwork
    from .mlp_ensemble import MLPEnsemble
    from .predictor import Predictor
    from .random_forest import RandomForest
    from .target import normal_scores
    from .xgboost import XGBoost

__all__ = [
    "GIN",
    "BayesianRidge",
    "ConformalPredictor",
    "DenseGIN",
    "ExactGP",
    "GaussianProcess",
    "GraphNetwork",
    "Kernel",
    "LogNormal",
    "MLPEnsemble",
    "Predictor",
    "RandomForest",
    "XGBoost",
    "available",
    "conformal_quantile",
    "load",
    "make",
    "normal_scores",
    "registry",
]

registry: "Registry[Predictor]" = Registry(
    "predictor",
    "augury.predictors",
    {
        "bayesian-ridge": "bayesian_ridge:BayesianRidge",
        "conformal": "conformal:ConformalPredictor",
        "gaussian-process": "gaussian_process:GaussianProcess",
        "gin": "gin:GIN",
        "mlp-ensemble": "mlp_ensemble:MLPEnsemble",
        "random-forest": "random_forest:RandomForest",
        "xgboost": "xgboost:XGBoost",
    },
    aliases={"auto": "gaussian-process"},
)
available = registry.available
make = registry.make

_PLACES = {
    "GIN": "gin",
    "BayesianRidge": "bayesian_ridge",
    "ConformalPredictor": "conformal",
    "DenseGIN": "graph_network",
    "ExactGP": "exact_gp",
    "GaussianProcess": "gaussian_process",
    "GraphNetwork": "graph_network",
    "Kernel": "exact_gp",
    "LogNormal": "exact_gp",
    "MLPEnsemble": "mlp_ensemble",
    "Predictor": "predictor",
    "RandomForest": "random_forest",
    "XGBoost": "xgboost",
    "conformal_quantile": "conformal",
    "normal_scores": "target",
}


def __getattr__(name: str) -> Any:
    if name == "load":
        return import_module(".predictor", __name__).Predictor.load
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_PLACES[name]}", __name__), name)
