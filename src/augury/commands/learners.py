"""What learns, as the options say: a predictor, or a meta-learner from sources."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from ..data import Task
from ..evaluation.summary import count
from ..meta import registry
from ..meta.memory import remembered
from ..meta.meta_learner import MetaLearner
from ..meta.shipped import PRETRAINED, pretrained
from ..predictors import Predictor
from ..predictors import registry as predictors
from ..spaces import SearchSpace, UnknownNameError
from .console import say, working
from .settings import Part, read_settings
from .targets import Goal

__all__ = ["Pretrained", "chosen_predictor", "fitted_learner"]


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


@dataclass(frozen=True)
class Pretrained:
    """A meta-learner that has learned already.

    Attributes:
        name: What it is called, and recorded as: that of a file without its folder, and with a mark of what is in it.
        learner: Itself.
    """

    name: str
    learner: MetaLearner

    @classmethod
    def of(cls, text: str) -> Pretrained:
        """One that comes with the package, by its name, or one from a file.

        Raises:
            UnknownNameError: It is neither.
            DataError: The file holds something else.
        """
        if text in PRETRAINED:
            return cls(text, pretrained(text))
        if not os.path.exists(text):
            raise UnknownNameError("pretrained meta-learner (or file)", text, PRETRAINED)
        learner = MetaLearner.load(text)
        mark = hashlib.sha256(Path(text).read_bytes()).hexdigest()[:8]
        return cls(f"{os.path.basename(text)} ({mark})", learner)

    def on(self, goal: Goal) -> MetaLearner:
        """The meta-learner for a goal; standard error tells if it knows all of that already.

        Raises:
            InputError: Its sources are of another space.
        """
        self.learner.adapt(goal.space.from_genotypes([]), [])
        own = goal.benchmark is not None and goal.benchmark.info.name == self.name
        if own and goal.task is not None and goal.task.name in self.learner.sources_.all_names:
            say(f"What is pretrained has learned from {goal.name} itself, so that this is no test of it.")
        return self.learner
