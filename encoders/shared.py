"""Encoders made ready once for all who ask, so that they share the rows they remember."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy.typing as npt
from sklearn.base import BaseEstimator, clone
from sklearn.pipeline import FeatureUnion

from ..spaces import InputError, SearchSpace
from .encoder import Encoder
from .named_arrays import nested, part

__all__ = ["fitted", "learned"]

MOST = 8

# the last ones asked for, and their spaces; nobody else has them, so nobody changes their parameters
_recent: list[tuple[Encoder | FeatureUnion, SearchSpace]] = []


def fitted(
    encoder: str | Encoder | FeatureUnion, space: SearchSpace, state: Mapping[str, npt.NDArray[Any]] | None = None
) -> Encoder | FeatureUnion:
    """An encoder for a space, one for all who ask for the same.

    Args:
        encoder: Its name, or one with other parameters than the usual, or several side by side as scikit-learn's
            ``FeatureUnion``; that one itself stays as it is.
        space: The space.
        state: What `learned` gave of one that was fitted; if there is any, it is taken up, and this encoder is not
            shared.

    Raises:
        UnknownNameError: There is no encoder of that name.
        InputError: It is none of these.
        KeyError, ValueError: The state is of another encoder.

    >>> from augury.encoders import GraphFeatures
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"layer": ("conv", "pool")})
    >>> fitted("graph-features", space) is fitted(GraphFeatures(), space)
    True
    """
    global _recent
    from . import make

    wanted = make(encoder) if isinstance(encoder, str) else encoder
    if not isinstance(wanted, Encoder | FeatureUnion):
        raise InputError(
            f"An encoder is given by its name, or as an Encoder or a FeatureUnion; got {encoder!r}. For features of "
            "your own, write a subclass of augury.encoders.Encoder with _feature_names and _encode."
        )
    if state:
        return _taken_up(clone(wanted), space, state)
    found = next((known for known, of in _recent if of == space and _same(known, wanted) and _unchanged(known)), None)
    if found is None:
        nothing = space.from_genotypes([])
        found = clone(wanted).fit(nothing)
    _recent = [(found, space), *(pair for pair in _recent if pair[0] is not found)][:MOST]
    return found


def learned(encoder: Encoder | FeatureUnion) -> dict[str, npt.NDArray[Any]]:
    """What a fitted encoder learned, as named arrays; of most encoders, nothing.

    >>> from augury.spaces import ChoiceSpace
    >>> learned(fitted("one-hot", ChoiceSpace({"layer": ("conv", "pool")})))
    {}
    """
    if isinstance(encoder, Encoder):
        return encoder._learned()
    arrays: dict[str, npt.NDArray[Any]] = {}
    for place, (_, inner) in enumerate(encoder.transformer_list):
        if isinstance(inner, Encoder | FeatureUnion):
            arrays |= nested(str(place), learned(inner))
    return arrays


def _taken_up(
    encoder: Encoder | FeatureUnion, space: SearchSpace, state: Mapping[str, npt.NDArray[Any]]
) -> Encoder | FeatureUnion:
    """The same object, fitted."""
    if isinstance(encoder, Encoder):
        return encoder._take_up(space, state)
    for place, (_, inner) in enumerate(encoder.transformer_list):
        if isinstance(inner, Encoder | FeatureUnion):
            _taken_up(inner, space, part(str(place), state))
    return encoder


def _unchanged(encoder: Encoder | FeatureUnion) -> bool:
    """Whether data that it holds, which is the user's, is as it was when it was fitted."""
    if isinstance(encoder, Encoder):
        return encoder._unchanged()
    parts = (inner for _, inner in encoder.transformer_list)
    return all(_unchanged(inner) for inner in parts if isinstance(inner, Encoder | FeatureUnion))


def _same(a: object, b: object) -> bool:
    """Whether two encoders, or parameters of encoders, surely do the same; data is compared by identity."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, BaseEstimator) and isinstance(b, BaseEstimator):
        mine, theirs = a.get_params(deep=False), b.get_params(deep=False)
        return all(_same(value, theirs[name]) for name, value in mine.items())
    if isinstance(a, list | tuple) and isinstance(b, Sequence):
        return len(a) == len(b) and all(map(_same, a, b))
    return isinstance(a, str | int | float | bool) and a == b
