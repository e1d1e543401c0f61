"""Spaces as JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .choice import ChoiceSpace
from .edge_cell import EdgeCellSpace
from .errors import DataError
from .nas_bench_201 import NASBench201Space
from .nas_bench_graph import NASBenchGraphSpace
from .space import SearchSpace

__all__ = ["space_from_json", "space_to_json"]

TYPES: dict[str, type[SearchSpace]] = {
    cls.__name__: cls for cls in (ChoiceSpace, EdgeCellSpace, NASBench201Space, NASBenchGraphSpace)
}


def space_to_json(space: SearchSpace) -> dict[str, Any]:
    """The space's type and its constructor's arguments."""
    return {"type": type(space).__name__, "arguments": dict(space.config())}


def space_from_json(description: Mapping[str, Any]) -> SearchSpace:
    """The space that `space_to_json` described.

    Raises:
        DataError: The description is of no space known here.

    >>> space = EdgeCellSpace(operations=("none", "conv"), nodes=3)
    >>> space_from_json(space_to_json(space)) == space
    True
    """
    name = description.get("type") if isinstance(description, Mapping) else description
    if not isinstance(name, str) or name not in TYPES:
        raise DataError(
            f"A saved state is of the space {name!r}, which is not one of {sorted(TYPES)}; "
            "a space of your own is known here once its class is in augury.spaces.factory.TYPES."
        )
    try:
        return TYPES[name](**description["arguments"])
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise DataError(f"A saved state describes the space {name} wrongly ({error}); save it again.") from error
