"""What other tasks have shown, as options say: sources to learn from, or what has learned already."""

from __future__ import annotations

from dataclasses import dataclass

from ..meta import registry
from ..meta.meta_learner import MetaLearner
from .learners import Pretrained, fitted_learner
from .options import refuse
from .settings import Part, read_settings
from .sources import find_sources
from .targets import Goal

__all__ = ["Experience"]


@dataclass(frozen=True)
class Experience:
    """Where a meta-learner comes from, after all checks that need no time.

    Attributes:
        sources: The list of tasks to learn from; None if it has learned already.
        meta: What learns from them, with its arguments; None for the default.
        pretrained: What has learned already, instead.
    """

    sources: str | None
    meta: Part[MetaLearner] | None
    pretrained: Pretrained | None

    @classmethod
    def of(
        cls, sources: str | None, meta: str | None, pretrained: str | None, settings: list[str] | None
    ) -> Experience | None:
        """What was asked for; None if nothing was.

        Raises:
            UnknownNameError: There is no such meta-learner or argument, or it is none that has learned.
            DataError: A file holds no meta-learner.
            InputError: Options do not go together, or an argument is wrong.
        """
        if sources is None:
            refuse("--sources", "name what there is to learn from", meta=meta)
        else:
            refuse("a command without --sources", "name what to learn from or what has", pretrained=pretrained)
        if sources is None and pretrained is None:
            return None
        if meta is None:
            refuse("--meta", "name what learns from the sources", set=settings)
            return cls(sources, None, None if pretrained is None else Pretrained.of(pretrained))
        part = Part(registry, meta)
        read_settings(settings, {"meta": part})
        part.make()  # a wrong argument shall not be found out later
        return cls(sources, part, None)

    def learner(self, goal: Goal, column: str | None) -> MetaLearner:
        """The meta-learner, after it has learned.

        Args:
            goal: What it is for.
            column: Where tables among the sources have their architectures.

        Raises:
            InputError: Nothing is left to learn from, a source is none, or what has learned is of another space.
        """
        if self.pretrained is not None:
            return self.pretrained.on(goal)
        assert self.sources is not None, "it is one of the two"
        return fitted_learner(self.meta, find_sources(self.sources, goal, architecture=column), goal.space)
