"""Spaces as JSON and back, whether a file of the user's or a saved state tells of them."""

from __future__ import annotations

import inspect
import reprlib
from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import Any

from .choice import ChoiceSpace
from .edge_cell import EdgeCellSpace
from .errors import DataError, InputError, nearest_hint
from .nas_bench_201 import NASBench201Space
from .nas_bench_graph import NASBenchGraphSpace
from .space import SearchSpace

__all__ = ["EXAMPLE", "check_named", "space_from_json", "space_to_json", "space_type"]

GROUP = "augury.spaces"  # of entry points, by which other packages tell of their spaces

TYPES: dict[str, type[SearchSpace]] = {
    cls.__name__: cls for cls in (ChoiceSpace, EdgeCellSpace, NASBench201Space, NASBenchGraphSpace)
}
EXAMPLE = '{"type": "ChoiceSpace", "arguments": {"decisions": {"layer1": ["conv", "pool"]}}}'


def space_type(name: str) -> type[SearchSpace] | None:
    """The class of that name, ours or a plug-in's; None if there is none.

    A plug-in's entry point is called as its class, for that is the name which descriptions have.
    """
    if name in TYPES:
        return TYPES[name]
    for point in entry_points(group=GROUP):
        if point.name == name:
            plugin: type[SearchSpace] = point.load()
            return plugin
    return None


def check_named(space: SearchSpace) -> None:
    """Raise unless `space_from_json` can make the space again.

    Raises:
        InputError: Its class has no name there.

    >>> check_named(ChoiceSpace({"layer": ("conv", "pool")}))
    """
    name = type(space).__name__
    if space_type(name) is not type(space):
        raise InputError(f"A space of the class {name} cannot be saved, for it could not be loaded. {_advice(name)}")


def space_to_json(space: SearchSpace) -> dict[str, Any]:
    """The space's type and its constructor's arguments."""
    return {"type": type(space).__name__, "arguments": dict(space.config())}


def space_from_json(description: Mapping[str, Any]) -> SearchSpace:
    """The space that `space_to_json` described.

    Raises:
        DataError: The description is of no space known here; the message does not tell where it comes from.

    >>> space = EdgeCellSpace(operations=("none", "conv"), nodes=3)
    >>> space_from_json(space_to_json(space)) == space
    True
    """
    if not isinstance(description, Mapping) or "type" not in description:
        raise DataError(
            f"A space is described by its type and arguments, as {EXAMPLE}; got {reprlib.repr(description)}."
        )
    name, arguments = description["type"], description.get("arguments", {})
    cls = space_type(name) if isinstance(name, str) else None
    if cls is None:
        raise DataError(
            f"The type of a space is {name!r}, which is not one of {sorted(TYPES)}.{nearest_hint(name, TYPES)} "
            f"{_advice(str(name))}"
        )
    if not isinstance(arguments, Mapping):
        raise DataError(f"The arguments of {name} have names, as in {EXAMPLE}; got {arguments!r}.")
    signature = inspect.signature(cls)
    try:
        signature.bind(**arguments)
    except TypeError as error:
        takes = ", ".join(signature.parameters) or "none"
        raise DataError(f"The arguments of {name} are {takes}, and those given {list(arguments)}: {error}.") from error
    try:
        return cls(**arguments)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise DataError(f"The space {name} is described wrongly. {error}") from error


def _advice(name: str) -> str:
    return (
        f"A space of your own is known here by an entry point called {name!r} in the group {GROUP}, or, in a notebook, "
        "once its class is in augury.spaces.factory.TYPES."
    )
