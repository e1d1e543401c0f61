"""What to say of two spaces that are not the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .space import SearchSpace

__all__ = ["order_hint", "space_hint"]


def space_hint(a: SearchSpace, b: SearchSpace) -> str:
    """A sentence to add where a space differs from another in the order of its decisions alone, else nothing.

    >>> from augury.spaces import ChoiceSpace
    >>> a, b = ChoiceSpace({"depth": (1, 2), "width": (8, 16)}), ChoiceSpace({"width": (8, 16), "depth": (1, 2)})
    >>> space_hint(a, b).strip()
    "They have the same decisions in another order, ['depth', 'width'] and ['width', 'depth']; give them in one order."
    """
    return order_hint(list(a.positions()), list(b.positions())) if type(a) is type(b) else ""


def order_hint(a: Sequence[str], b: Sequence[str]) -> str:
    """The same for the names of their decisions."""
    if list(a) == list(b) or sorted(a) != sorted(b):
        return ""
    return f" They have the same decisions in another order, {list(a)} and {list(b)}; give them in one order."
