"""How a search proposes: a strategy and, where it is warm, what other tasks have shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..search import Strategy, registry
from ..spaces import InputError
from .experience import Experience
from .options import refuse
from .settings import Part, read_settings, told_settings
from .sources import told_sources

if TYPE_CHECKING:
    from .targets import Setting, Target

__all__ = ["Method"]

META = "meta"  # the argument of strategies that learn from other tasks


@dataclass(frozen=True)
class Method:
    """What the options say of it, after their checks.

    Attributes:
        strategy: With its arguments.
        experience: What it is warm from; None for a cold search.
    """

    strategy: Part[Strategy]
    experience: Experience | None = None

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
        chosen = Part(registry, strategy, given=(META,))
        experience = Experience.of(sources, meta, pretrained)
        if experience is None:
            refuse("--sources and --pretrained", "there is nothing to take no notice of", no_warm=no_warm)
        elif not no_warm and not chosen.takes(META):
            raise InputError(
                f"Only strategies that take a meta-learner, as 'bayesian' does, learn from sources, not {strategy!r}; "
                "leave out one of them."
            )
        parts = {} if experience is None else experience.parts
        read_settings(settings, {"strategy": chosen, **parts}, advice="" if parts else Experience.ADVICE)
        example = {} if experience is None else {META: experience.example()}
        chosen.make(**({} if no_warm else example)).check()  # a wrong argument shall not be found out later
        return cls(chosen, None if no_warm else experience)

    @property
    def name(self) -> str:
        """In a few words."""
        if self.experience is None:
            return self.strategy.name
        if self.experience.pretrained is not None:
            return f"{self.strategy.name}, warm from {self.experience.pretrained.name}"
        learner = "" if self.experience.meta is None else f" with {self.experience.meta.name}"
        return f"{self.strategy.name}, warm{learner}"

    @property
    def recorded(self) -> Mapping[str, Setting]:
        """All that proposals depend on besides the seed."""
        experience = self.experience or Experience()
        return {
            "strategy": self.strategy.name,
            "sources": None if experience.sources is None else told_sources(experience.sources),
            "meta": None if experience.meta is None else experience.meta.name,
            "set": told_settings({"strategy": self.strategy, **experience.parts}),
            "pretrained": None if experience.pretrained is None else experience.pretrained.name,
        }

    def prepared(self, target: Target, column: str | None) -> Callable[[], Strategy]:
        """What makes the strategy for a target; its sources are read now, and learned when it is called.

        Arguments and errors are those of `Experience.prepared`.
        """
        if self.experience is None:
            return self.strategy.make
        learner = self.experience.prepared(target, column, search=True)
        return lambda: self.strategy.make(**{META: learner()})
