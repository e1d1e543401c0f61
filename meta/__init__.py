"""Meta-learning: what other tasks have shown becomes a head start on a new one."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..spaces.registry import Registry

if TYPE_CHECKING:
    from .additive_gp import AdditiveGP
    from .help import HELP
    from .informative import informative_design
    from .leave_out import other_tasks
    from .memory import remembered
    from .meta_learner import MetaLearner
    from .portfolio import greedy_portfolio
    from .sources import Sources
    from .transfer_gp import TransferGP

__all__ = [
    "HELP",
    "AdditiveGP",
    "MetaLearner",
    "Sources",
    "TransferGP",
    "available",
    "greedy_portfolio",
    "informative_design",
    "load",
    "make",
    "other_tasks",
    "registry",
    "remembered",
]

registry: "Registry[MetaLearner]" = Registry(
    "meta-learner",
    "augury.meta",
    {"additive-gp": "additive_gp:AdditiveGP", "help": "help:HELP", "transfer-gp": "transfer_gp:TransferGP"},
    aliases={"auto": "transfer-gp"},
)
available = registry.available
make = registry.make

_PLACES = {
    "AdditiveGP": "additive_gp",
    "HELP": "help",
    "MetaLearner": "meta_learner",
    "Sources": "sources",
    "TransferGP": "transfer_gp",
    "greedy_portfolio": "portfolio",
    "informative_design": "informative",
    "other_tasks": "leave_out",
    "remembered": "memory",
}


def __getattr__(name: str) -> Any:
    if name == "load":
        return import_module(".meta_learner", __name__).MetaLearner.load
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_PLACES[name]}", __name__), name)
