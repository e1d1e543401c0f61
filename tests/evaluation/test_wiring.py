from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from augury.evaluation.wiring import Wire, route

WAYS = {
    "│": "ud", "─": "lr", "└": "ur", "┘": "ul", "┌": "dr", "┐": "dl",
    "┴": "ulr", "┬": "dlr", "├": "udr", "┤": "udl", "┼": "udlr",
}  # fmt: skip
STEPS = {"u": (-1, 0), "d": (1, 0), "l": (0, -1), "r": (0, 1)}
BACK = {"u": "d", "d": "u", "l": "r", "r": "l"}


def follow(lines: list[str], column: int) -> set[int]:
    """Where a reader ends who starts above a column and follows the line, straight on where it is interrupted."""
    ends, todo = set(), [(0, column, "d")]
    while todo:
        line, at, way = todo.pop()
        if line == len(lines):
            ends.add(at)
            continue
        letter = lines[line][at]
        if letter == "│" and way in "lr":  # passes below the upright line
            onward = way
        else:
            assert BACK[way] in WAYS[letter], f"a line breaks off at {line}, {at}: {lines}"
            onward = WAYS[letter].replace(BACK[way], "")
        for step in onward:
            down, right = STEPS[step]
            todo.append((line + down, at + right, step))
    return ends


@st.composite
def bundles(draw):
    starts = draw(st.lists(st.integers(0, 20), min_size=1, max_size=5, unique=True))
    ends = draw(st.lists(st.integers(0, 20), min_size=len(starts), max_size=9, unique=True))
    owner = [*range(len(starts)), *(draw(st.integers(0, len(starts) - 1)) for _ in ends[len(starts) :])]
    return [Wire(start, tuple(e for e, o in zip(ends, owner, strict=True) if o == i)) for i, start in enumerate(starts)]


@given(bundles())
def test_every_line_leads_where_it_should_and_nowhere_else(wires):
    lines = route(wires)
    if lines is None:
        starts = {wire.start for wire in wires}
        assert any(end in starts for wire in wires for end in wire.ends), "only shared columns may be impossible"
        return
    for wire in wires:
        assert follow(lines, wire.start) == set(wire.ends)


def test_straight_lines_take_one_line():
    assert route([Wire(0, (0,)), Wire(3, (3,))]) == ["│  │"]


def test_lines_apart_share_a_level():
    assert route([Wire(0, (2,)), Wire(6, (4,))]) == ["└─┐ ┌─┘"]


def test_two_that_change_places_cannot_be_drawn():
    assert route([Wire(0, (2, 4)), Wire(2, (0, 6))]) is None
