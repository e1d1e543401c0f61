"""Meta-learning: what other tasks have shown becomes a head start on a new one."""

from typing import TYPE_CHECKING

from ..spaces.lazy import lazy
from ..spaces.registry import Registry

if TYPE_CHECKING:
    from .ablr import ABLR
    from .additive_gp import AdditiveGP
    from .anil import ANIL
    from .best_of import BestOf
    from .coregionalised_gp import CoregionalisedGP
    from .cross_space import CrossSpace
    from .deep_kernel import DeepKernel
    from .guard import Guard
    from .help import HELP
    from .in_context import InContext
    from .informative import informative_design
    from .least_variance import least_variance_design
    from .leave_out import other_tasks
    from .maml import MAML
    from .memory import remembered
    from .meta_learner import MetaLearner
    from .multi_task import MultiTask
    from .portfolio import greedy_portfolio
    from .portfolio_learner import PortfolioLearner
    from .quantile_transfer import QuantileTransfer
    from .ranking_ensemble import RankingEnsemble
    from .reptile import Reptile
    from .rgpe import RGPE
    from .shipped import pretrained
    from .sources import Sources
    from .task_similarity import TaskSimilarity
    from .transfer_blend import TransferBlend
    from .transfer_gp import TransferGP
    from .two_stage import TwoStageTransfer
    from .warm_predictor import WarmPredictor

    load = MetaLearner.load

__all__ = [
    "ABLR",
    "ANIL",
    "HELP",
    "MAML",
    "RGPE",
    "AdditiveGP",
    "BestOf",
    "CoregionalisedGP",
    "CrossSpace",
    "DeepKernel",
    "Guard",
    "InContext",
    "MetaLearner",
    "MultiTask",
    "PortfolioLearner",
    "QuantileTransfer",
    "RankingEnsemble",
    "Reptile",
    "Sources",
    "TaskSimilarity",
    "TransferBlend",
    "TransferGP",
    "TwoStageTransfer",
    "WarmPredictor",
    "available",
    "greedy_portfolio",
    "informative_design",
    "least_variance_design",
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
        "additive-gp": "additive_gp:AdditiveGP",
        "anil": "anil:ANIL",
        "best-of": "best_of:BestOf",
        "coregionalised-gp": "coregionalised_gp:CoregionalisedGP",
        "cross-space": "cross_space:CrossSpace",
        "deep-kernel": "deep_kernel:DeepKernel",
        "guard": "guard:Guard",
        "help": "help:HELP",
        "in-context": "in_context:InContext",
        "maml": "maml:MAML",
        "multi-task": "multi_task:MultiTask",
        "portfolio": "portfolio_learner:PortfolioLearner",
        "quantile": "quantile_transfer:QuantileTransfer",
        "ranking-ensemble": "ranking_ensemble:RankingEnsemble",
        "reptile": "reptile:Reptile",
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
    "ANIL": "anil",
    "BestOf": "best_of",
    "CoregionalisedGP": "coregionalised_gp",
    "CrossSpace": "cross_space",
    "DeepKernel": "deep_kernel",
    "Guard": "guard",
    "InContext": "in_context",
    "MAML": "maml",
    "AdditiveGP": "additive_gp",
    "HELP": "help",
    "MetaLearner": "meta_learner",
    "MultiTask": "multi_task",
    "PortfolioLearner": "portfolio_learner",
    "QuantileTransfer": "quantile_transfer",
    "RankingEnsemble": "ranking_ensemble",
    "Reptile": "reptile",
    "RGPE": "rgpe",
    "Sources": "sources",
    "TaskSimilarity": "task_similarity",
    "TransferBlend": "transfer_blend",
    "TransferGP": "transfer_gp",
    "TwoStageTransfer": "two_stage",
    "WarmPredictor": "warm_predictor",
    "greedy_portfolio": "portfolio",
    "informative_design": "informative",
    "least_variance_design": "least_variance",
    "load": "meta_learner:MetaLearner.load",
    "other_tasks": "leave_out",
    "pretrained": "shipped",
    "remembered": "memory",
}

__getattr__, __dir__ = lazy(__name__, _PLACES)
