"""The contract of encoders: architectures in, a feature matrix out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ..spaces import Architectures, InputError, SearchSpace
from ..spaces.arguments import check_architectures, check_numbers
from ..spaces.difference import space_hint
from .checked_features import checked_features
from .row_memo import RowMemo

__all__ = ["Encoder", "Vector"]

Vector = npt.NDArray[np.float64]


class Encoder(TransformerMixin, BaseEstimator, ABC):  # type: ignore[misc]
    """A scikit-learn transformer of `Architectures`.

    ``fit`` learns from the space alone, most often only which one it is. Rows once computed are remembered for as
    long as the encoder lives, for searches ask about the same architectures again and again.

    Args:
        canonical: Encode each architecture's canonical form, so that equivalent ones get equal rows. Switch it off
            where what is written matters and not only what is computed, as for latency.

    Attributes:
        counted_: So many of the first columns count things of one kind: there, products of rows count what two
            architectures share. 0 for most encoders.
        unequal: Whether some columns may matter much more than others, so that a kernel needs a length for each.

    >>> from augury.spaces import ChoiceSpace
    >>> class Total(Encoder):
    ...     def _feature_names(self, space):
    ...         return ["sum of the genotype"]
    ...     def _encode(self, architectures):
    ...         return architectures.genotypes.sum(axis=1, keepdims=True).astype(np.float32)
    >>> space = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool")})
    >>> Total().fit_transform(space.enumerate())[:, 0].tolist()
    [0.0, 1.0, 1.0, 2.0]
    """

    counted_: int = 0
    unequal: ClassVar[bool] = False

    def __init__(self, *, canonical: bool = True) -> None:
        self.canonical = canonical

    def fit(self, architectures: Architectures, y: object = None) -> Self:
        """Learn the space; ``y`` is not used.

        Raises:
            InputError: What is given is not `Architectures`, or an argument of the constructor is no number that it
                may be.
        """
        check_architectures(architectures, "fit")
        check_numbers(self)
        return self._fit_space(architectures.space)

    def _fit_space(self, space: SearchSpace) -> Self:
        self.space_ = space
        self.feature_names_ = self._feature_names(space)
        self._memo = RowMemo(len(self.feature_names_))
        return self

    def transform(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        """``(n, d)`` features.

        Raises:
            InputError: The architectures are of another space than the encoder was fitted on, or `_encode` gives
                something else than a finite number for each architecture and name.
        """
        check_is_fitted(self, "space_")
        check_architectures(architectures, "transform")
        if architectures.space != self.space_:
            raise InputError(
                f"This encoder was fitted on {self.space_!r} and cannot encode {architectures.space!r}; fit it anew."
                f"{space_hint(self.space_, architectures.space)}"
            )
        rows = architectures.canonical() if self.canonical else architectures
        return self._memo.rows(rows, self._checked)

    def _checked(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        return checked_features(self._encode(architectures), architectures, self.feature_names_, type(self).__name__)

    def get_feature_names_out(self, input_features: object = None) -> npt.NDArray[np.object_]:
        """The names of the ``d`` features."""
        check_is_fitted(self, "space_")
        return np.asarray(self.feature_names_, dtype=object)

    def distinct_names(self) -> list[str]:
        """The same names, save that features that are surely equal in all the space share the shortest of theirs."""
        check_is_fitted(self, "space_")
        return list(self.feature_names_)

    def _scale(self, sample: Architectures, mean: Vector, std: Vector) -> tuple[Vector, Vector]:
        """Mean and spread of the features, given those over a sample of the space; what is data may know better."""
        return mean, std

    def _unchanged(self) -> bool:
        """Whether the data that the constructor was given is as ``fit`` read it; most have none."""
        return True

    def _learned(self) -> dict[str, npt.NDArray[Any]]:
        """Named arrays that a fit on another machine might not give again to the last bit; most have none."""
        return {}

    def _take_up(self, space: SearchSpace, state: Mapping[str, npt.NDArray[Any]]) -> Self:
        """Fitted on a space with what `_learned` gave; raises `KeyError` or `ValueError` if it does not fit."""
        return self._fit_space(space)

    @abstractmethod
    def _feature_names(self, space: SearchSpace) -> list[str]:
        """One name a column, for a space."""

    @abstractmethod
    def _encode(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        """``(n, d)`` finite numbers, each row from its architecture alone."""
