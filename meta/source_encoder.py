"""What a model of the sources says of an architecture, as features."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..encoders import Encoder
from ..spaces import Architectures, SearchSpace
from .source_model import SourceModel

__all__ = ["SourceEncoder"]


class SourceEncoder(Encoder):
    """Each source's predicted value and the hidden units of the networks that all sources share.

    Args:
        model: What is known of the sources.
        canonical: Encode the canonical form.
    """

    def __init__(self, *, model: SourceModel, canonical: bool = True) -> None:
        super().__init__(canonical=canonical)
        self.model = model

    def __sklearn_clone__(self) -> SourceEncoder:
        """A clone shares what was learned from the sources."""
        return SourceEncoder(model=self.model, canonical=self.canonical)

    def _feature_names(self, space: SearchSpace) -> list[str]:
        nothing = space.from_genotypes([])
        predictions, hidden = self.model.transform(nothing)
        units = sum(own.shape[1] for own in hidden)
        return [
            *(f"source {i}" for i in range(predictions.shape[1])),
            *(f"hidden unit {i}" for i in range(units)),
        ]

    def _encode(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        predictions, hidden = self.model.transform(architectures)
        return np.concatenate([predictions, *hidden], axis=1).astype(np.float32)
