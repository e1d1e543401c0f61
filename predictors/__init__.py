"""Predictors: what is known of one task's architectures becomes a guess at the others."""

from typing import TYPE_CHECKING

from ..spaces.lazy import lazy
from ..spaces.registry import Registry

if TYPE_CHECKING:
    from ..encoders.ranks import normal_scores
    from .bayesian_ridge import BayesianRidge
    from .blend import Blend
    from .calibration import Calibration
    from .conformal import ConformalPredictor, conformal_quantile
    from .exact_gp import ExactGP
    from .explanation import Explanation, MemberReport, SupportsExplanation
    from .extra_trees import ExtraTrees
    from .gat import GAT
    from .gates import GATES
    from .gaussian_process import GaussianProcess
    from .gcn import GCN
    from .geometric import GeometricPredictor
    from .gin import GIN
    from .graph_network import DenseGIN, GraphNetwork
    from .graph_transformer import GraphTransformer
    from .kernels import Kernel, LogNormal
    from .mlp_ensemble import MLPEnsemble
    from .network_predictor import NetworkPredictor
    from .predictor import Predictor
    from .random_forest import RandomForest
    from .xgboost import XGBoost

    load = Predictor.load

__all__ = [
    "GAT",
    "GATES",
    "GCN",
    "GIN",
    "BayesianRidge",
    "Blend",
    "Calibration",
    "ConformalPredictor",
    "DenseGIN",
    "ExactGP",
    "Explanation",
    "ExtraTrees",
    "GaussianProcess",
    "GeometricPredictor",
    "GraphNetwork",
    "GraphTransformer",
    "Kernel",
    "LogNormal",
    "MLPEnsemble",
    "MemberReport",
    "NetworkPredictor",
    "Predictor",
    "RandomForest",
    "SupportsExplanation",
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
        "blend": "blend:Blend",
        "conformal": "conformal:ConformalPredictor",
        "extra-trees": "extra_trees:ExtraTrees",
        "gat": "gat:GAT",
        "gates": "gates:GATES",
        "gaussian-process": "gaussian_process:GaussianProcess",
        "gcn": "gcn:GCN",
        "geometric": "geometric:GeometricPredictor",
        "gin": "gin:GIN",
        "graph-transformer": "graph_transformer:GraphTransformer",
        "mlp-ensemble": "mlp_ensemble:MLPEnsemble",
        "random-forest": "random_forest:RandomForest",
        "xgboost": "xgboost:XGBoost",
    },
    aliases={"auto": "blend"},
)
available = registry.available
make = registry.make

_PLACES = {
    "GAT": "gat",
    "GATES": "gates",
    "GCN": "gcn",
    "GIN": "gin",
    "MLPEnsemble": "mlp_ensemble",
    "XGBoost": "xgboost",
    "BayesianRidge": "bayesian_ridge",
    "Blend": "blend",
    "Calibration": "calibration",
    "ConformalPredictor": "conformal",
    "DenseGIN": "graph_network",
    "ExactGP": "exact_gp",
    "Explanation": "explanation",
    "ExtraTrees": "extra_trees",
    "GaussianProcess": "gaussian_process",
    "GeometricPredictor": "geometric",
    "GraphNetwork": "graph_network",
    "GraphTransformer": "graph_transformer",
    "Kernel": "kernels",
    "LogNormal": "kernels",
    "MemberReport": "explanation",
    "NetworkPredictor": "network_predictor",
    "Predictor": "predictor",
    "RandomForest": "random_forest",
    "SupportsExplanation": "explanation",
    "conformal_quantile": "conformal",
    "load": "predictor:Predictor.load",
    "normal_scores": ".encoders.ranks",
}

__getattr__, __dir__ = lazy(__name__, _PLACES)
