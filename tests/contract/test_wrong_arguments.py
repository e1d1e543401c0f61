"""Arguments that are not of their kind get an error that names them, before any work is done."""

import inspect
from collections.abc import Iterator

import numpy as np
import pytest

import augury
from augury import Metric, Task
from augury.search import History
from augury.spaces import InputError

from .components import SPACES

SPACE = SPACES["nas-bench-201"]
SOME = SPACE.sample(12, np.random.default_rng(0))
Y = np.arange(12.0)
TASK = Task("source", SOME, {"accuracy": Metric(Y, "maximize")}, objective="accuracy")
USES = {
    "encoders": lambda thing: thing.fit(SOME),
    "predictors": lambda thing: thing.fit(SOME, Y),
    "meta": lambda thing: thing.fit([TASK]),
    "search": lambda thing: thing.propose(History(SOME, Y), 1, np.random.default_rng(0)),
}


def cases() -> Iterator[tuple[str, str, str, object]]:
    """Room, name, argument and a wrong value of everything in the registries."""
    for room in USES:
        rooms = getattr(augury, room)
        for name in rooms.registry:
            for argument, parameter in inspect.signature(type(rooms.make(name))).parameters.items():
                kind = type(parameter.default)
                wrong = {int: (-1, 1.5, "3", True), float: (-0.1, np.nan, np.inf, "foo")}.get(kind, ())
                yield from ((room, name, argument, value) for value in wrong)


@pytest.mark.parametrize(("room", "name", "argument", "value"), list(cases()))
def test_wrong_numbers_are_told(room, name, argument, value):
    thing = getattr(augury, room).make(name, **{argument: value})
    with pytest.raises(InputError, match=f"{argument}.*{value}"):
        USES[room](thing)


class Nonsense:
    """What no argument takes."""

    def __repr__(self):
        return "<nonsense>"


def others() -> Iterator[tuple[str, str, str]]:
    """Room, name and argument of all that is no number."""
    for room in USES:
        rooms = getattr(augury, room)
        for name in rooms.registry:
            for argument, parameter in inspect.signature(type(rooms.make(name))).parameters.items():
                if type(parameter.default) not in (int, float, bool):
                    yield room, name, argument


@pytest.mark.parametrize(("room", "name", "argument"), list(others()))
def test_what_no_argument_takes_is_told(room, name, argument):
    with pytest.raises(InputError, match="<nonsense>"):
        USES[room](getattr(augury, room).make(name, **{argument: Nonsense()}))
