"""Spaces as JSON and back, whether a file of the user's or a saved state tells of them."""

from __future__ import annotations

import inspect
import reprlib
from collections.abc import Mapping
from typing import Any

from .choice import ChoiceSpace
from .edge_cell import EdgeCellSpace
from .errors import DataError, nearest_hint
from .nas_bench_201 import NASBench201Space
from .nas_bench_graph import NASBenchGraphSpace
from .space import SearchSpace

__all__ = ["EXAMPLE", "space_from_json", "space_to_json"]

TYPES: dict[str, type[SearchSpace]] = {
    cls.__name__: cls for cls in (ChoiceSpace, EdgeCellSpace, NASBench201Space, NASBenchGraphSpace)
}
EXAMPLE = '{"type": "ChoiceSpace", "arguments": {"decisions": {"layer1": ["conv", "pool"]}}}'


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
    if not isinstance(name, str) or name not in TYPES:
        raise DataError(
            f"The type of a space is {name!r}, which is not one of {sorted(TYPES)}.{nearest_hint(name, TYPES)} "
            "A space of your own is known here once its class is in augury.spaces.factory.TYPES."
        )
    if not isinstance(arguments, Mapping):
        raise DataError(f"The arguments of {name} have names, as in {EXAMPLE}; got {arguments!r}.")
    signature = inspect.signature(TYPES[name])
    try:
        signature.bind(**arguments)
    except TypeError as error:
        takes = ", ".join(signature.parameters) or "none"
        raise DataError(f"The arguments of {name} are {takes}, and those given {list(arguments)}: {error}.") from error
    try:
        return TYPES[name](**arguments)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise DataError(f"The space {name} is described wrongly. {error}") from error
