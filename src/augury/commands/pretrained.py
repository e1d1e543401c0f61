"""What has learned already, as ``--pretrained`` names it."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from ..meta.meta_learner import MetaLearner
from ..meta.shipped import PRETRAINED, pretrained
from ..spaces import UnknownNameError
from .console import say
from .targets import Goal

__all__ = ["Pretrained"]


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
