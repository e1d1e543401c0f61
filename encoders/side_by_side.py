"""Several encoders as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures, InputError, SearchSpace
from .encoder import Encoder

__all__ = ["SideBySide"]


class SideBySide(Encoder):
    """The columns of several encoders, one after the other.

    Args:
        encoders: Names of encoders, or encoders.

    Raises:
        InputError: There is none; raised by ``fit``.

    >>> from augury.encoders import ProxyTable
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"layer": ("conv", "pool")})
    >>> table = ProxyTable(architectures=space.enumerate(), columns={"synflow": [8.0, 3.0]})
    >>> SideBySide(encoders=["one-hot", table]).fit_transform(space.parse("layer=pool")).tolist()
    [[0.0, 1.0, -0.6744897365570068, 0.0]]
    """

    def __init__(self, *, encoders: Sequence[str | Encoder]) -> None:
        super().__init__(canonical=False)  # each part sees what is written, and decides for itself
        self.encoders = encoders

    def _fit_space(self, space: SearchSpace) -> Self:
        from . import fitted

        if isinstance(self.encoders, str) or not len(self.encoders):
            raise InputError(f"encoders={self.encoders!r} is no list of encoders; give one or more, as ['one-hot'].")
        self._parts = [fitted(encoder, space) for encoder in self.encoders]
        return super()._fit_space(space)

    def _feature_names(self, space: SearchSpace) -> list[str]:
        names = [name for part in self._parts for name in part.feature_names_]
        if len(set(names)) == len(names):
            return names
        return [f"{i}: {name}" for i, part in enumerate(self._parts) for name in part.feature_names_]

    def _encode(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        return np.concatenate([part.transform(architectures) for part in self._parts], axis=1)
