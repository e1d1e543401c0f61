"""Public names of a package that are imported when they are first asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from operator import attrgetter
from typing import Any

__all__ = ["lazy"]


def lazy(package: str, places: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """A package's ``__getattr__`` and ``__dir__``, so that importing it loads nothing heavy.

    Its modules are found by their names, too.

    Args:
        package: Its ``__name__``.
        places: Name → the module of the package that has it, or ``"module:Class.attribute"`` where it has another name
            there.

    >>> find, names = lazy("augury.spaces", {"cell": "edge_cell:EdgeCellSpace"})
    >>> find("cell").__name__, "cell" in names()
    ('EdgeCellSpace', True)
    """

    def find(name: str) -> Any:
        if name not in places:
            if not name.startswith("_") and find_spec(f"{package}.{name}"):
                return import_module(f".{name}", package)
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, _, path = places[name].partition(":")
        return attrgetter(path or name)(import_module(f".{module}", package))

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *places})

    return find, names
