"""A predictor's arguments as JSON and named arrays, encoders and their tables included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.pipeline import FeatureUnion

from .. import encoders
from ..encoders import Encoder, ProxyTable
from ..spaces import Architectures, InputError, UnknownNameError
from ..spaces.factory import space_from_json, space_to_json

__all__ = ["pack", "unpack"]

UNREGISTERED = {"FeatureUnion": FeatureUnion, "ProxyTable": ProxyTable}  # encoders that have no name of their own
PREFIX = "parameter."


def pack(parameters: Mapping[str, Any], arrays: dict[str, npt.NDArray[Any]]) -> dict[str, Any]:
    """The arguments as JSON; what is too large for that is added to ``arrays``.

    Raises:
        InputError: One is not data, such as a function.

    >>> pack({"encoder": encoders.OneHot(canonical=False), "seed": 3}, {})
    {'encoder': {'encoder': 'one-hot', 'arguments': {'canonical': False}}, 'seed': 3}
    """
    return {name: _pack(value, arrays) for name, value in parameters.items()}


def unpack(packed: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> dict[str, Any]:
    """What `pack` made JSON of; raises `KeyError`, `TypeError` or `ValueError` if it is something else."""
    if not isinstance(packed, Mapping):
        raise TypeError(f"arguments have names, which {packed!r} has not")
    return {name: _unpack(value, arrays) for name, value in packed.items()}


def _pack(value: Any, arrays: dict[str, npt.NDArray[Any]]) -> Any:
    """A dictionary in the outcome tells by its keys what it stands for."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Encoder | FeatureUnion):
        return {"encoder": _name(value), "arguments": pack(value.get_params(deep=False), arrays)}
    if isinstance(value, Architectures):
        return {"space": space_to_json(value.space), "genotypes": _pack(value.genotypes, arrays)}
    if isinstance(value, Mapping):
        return {"pairs": [[name, _pack(part, arrays)] for name, part in value.items()]}  # the order may count
    if isinstance(value, list | tuple):
        return [_pack(part, arrays) for part in value]
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        name = f"{PREFIX}{len(arrays)}"
        arrays[name] = value
        return {"array": name}
    raise InputError(
        f"A predictor with the argument {value!r} cannot be saved, for that is not data. "
        "Instead of LiveProxies, give it a ProxyTable of their values."
    )


def _unpack(value: Any, arrays: Mapping[str, npt.NDArray[Any]]) -> Any:
    if isinstance(value, list):
        return [_unpack(part, arrays) for part in value]
    if not isinstance(value, dict):
        return value
    if "array" in value:
        return arrays[value["array"]]
    if "genotypes" in value:
        return space_from_json(value["space"]).from_genotypes(_unpack(value["genotypes"], arrays))
    if "pairs" in value:
        return {name: _unpack(part, arrays) for name, part in value["pairs"]}
    name, arguments = value["encoder"], unpack(value["arguments"], arrays)
    return UNREGISTERED[name](**arguments) if name in UNREGISTERED else encoders.make(name, **arguments)


def _name(encoder: Encoder | FeatureUnion) -> str:
    name = type(encoder).__name__
    if UNREGISTERED.get(name) is type(encoder):
        return name
    try:
        return encoders.registry.name_of(encoder)
    except UnknownNameError as error:
        raise InputError(
            f"A predictor whose encoder is {type(encoder).__name__} cannot be saved, for its class has no name to be "
            "loaded by. Instead of LiveProxies, give a ProxyTable of their values; an encoder of your own needs an "
            "entry point in the group augury.encoders."
        ) from error
