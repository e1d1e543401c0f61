"""Several encoders side by side, each scaled so that distances are of order one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Sized
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.pipeline import FeatureUnion

from ..spaces import Architectures, InputError, SearchSpace
from .encoder import Encoder
from .named_arrays import nested, part
from .scale import mean_and_spread
from .shared import fitted, learned

__all__ = ["FeatureGroups", "checked_encoders"]

SAMPLE = 512  # architectures that tell a space's scale


class FeatureGroups:
    """One ``(n, d)`` matrix an encoder, for kernels that add up.

    Columns are standardised over a fixed sample of the space, so that the scale does not depend on which
    architectures happen to be evaluated, and divided by the root of their number: the squared distance of two random
    architectures is then 2 on average. A `ProxyTable` that lacks most of the sample is scaled over what it has.

    Args:
        encoders: Names of encoders, encoders, or a ``FeatureUnion`` of them.
        in_proportion: For each encoder, whether what it counts (`Encoder.counted_`) is centred and then divided by one
            number, the root of the mean variance, so that products of rows stay proportional to what two architectures
            share; by default no column keeps its scale.

    Raises:
        InputError: ``encoders`` is one encoder or name, not several.
    """

    def __init__(
        self, encoders: Sequence[str | Encoder | FeatureUnion], *, in_proportion: Sequence[bool] | None = None
    ) -> None:
        self.encoders = checked_encoders(encoders)
        self.in_proportion = in_proportion

    def fit(self, space: SearchSpace, state: Mapping[str, npt.NDArray[Any]] | None = None) -> FeatureGroups:
        """Learn the space's scale; encoders take up what they learned from a state that `learned` gave, if any.

        Raises:
            KeyError, ValueError: The state is of other encoders.
        """
        sample = space.sample(SAMPLE, np.random.default_rng(0))
        self._encoders = [
            fitted(encoder, space, part(f"encoder{i}", state or {})) for i, encoder in enumerate(self.encoders)
        ]
        self._scales = []
        for encoder, keeps in zip(self._encoders, self.in_proportion or [False] * len(self._encoders), strict=True):
            mean, std = mean_and_spread(encoder, sample)
            used = std > 0
            counted = used.copy()
            counted[encoder.counted_ if keeps and isinstance(encoder, Encoder) else 0 :] = False
            if counted.any():
                std[counted] = (std[counted] ** 2).mean() ** 0.5
            self._scales.append((np.flatnonzero(used), mean[used], std[used] * max(used.sum(), 1) ** 0.5))
        return self

    def learned(self) -> dict[str, npt.NDArray[Any]]:
        """What the encoders learned, as named arrays; of most encoders, nothing."""
        arrays: dict[str, npt.NDArray[Any]] = {}
        for i, encoder in enumerate(self._encoders):
            arrays |= nested(f"encoder{i}", learned(encoder))
        return arrays

    def joined(self, architectures: Architectures) -> npt.NDArray[np.float64]:
        """``(n, d)``: the matrices side by side, for networks, each column with standard deviation 1 over the space."""
        return np.concatenate([X * X.shape[1] ** 0.5 for X in self.transform(architectures)], axis=1)

    def transform(self, architectures: Architectures) -> list[npt.NDArray[np.float64]]:
        """The scaled matrices, in the order of the encoders."""
        scaled = []
        for encoder, (used, mean, scale) in zip(self._encoders, self._scales, strict=True):
            X = encoder.transform(architectures)[:, used].astype(np.float64)
            X -= mean
            X /= scale
            scaled.append(X)
        return scaled


def checked_encoders(
    encoders: Sequence[str | Encoder | FeatureUnion], *, needed: bool = False
) -> Sequence[str | Encoder | FeatureUnion]:
    """The encoders, if they are several, or one in a tuple.

    Args:
        encoders: What is to be that.
        needed: Whether there is nothing to learn from without any.

    Raises:
        InputError: They are one that is not in a tuple, or something else, or none where some are needed.

    >>> checked_encoders("one-hot")
    Traceback (most recent call last):
    ...
    augury.spaces.errors.InputError: encoders is a tuple, even of one, such as ('one-hot',); got encoders='one-hot'.
    """
    if isinstance(encoders, str | Encoder | FeatureUnion | Mapping) or not isinstance(encoders, Iterable):
        example = encoders if isinstance(encoders, str | Encoder | FeatureUnion) else "one-hot"
        raise InputError(f"encoders is a tuple, even of one, such as {(example,)!r}; got encoders={encoders!r}.")
    if needed and isinstance(encoders, Sized) and not len(encoders):
        raise InputError(
            f"encoders={encoders!r} leaves nothing to learn from; name one or more, such as ('graph-features',)."
        )
    return encoders
