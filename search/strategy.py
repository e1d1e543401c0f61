"""A search strategy: a pure function of history."""

from __future__ import annotations

from abc import ABC, abstractmethod
from numbers import Integral

import numpy as np
from sklearn.base import BaseEstimator

from ..spaces import Architectures, InputError, SearchSpace
from ..spaces.arguments import check_generator, check_numbers
from ..spaces.difference import space_hint
from .arguments import check_kind
from .history import History

__all__ = ["Strategy", "check_strategy"]


class Strategy(BaseEstimator, ABC):  # type: ignore[misc]
    """Proposes what to evaluate next, from the history alone.

    A strategy keeps nothing between calls: the same history and the same generator state give the same proposals, so
    a crash, a resume and a second machine are all the same to it. ``__init__`` takes keyword arguments and only stores
    them; ``get_params`` and scikit-learn's ``clone`` follow.

    >>> from augury.spaces import ChoiceSpace
    >>> class InOrder(Strategy):
    ...     def _propose(self, history, n, rng):
    ...         everything = history.space.enumerate()
    ...         return everything[~np.isin(everything.keys(), history.seen.keys())][:n]
    >>> history = History.empty(ChoiceSpace({"layer": ("a", "b", "c")}))
    >>> InOrder().propose(history, 2, np.random.default_rng(0)).format()
    ['layer=a', 'layer=b']
    """

    def check(self, history: History | None = None) -> None:
        """Raise what a wrong argument would raise later, when evaluations have been paid for.

        `Study.run`, `simulate` and a comparison call it before their first evaluation.

        Args:
            history: What is known, of what will be searched; without it, only what needs no space is checked.

        Raises:
            InputError: An argument of the constructor is not what it may be, or does not fit the space.

        >>> import augury
        >>> augury.search.make("bayesian", acquisition="trasnfer").check()
        Traceback (most recent call last):
        ...
        augury.spaces.errors.UnknownNameError: There is no acquisition named 'trasnfer'. Did you mean 'transfer'? \
Choose one of: expected-improvement, transfer.
        """
        check_numbers(self)
        self._check(history)

    def _check(self, history: History | None) -> None:
        """`check`, after that of the numbers; nothing more, unless a strategy has arguments of its own kind."""

    def propose(self, history: History, n: int, rng: np.random.Generator) -> Architectures:
        """Up to ``n`` architectures, no two of one canonical form, none of a form evaluated or pending.

        Fewer than ``n`` come back only when the space, or ``history.candidates``, has no more to give.

        Raises:
            InputError: ``n`` is no whole number of 1 or more, ``history`` is none, ``rng`` is no generator, an
                argument of the constructor is no number that it may be, or what a subclass proposes is no batch of the
                history's space.
        """
        check_numbers(self)
        check_generator(rng)
        check_kind("history", history, History, "History.empty(space)")
        wanted: object = n
        if not isinstance(wanted, Integral) or int(wanted) < 1:
            raise InputError(f"Ask for at least one architecture, by a whole number; got n={n!r}.")
        proposed = self._propose(history, n, rng)
        self._check_proposed(proposed, history.space)
        return proposed

    def _check_proposed(self, proposed: object, space: SearchSpace) -> None:
        name = type(self).__name__
        if not isinstance(proposed, Architectures):
            raise InputError(
                f"The strategy {name} proposed {proposed!r:.80}; let _propose return Architectures of history.space, "
                "such as history.space.sample(n, rng)."
            )
        if proposed.space is not space and proposed.space != space:
            raise InputError(
                f"The strategy {name} proposed architectures of {proposed.space!r}, and what is searched is {space!r}; "
                f"let it propose those of history.space.{space_hint(space, proposed.space)}"
            )

    @abstractmethod
    def _propose(self, history: History, n: int, rng: np.random.Generator) -> Architectures:
        """`propose`, after its checks."""


def check_strategy(value: object) -> None:
    """Raise `InputError` unless it is a strategy, and no name of one."""
    example = value if isinstance(value, str) else "bayesian"
    check_kind("strategy", value, Strategy, f"augury.search.make({example!r})")
