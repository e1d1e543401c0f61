"""Decisions and their choices, as a user may give them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from .errors import InputError
from .values import plain, plain_list

__all__ = ["Choice", "Decisions", "checked_decisions"]

Choice = str | float
Decisions = Mapping[str, Sequence[Choice]] | Iterable[tuple[str, Sequence[Choice]] | Sequence[object]]
MOST = 65_534  # choices, so that two bytes tell them apart: see `row_keys`
LARGEST = 3e38  # of a node's sizes, which are float32
EXAMPLE = "{'layer1': ('conv', 'pool')}"


def checked_decisions(given: Decisions) -> dict[str, tuple[Choice, ...]]:
    """Decision → its choices, as Python's own texts and numbers.

    Args:
        given: A mapping of them, or a list of pairs, whose order JSON keeps.

    Raises:
        InputError: No decision, one twice, an empty one, one with a choice twice, or what cannot be one.

    >>> checked_decisions([["width", [16, 32]], ["operation", ["conv", "pool"]]])
    {'width': (16, 32), 'operation': ('conv', 'pool')}
    """
    found: dict[str, tuple[Choice, ...]] = {}
    for name, choices in _pairs(given):
        if not isinstance(name, str):
            raise InputError(f"The name of a decision is a text; got {name!r}.")
        if name in found:
            raise InputError(f"There are two decisions named {name!r}; give each another name.")
        found[name] = _checked_choices(name, choices)
    if not found:
        raise InputError(f"A ChoiceSpace needs at least one decision: {EXAMPLE}.")
    return found


def _pairs(given: object) -> list[tuple[object, object]]:
    wrong = InputError(f"Decisions are a mapping of names to choices, such as {EXAMPLE}; got {given!r}.")
    if isinstance(given, Mapping):
        return [(plain(name), choices) for name, choices in given.items()]
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise wrong
    pairs: list[tuple[object, object]] = []
    for pair in given:
        if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
            raise wrong
        pairs.append((plain(pair[0]), pair[1]))
    return pairs


def _checked_choices(name: str, given: object) -> tuple[Choice, ...]:
    choices: list[Choice] = []
    for choice in plain_list(given, f"The choices of {name!r}"):
        if not isinstance(choice, str | int | float) or (isinstance(choice, float) and not math.isfinite(choice)):
            raise InputError(f"Decision {name!r}: a choice is a text or a finite number; got {choice!r}.")
        choices.append(choice)
    if not choices or len({str(choice) for choice in choices}) < len(choices):
        raise InputError(f"Decision {name!r} needs one or more different choices; it has {choices!r}.")
    if len(choices) > MOST:
        raise InputError(f"Decision {name!r} has {len(choices):,} choices; {MOST:,} are allowed, so take larger steps.")
    if any(not isinstance(choice, str) and abs(choice) > LARGEST for choice in choices):
        raise InputError(f"Decision {name!r} has a number beyond ±{LARGEST:g}; give its logarithm, or a text.")
    texts = (name, *map(str, choices))
    if any(mark in text for text in texts for mark in (",", "=")):
        raise InputError(f"Decision {name!r}: names and choices may hold neither ',' nor '='.")
    if padded := [text for text in texts if text != text.strip()]:
        raise InputError(
            f"Decision {name!r}: {padded[0]!r} begins or ends with a space, which is lost where it is read."
        )
    return tuple(choices)
