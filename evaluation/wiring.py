"""Lines of text that lead from columns above to columns below, without ever joining two of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Wire", "route"]

UP, DOWN, LEFT, RIGHT = 1, 2, 4, 8
LETTERS = {
    UP | DOWN: "│", LEFT | RIGHT: "─",
    UP | RIGHT: "└", UP | LEFT: "┘", DOWN | RIGHT: "┌", DOWN | LEFT: "┐",
    UP | LEFT | RIGHT: "┴", DOWN | LEFT | RIGHT: "┬", UP | DOWN | RIGHT: "├", UP | DOWN | LEFT: "┤",
    UP | DOWN | LEFT | RIGHT: "┼",
}  # fmt: skip


@dataclass(frozen=True)
class Wire:
    """A line that branches.

    Attributes:
        start: The column it comes from.
        ends: The columns it leads to; no other wire ends there.
    """

    start: int
    ends: tuple[int, ...]

    @property
    def straight(self) -> bool:
        """Whether it only leads down."""
        return self.ends == (self.start,)

    @property
    def columns(self) -> tuple[int, int]:
        """The leftmost and the rightmost."""
        return min(self.start, *self.ends), max(self.start, *self.ends)


def route(wires: Sequence[Wire]) -> list[str] | None:
    """Draw wires between two rows of boxes.

    A wire goes down to a level of its own, along it, and down again; where two cross, the level one is interrupted.

    Args:
        wires: What to draw; starts differ, ends differ.

    Returns:
        Lines, as few as it takes; None if some wires would have to be above each other in turn, which moving the ends
        to other columns than the starts mends.

    >>> print("\\n".join(route([Wire(0, (0, 6)), Wire(4, (2,))])))
    ├───│─┐
    │ ┌─┘ │
    """
    levels = _levels(wires)
    if levels is None:
        return None
    height = max([level + 1 for level in levels], default=1)
    cells = [[" "] * (1 + max((wire.columns[1] for wire in wires), default=0)) for _ in range(height)]
    for wire, level in zip(wires, levels, strict=True):  # level lines first: upright ones go over them
        left, right = wire.columns
        for column in range(left, right + 1) if not wire.straight else ():
            ways = (LEFT if column > left else 0) | (RIGHT if column < right else 0)
            ways |= (UP if column == wire.start else 0) | (DOWN if column in wire.ends else 0)
            cells[level][column] = LETTERS[ways]
    for wire, level in zip(wires, levels, strict=True):
        for line in range(height):
            if wire.straight or line < level:
                cells[line][wire.start] = LETTERS[UP | DOWN]
            if line > level:
                for end in wire.ends:
                    cells[line][end] = LETTERS[UP | DOWN]
    return ["".join(line).rstrip() for line in cells]


def _levels(wires: Sequence[Wire]) -> list[int] | None:
    """A line for each wire; where one starts in a column in which another ends, it stays above that one."""
    above = {
        (a, b)
        for a, first in enumerate(wires)
        for b, second in enumerate(wires)
        if a != b and first.start in second.ends
    }
    levels: dict[int, int] = {}
    for _ in wires:
        for wire in sorted(set(range(len(wires))) - set(levels), key=lambda wire: wires[wire].columns):
            upper = [a for a, b in above if b == wire]
            if any(a not in levels for a in upper):
                continue
            level = max((levels[a] + 1 for a in upper), default=0)
            while any(levels[other] == level and _meet(wires[other], wires[wire]) for other in levels):
                level += 1
            levels[wire] = level
    return [levels[wire] for wire in range(len(wires))] if len(levels) == len(wires) else None


def _meet(first: Wire, second: Wire) -> bool:
    return not (first.straight or second.straight) and (
        first.columns[0] <= second.columns[1] and second.columns[0] <= first.columns[1]
    )
