"""What learns, as the options say: a predictor, or a meta-learner from sources."""

from __future__ import annotations

from ..data import Task
from ..evaluation.summary import count
from ..meta import registry
from ..meta.memory import remembered
from ..meta.meta_learner import MetaLearner
from ..predictors import Predictor
from ..predictors import registry as predictors
from ..spaces import SearchSpace
from .console import working
from .options import refuse
from .settings import Part, read_settings

__all__ = ["chosen_learner", "chosen_predictor", "fitted_learner"]


def chosen_predictor(name: str, settings: list[str] | None, seed: int) -> Predictor:
    """What will learn from one task, with the seed unless it was given one of its own.

    Raises:
        UnknownNameError: There is no such predictor or argument.
        InputError: An argument is wrong.
    """
    part = Part(predictors, name)
    read_settings(settings, {"predictor": part})
    if part.takes("seed"):
        part.arguments.setdefault("seed", seed)
    return part.make()


def chosen_learner(meta: str | None, settings: list[str] | None) -> Part[MetaLearner] | None:
    """What will learn from sources; None for the default.

    Raises:
        UnknownNameError: There is no such meta-learner or argument.
        InputError: An argument is wrong, or is that of none.
    """
    if meta is None:
        refuse("--meta", "name what learns from the sources", set=settings)
        return None
    part = Part(registry, meta)
    read_settings(settings, {"meta": part})
    part.make()  # a wrong argument shall not be found out later
    return part


def fitted_learner(
    meta: Part[MetaLearner] | None, tasks: list[Task], space: SearchSpace, *, search: bool = False
) -> MetaLearner:
    """A meta-learner that has learned from these tasks, or did so in an earlier run.

    Args:
        meta: Which, with its arguments; None for the default.
        tasks: The sources.
        space: That of the target.
        search: Whether it serves a search alone.
    """
    if meta is None and any(task.space != space for task in tasks):  # what another space says may mislead
        learner = registry.make("guard", learner="cross-space")
    else:
        learner = registry.make("auto") if meta is None else meta.make()
        learner = learner.for_search() if search else learner
    with working(f"Learning from {count(len(tasks), 'task')} ({', '.join(task.name for task in tasks)}), once …"):
        return remembered(learner, tasks)
