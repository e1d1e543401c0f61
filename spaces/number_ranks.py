"""Choices that are numbers, and so have an order."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["number_ranks"]


def number_ranks(choices: Sequence[object]) -> tuple[int, ...] | None:
    """The rank of each choice, from 0; None unless all are numbers, which truth values are not.

    >>> number_ranks((64, 16, 32)), number_ranks(("conv", "pool")), number_ranks((False, True))
    ((2, 0, 1), None, None)
    """
    numbers = [one for one in choices if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(numbers) < len(choices):
        return None
    order = {number: rank for rank, number in enumerate(sorted(numbers))}
    return tuple(order[number] for number in numbers)
