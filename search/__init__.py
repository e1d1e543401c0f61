"""Search: strategies that propose, evaluators that measure, and studies that remember."""

from typing import TYPE_CHECKING

from ..spaces.lazy import lazy
from ..spaces.registry import Registry

if TYPE_CHECKING:
    from .acquisition import log_expected_improvement, transfer_acquisition
    from .bayesian import Bayesian
    from .command_evaluator import CommandEvaluator
    from .evaluators import EvaluationError, EvaluationWarning, Evaluator, MissingMetricError, TableEvaluator
    from .graph_training_evaluator import GraphTrainingEvaluator
    from .history import History
    from .local_search import LocalSearch
    from .optuna_gp import OptunaGP
    from .optuna_sampling import OptunaSampling
    from .random_search import RandomSearch
    from .regularized_evolution import RegularizedEvolution
    from .simulation import simulate
    from .strategy import Strategy
    from .studies.best import Best
    from .studies.sampler import StrategySampler
    from .studies.sources import StudySummary, list_studies, study_to_task
    from .studies.study import Study
    from .tpe import TPE

registry: "Registry[Strategy]" = Registry(
    "strategy",
    "augury.search",
    {
        "bayesian": "bayesian:Bayesian",
        "local-search": "local_search:LocalSearch",
        "optuna-gp": "optuna_gp:OptunaGP",
        "random": "random_search:RandomSearch",
        "regularized-evolution": "regularized_evolution:RegularizedEvolution",
        "tpe": "tpe:TPE",
    },
)
available = registry.available
make = registry.make

_PLACES = {
    "Bayesian": "bayesian",
    "Best": "studies.best",
    "CommandEvaluator": "command_evaluator",
    "EvaluationError": "evaluators",
    "EvaluationWarning": "evaluators",
    "Evaluator": "evaluators",
    "GraphTrainingEvaluator": "graph_training_evaluator",
    "History": "history",
    "LocalSearch": "local_search",
    "MissingMetricError": "evaluators",
    "OptunaGP": "optuna_gp",
    "OptunaSampling": "optuna_sampling",
    "RandomSearch": "random_search",
    "RegularizedEvolution": "regularized_evolution",
    "Strategy": "strategy",
    "StrategySampler": "studies.sampler",
    "Study": "studies.study",
    "StudySummary": "studies.sources",
    "TableEvaluator": "evaluators",
    "TPE": "tpe",
    "list_studies": "studies.sources",
    "log_expected_improvement": "acquisition",
    "simulate": "simulation",
    "study_to_task": "studies.sources",
    "transfer_acquisition": "acquisition",
}

__all__ = [
    "TPE",
    "Bayesian",
    "Best",
    "CommandEvaluator",
    "EvaluationError",
    "EvaluationWarning",
    "Evaluator",
    "GraphTrainingEvaluator",
    "History",
    "LocalSearch",
    "MissingMetricError",
    "OptunaGP",
    "OptunaSampling",
    "RandomSearch",
    "RegularizedEvolution",
    "Strategy",
    "StrategySampler",
    "Study",
    "StudySummary",
    "TableEvaluator",
    "available",
    "list_studies",
    "log_expected_improvement",
    "make",
    "registry",
    "simulate",
    "study_to_task",
    "transfer_acquisition",
]

__getattr__, __dir__ = lazy(__name__, _PLACES)
