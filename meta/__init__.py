"""Meta-learning: what other tasks have shown becomes a head start on a new one."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..spaces.registry import Registry

if TYPE_CHECKING:
    from .anil import ANIL
    from .deep_kernel import DeepKernel
    from .in_context import InContext
    from .leave_out import other_tasks
    from .maml import MAML
    from .memory import remembered
    from .meta_learner import MetaLearner
    from .multi_task import MultiTask
    from .portfolio import greedy_portfolio
    from .ranking_ensemble import RankingEnsemble
    from .reptile import Reptile
    from .sources import Sources
    from .transfer_gp import TransferGP

__all__ = [
    "ANIL",
    "MAML",
    "DeepKernel",
    "InContext",
    "MetaLearner",
    "MultiTask",
    "RankingEnsemble",
    "Reptile",
    "Sources",
    "TransferGP",
    "available",
    "greedy_portfolio",
    "load",
    "make",
    "other_tasks",
    "registry",
    "remembered",
]

registry: "Registry[MetaLearner]" = Registry(
    "meta-learner",
    "augury.meta",
    {
        "anil": "anil:ANIL",
        "deep-kernel": "deep_kernel:DeepKernel",
        "in-context": "in_context:InContext",
        "maml": "maml:MAML",
        "multi-task": "multi_task:MultiTask",
        "ranking-ensemble": "ranking_ensemble:RankingEnsemble",
        "reptile": "reptile:Reptile",
        "transfer-gp": "transfer_gp:TransferGP",
    },
    aliases={"auto": "transfer-gp"},
)
available = registry.available
make = registry.make

_PLACES = {
    "ANIL": "anil",
    "DeepKernel": "deep_kernel",
    "InContext": "in_context",
    "MAML": "maml",
    "MultiTask": "multi_task",
    "RankingEnsemble": "ranking_ensemble",
    "Reptile": "reptile",
    "MetaLearner": "meta_learner",
    "Sources": "sources",
    "TransferGP": "transfer_gp",
    "greedy_portfolio": "portfolio",
    "other_tasks": "leave_out",
    "remembered": "memory",
}


def __getattr__(name: str) -> Any:
    if name == "load":
        return import_module(".meta_learner", __name__).MetaLearner.load
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_PLACES[name]}", __name__), name)
