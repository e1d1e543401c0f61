"""Arguments as JSON and named arrays: encoders and their tables, and predictors inside others, included."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from sklearn.pipeline import FeatureUnion

from .. import encoders
from ..encoders import Encoder, ProxyTable
from ..spaces import Architectures, InputError, Registry
from ..spaces.factory import space_from_json, space_to_json

__all__ = ["Kinds", "pack", "unpack"]

Kinds: TypeAlias = Mapping[type, Registry[Any]]  # of parts that arguments may be, and where their names are
Arrays: TypeAlias = Mapping[str, npt.NDArray[Any]]

NO_MORE: Kinds = MappingProxyType({})
UNREGISTERED = {"FeatureUnion": FeatureUnion, "ProxyTable": ProxyTable}  # encoders that have no name of their own
PREFIX = "parameter."


def pack(parameters: Mapping[str, Any], arrays: dict[str, npt.NDArray[Any]], more: Kinds = NO_MORE) -> dict[str, Any]:
    """The arguments as JSON; what is too large for that is added to ``arrays``.

    Args:
        parameters: Name → argument.
        arrays: Those that there are.
        more: Kinds of parts that arguments may be, besides encoders and predictors.

    Raises:
        InputError: One is not data, such as a function, or has a class that no name leads to.

    >>> pack({"encoder": encoders.OneHot(canonical=False), "seed": 3}, {})
    {'encoder': {'encoder': 'one-hot', 'arguments': {'canonical': False}}, 'seed': 3}
    """
    return _pack_all(parameters, arrays, _kinds(more))


def unpack(packed: Mapping[str, Any], arrays: Arrays, more: Kinds = NO_MORE) -> dict[str, Any]:
    """What `pack` made JSON of; raises `KeyError`, `TypeError` or `ValueError` if it is something else."""
    return _unpack_all(packed, arrays, _kinds(more))


def _kinds(more: Kinds) -> Kinds:
    from . import registry
    from .predictor import Predictor

    return {Encoder: encoders.registry, Predictor: registry, **more}


def _pack_all(parameters: Mapping[str, Any], arrays: dict[str, npt.NDArray[Any]], kinds: Kinds) -> dict[str, Any]:
    return {name: _pack(name, value, arrays, kinds) for name, value in parameters.items()}


def _pack(name: str, value: Any, arrays: dict[str, npt.NDArray[Any]], kinds: Kinds) -> Any:
    """A dictionary in the outcome tells by its keys what it stands for."""
    if value is None or isinstance(value, str | int | float):
        return value
    parts: tuple[Any, ...] = (*kinds, FeatureUnion)
    if isinstance(value, parts):
        kind, called = _named(name, value, kinds)
        return {kind: called, "arguments": _pack_all(value.get_params(deep=False), arrays, kinds)}
    if isinstance(value, Architectures):
        return {"space": space_to_json(value.space), "genotypes": _pack(name, value.genotypes, arrays, kinds)}
    if isinstance(value, Mapping):  # pairs, for the order may count
        return {"pairs": [[key, _pack(f"{name}[{key!r}]", part, arrays, kinds)] for key, part in value.items()]}
    if isinstance(value, list | tuple):
        return [_pack(name, part, arrays, kinds) for part in value]
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        place = f"{PREFIX}{len(arrays)}"
        arrays[place] = value
        return {"array": place}
    raise InputError(
        f"A predictor or meta-learner with {name}={value!r} cannot be saved, for that is not data, and a file holds no "
        "code. Give something that has a name, or fit it anew where it is needed."
    )


def _unpack_all(packed: Mapping[str, Any], arrays: Arrays, kinds: Kinds) -> dict[str, Any]:
    if not isinstance(packed, Mapping):
        raise TypeError(f"arguments have names, which {packed!r} has not")
    return {name: _unpack(value, arrays, kinds) for name, value in packed.items()}


def _unpack(value: Any, arrays: Arrays, kinds: Kinds) -> Any:
    if isinstance(value, list):
        return [_unpack(part, arrays, kinds) for part in value]
    if not isinstance(value, dict):
        return value
    if "array" in value:
        return arrays[value["array"]]
    if "genotypes" in value:
        return space_from_json(value["space"]).from_genotypes(_unpack(value["genotypes"], arrays, kinds))
    if "pairs" in value:
        return {name: _unpack(part, arrays, kinds) for name, part in value["pairs"]}
    arguments = _unpack_all(value["arguments"], arrays, kinds)
    registry = next((registry for registry in kinds.values() if registry.kind in value), encoders.registry)
    name = value[registry.kind]
    unregistered = UNREGISTERED.get(name) if registry is encoders.registry else None
    return unregistered(**arguments) if unregistered else registry.make(name, **arguments)


def _named(name: str, value: Any, kinds: Kinds) -> tuple[str, str]:
    """What kind of part it is, and the name that leads to its class."""
    called = type(value).__name__
    if UNREGISTERED.get(called) is type(value):
        return encoders.registry.kind, called
    registry = next((kinds[kind] for kind in kinds if isinstance(value, kind)), encoders.registry)
    try:
        return registry.kind, registry.name_of(value)
    except InputError as error:
        instead = " Instead of LiveProxies, give a ProxyTable of their values." if isinstance(value, Encoder) else ""
        raise InputError(
            f"A predictor or meta-learner with {name}={called} cannot be saved, for its class has no name to be "
            f"loaded by.{instead} A class of your own needs an entry point in the group {registry.package}."
        ) from error
