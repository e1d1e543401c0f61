"""Choices as a user gives them, and the positions of a genotype that they stand for."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from .errors import InputError, UnknownNameError

__all__ = ["Chooser", "genotype_of"]

SAME = 1e-9  # relative
TRUTH = {"True": 1.0, "TRUE": 1.0, "true": 1.0, "False": 0.0, "FALSE": 0.0, "false": 0.0}


class Chooser:
    """Which of a decision's choices is meant: the one that is written so, or else the number that is as large.

    Numbers may differ by a billionth part, as those of Optuna's steps and of pandas' reader do from what is meant. True
    is as large as 1, and False as 0.

    Args:
        decision: The decision's name, for messages.
        choices: Its choices.

    >>> Chooser("width", (8, 16)).index("16.0"), Chooser("rate", (0.01, 0.001)).index("1e-3")
    (1, 1)
    >>> Chooser("bias", (0, 1)).index(True), Chooser("bias", (False, True)).index(1)
    (1, 1)
    """

    def __init__(self, decision: str, choices: Sequence[str | float]) -> None:
        self.decision = decision
        self.choices = tuple(choices)
        self._texts = {str(choice): index for index, choice in reversed(list(enumerate(choices)))}
        numbers = [(i, choice) for i, choice in enumerate(choices) if not isinstance(choice, str)]
        self._numbers = sorted((float(choice), isinstance(choice, bool), i) for i, choice in numbers)

    def index(self, given: object) -> int:
        """The index of the choice that a text or number stands for.

        Raises:
            UnknownNameError: It is none of them.
        """
        text = str(given)
        if text in self._texts:
            return self._texts[text]
        number = _number(text)
        at = bisect_left(self._numbers, (number,))
        near = self._numbers[max(at - 1, 0) : at + 1]
        for choice, _, index in sorted(near, key=lambda pair: abs(pair[0] - number)):
            if math.isclose(choice, number, rel_tol=SAME):
                return index
        raise UnknownNameError(f"choice of {self.decision!r}", given, self._texts)


def _number(text: str) -> float:
    """A text as a number; NaN, which no choice is equal to, if it is none."""
    try:
        return TRUTH[text] if text in TRUTH else float(text)
    except ValueError:
        return math.nan


def genotype_of(given: Mapping[str, object], choosers: Mapping[str, Chooser]) -> tuple[int, ...]:
    """The genotype of choices by the names of their decisions.

    Args:
        given: Decision → its choice.
        choosers: What each decision of the space may be.

    Raises:
        UnknownNameError: There is no such decision or choice.
        InputError: A decision is missing.

    >>> choices = {"operation": ("conv", "pool"), "width": (16, 64)}
    >>> genotype_of({"width": 64, "operation": "conv"}, {name: Chooser(name, choices[name]) for name in choices})
    (0, 1)
    """
    if unknown := [name for name in given if name not in choosers]:
        raise UnknownNameError("decision", unknown[0], choosers)
    if missing := [name for name in choosers if name not in given]:
        raise InputError(
            f"{dict(given)!r} says nothing of {missing[0]!r}; choose one of {list(choosers[missing[0]].choices)!r}."
        )
    return tuple(chooser.index(given[name]) for name, chooser in choosers.items())
