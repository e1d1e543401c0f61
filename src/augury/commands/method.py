"""How a search proposes: a strategy and, where it is warm, what learns from which sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ..data import Task
from ..meta import registry as learners
from ..meta.meta_learner import MetaLearner
from ..search import Strategy
from ..search import registry as strategies
from ..spaces import InputError, SearchSpace
from .learners import Pretrained, fitted_learner
from .options import refuse
from .settings import Part, read_settings, told_settings
from .sources import find_sources, told_sources

if TYPE_CHECKING:
    from .targets import Setting, Target

__all__ = ["Method"]

META = "meta"  # the argument of strategies that learn from other tasks


@dataclass(frozen=True)
class Method:
    """What the options say of it, after their checks.

    Attributes:
        strategy: With its arguments.
        sources: The list of them; None for a cold search.
        meta: What learns from them, with its arguments; None for the default.
        pretrained: What has learned already, instead of sources.
    """

    strategy: Part[Strategy]
    sources: str | None = None
    meta: Part[MetaLearner] | None = None
    pretrained: Pretrained | None = None

    @classmethod
    def of(
        cls,
        strategy: str,
        sources: str | None,
        meta: str | None,
        settings: Sequence[str] | None,
        *,
        no_warm: bool,
        pretrained: str | None = None,
    ) -> Method:
        """What was asked for.

        Raises:
            UnknownNameError: There is no such strategy, meta-learner or argument.
            DataError: A file holds no meta-learner.
            InputError: Options do not go together, or an argument is wrong.
        """
        chosen = Part(strategies, strategy, given=(META,))
        warm = sources is not None or pretrained is not None
        if sources is None:
            refuse("--sources", "name what there is to learn from", meta=meta)
        else:
            refuse("a search without --sources", "name either what to learn from or what has", pretrained=pretrained)
        if not warm:
            refuse("--sources and --pretrained", "there is nothing to take no notice of", no_warm=no_warm)
        elif not no_warm and not chosen.takes(META):
            raise InputError(
                f"Only strategies that take a meta-learner, as 'bayesian' does, learn from sources, not {strategy!r}; "
                "leave out one of them."
            )
        learner = None if meta is None else Part(learners, meta)
        parts: dict[str, Part[Strategy] | Part[MetaLearner]] = {"strategy": chosen}
        if learner is not None:
            parts["meta"] = learner
        read_settings(settings, parts, advice="" if learner else "The part meta is what --meta names.")
        # a wrong argument shall not be found out later
        saved = None if pretrained is None else Pretrained.of(pretrained)
        one = (learner or Part(learners, "auto")).make() if saved is None else saved.learner
        chosen.make(**({META: one} if warm and not no_warm else {})).check()
        return cls(chosen) if no_warm else cls(chosen, sources, learner, saved)

    @property
    def name(self) -> str:
        """In a few words."""
        if self.pretrained is not None:
            return f"{self.strategy.name}, warm from {self.pretrained.name}"
        learner = "" if self.meta is None else f" with {self.meta.name}"
        return self.strategy.name if self.sources is None else f"{self.strategy.name}, warm{learner}"

    @property
    def recorded(self) -> Mapping[str, Setting]:
        """All that proposals depend on besides the seed."""
        parts = {"strategy": self.strategy} | ({} if self.meta is None else {"meta": self.meta})
        return {
            "strategy": self.strategy.name,
            "sources": None if self.sources is None else told_sources(self.sources),
            "meta": None if self.meta is None else self.meta.name,
            "set": told_settings(parts),
            "pretrained": None if self.pretrained is None else self.pretrained.name,
        }

    def prepared(self, target: Target, column: str | None) -> Callable[[], Strategy]:
        """What makes the strategy for a target; its sources are read now, and learned when it is called.

        Args:
            target: What is searched.
            column: Where tables among the sources have their architectures.

        Raises:
            InputError: Nothing is left to learn from, or a source is none.
        """
        if self.pretrained is not None:
            return partial(self.strategy.make, meta=self.pretrained.on(target))
        if self.sources is None:
            return self.strategy.make
        tasks = find_sources(self.sources, target, architecture=column)
        return partial(self.learned, tasks, target.space)

    def learned(self, tasks: list[Task], space: SearchSpace) -> Strategy:
        """The strategy that knows these tasks, for a target of that space."""
        return self.strategy.make(meta=fitted_learner(self.meta, tasks, space, search=True))
