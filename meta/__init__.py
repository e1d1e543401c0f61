"""Meta-learning: what other tasks have shown becomes a head start on a new one."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..spaces.registry import Registry

if TYPE_CHECKING:
    from .ablr import ABLR
    from .coregionalised_gp import CoregionalisedGP
    from .leave_out import other_tasks
    from .memory import remembered
    from .meta_learner import MetaLearner
    from .portfolio import greedy_portfolio
    from .portfolio_learner import PortfolioLearner
    from .quantile_transfer import QuantileTransfer
    from .rgpe import RGPE
    from .shipped import pretrained
    from .sources import Sources
    from .task_similarity import TaskSimilarity
    from .transfer_blend import TransferBlend
    from .transfer_gp import TransferGP
    from .two_stage import TwoStageTransfer

__all__ = [
    "ABLR",
    "RGPE",
    "CoregionalisedGP",
    "MetaLearner",
    "PortfolioLearner",
    "QuantileTransfer",
    "Sources",
    "TaskSimilarity",
    "TransferBlend",
    "TransferGP",
    "TwoStageTransfer",
    "available",
    "greedy_portfolio",
    "load",
    "make",
    "other_tasks",
    "pretrained",
    "registry",
    "remembered",
]

registry: "Registry[MetaLearner]" = Registry(
    "meta-learner",
    "augury.meta",
    {
        "ablr": "ablr:ABLR",
        "coregionalised-gp": "coregionalised_gp:CoregionalisedGP",
        "portfolio": "portfolio_learner:PortfolioLearner",
        "quantile": "quantile_transfer:QuantileTransfer",
        "rgpe": "rgpe:RGPE",
        "task-similarity": "task_similarity:TaskSimilarity",
        "transfer-blend": "transfer_blend:TransferBlend",
        "transfer-gp": "transfer_gp:TransferGP",
        "two-stage": "two_stage:TwoStageTransfer",
    },
    aliases={"auto": "transfer-blend"},
)
available = registry.available
make = registry.make

_PLACES = {
    "ABLR": "ablr",
    "CoregionalisedGP": "coregionalised_gp",
    "MetaLearner": "meta_learner",
    "PortfolioLearner": "portfolio_learner",
    "QuantileTransfer": "quantile_transfer",
    "RGPE": "rgpe",
    "Sources": "sources",
    "TaskSimilarity": "task_similarity",
    "TransferBlend": "transfer_blend",
    "TransferGP": "transfer_gp",
    "TwoStageTransfer": "two_stage",
    "greedy_portfolio": "portfolio",
    "other_tasks": "leave_out",
    "pretrained": "shipped",
    "remembered": "memory",
}


def __getattr__(name: str) -> Any:
    if name == "load":
        return import_module(".meta_learner", __name__).MetaLearner.load
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_PLACES[name]}", __name__), name)
