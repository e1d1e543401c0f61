"""Choices as a user gives them, and the positions of a genotype that they stand for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from .errors import InputError, UnknownNameError

__all__ = ["SAME", "choice_index", "genotype_of"]

SAME = 1e-9  # relative


def choice_index(given: object, decision: str, choices: Sequence[str | float]) -> int:
    """Which of a decision's choices is meant: the one that is written so, or else the number that is as large.

    Numbers may differ by a billionth part, as those of Optuna's steps and of pandas' reader do from what is meant.

    Args:
        given: A text or number.
        decision: The decision's name, for the message.
        choices: Its choices.

    Raises:
        UnknownNameError: It is none of them.

    >>> choice_index("16.0", "width", (8, 16)), choice_index("1e-3", "rate", (0.01, 0.001))
    (1, 1)
    """
    text, texts = str(given), [str(choice) for choice in choices]
    if text in texts:
        return texts.index(text)
    try:
        number = float(text)
    except ValueError:  # no choice is equal to it
        number = math.nan
    numbers = {i: choice for i, choice in enumerate(choices) if not isinstance(choice, str | bool)}
    for tolerance in (0.0, SAME):
        for index, choice in numbers.items():
            if math.isclose(choice, number, rel_tol=tolerance):
                return index
    raise UnknownNameError(f"choice of {decision!r}", given, texts)


def genotype_of(given: Mapping[str, object], positions: Mapping[str, Sequence[str | float]]) -> tuple[int, ...]:
    """The genotype of choices by the names of their decisions.

    Args:
        given: Decision → its choice.
        positions: The decisions and all their choices, as ``space.positions()`` tells them.

    Raises:
        UnknownNameError: There is no such decision or choice.
        InputError: A decision is missing.

    >>> genotype_of({"width": 64, "operation": "conv"}, {"operation": ("conv", "pool"), "width": (16, 64)})
    (0, 1)
    """
    if unknown := [name for name in given if name not in positions]:
        raise UnknownNameError("decision", unknown[0], positions)
    if missing := [name for name in positions if name not in given]:
        raise InputError(
            f"{dict(given)!r} says nothing of {missing[0]!r}; choose one of {list(positions[missing[0]])!r}."
        )
    return tuple(choice_index(given[name], name, choices) for name, choices in positions.items())
