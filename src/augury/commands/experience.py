"""What other tasks have shown, as options say: sources to learn from, or what has learned already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from ..data import Task
from ..evaluation.summary import count
from ..meta import registry
from ..meta.memory import remembered
from ..meta.meta_learner import MetaLearner
from ..spaces import SearchSpace
from .console import working
from .options import refuse
from .pretrained import Pretrained
from .settings import Part
from .sources import find_sources
from .targets import Goal

__all__ = ["Experience"]


@dataclass(frozen=True)
class Experience:
    """Where a meta-learner comes from.

    Attributes:
        sources: The list of tasks to learn from; None if it has learned already.
        meta: What learns from them, whose arguments may still be set; None for the default.
        pretrained: What has learned already, instead.
    """

    ADVICE = "The part meta is what --meta names."  # for who sets an argument of the default

    sources: str | None = None
    meta: Part[MetaLearner] | None = None
    pretrained: Pretrained | None = None

    @classmethod
    def of(cls, sources: str | None, meta: str | None, pretrained: str | None) -> Experience | None:
        """What was asked for; None if nothing was.

        Raises:
            UnknownNameError: There is no such meta-learner, or none that has learned.
            DataError: A file holds no meta-learner.
            InputError: Options do not go together.
        """
        if sources is None:
            refuse("--sources", "name what there is to learn from", meta=meta)
        else:
            refuse("a command without --sources", "name what to learn from or what has", pretrained=pretrained)
        if pretrained is not None:
            return cls(pretrained=Pretrained.of(pretrained))
        return None if sources is None else cls(sources, None if meta is None else Part(registry, meta))

    @property
    def parts(self) -> Mapping[str, Part[MetaLearner]]:
        """What ``--set`` may set arguments of."""
        return {} if self.meta is None else {"meta": self.meta}

    def example(self) -> MetaLearner:
        """One that need not have learned, for checks before time is spent; raises `InputError` for wrong arguments."""
        if self.pretrained is not None:
            return self.pretrained.learner
        return registry.make("auto") if self.meta is None else self.meta.make()

    def prepared(self, goal: Goal, column: str | None, *, search: bool = False) -> Callable[[], MetaLearner]:
        """What gives the meta-learner; sources are read now, and learned when it is called.

        Args:
            goal: What it is for.
            column: Where tables among the sources have their architectures.
            search: Whether it serves a search alone.

        Raises:
            InputError: Nothing is left to learn from, a source is none, or what has learned is of another space.
        """
        if self.pretrained is not None:
            learner = self.pretrained.on(goal)
            return lambda: learner
        assert self.sources is not None, "it is one of the two"
        tasks = find_sources(self.sources, goal, architecture=column)
        return partial(self.learned, tasks, goal.space, search=search)

    def learned(self, tasks: list[Task], space: SearchSpace, *, search: bool = False) -> MetaLearner:
        """The meta-learner that has learned from these tasks, now or in an earlier run, for a goal of that space."""
        if self.meta is None and any(task.space != space for task in tasks):  # what another space says may mislead
            learner = registry.make("guard", learner="cross-space")
        else:
            learner = self.example()
            learner = learner.for_search() if search else learner
        with working(f"Learning from {count(len(tasks), 'task')} ({', '.join(task.name for task in tasks)}), once …"):
            return remembered(learner, tasks)
