"""What a Gaussian process of costs that add up sees of architectures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..encoders import Encoder, OneHot, OperationCounts
from ..encoders.groups import FeatureGroups
from ..spaces import Architectures
from .cost_covariance import CostCovariance
from .source_model import SourceModel
from .sources import Sources
from .trust import trust_in_consensus

__all__ = ["AdditiveInputs", "own_encoders"]

Array = npt.NDArray[np.float64]


def own_encoders(canonical: bool) -> tuple[Encoder, ...]:
    """Operation counts, genotype, and genotype of the canonical form."""
    return OperationCounts(canonical=canonical), OneHot(canonical=canonical), OneHot()


@dataclass(frozen=True)
class AdditiveInputs:
    """What the Gaussian process sees of architectures.

    Attributes:
        model: What is known of the sources.
        features: What is known of an architecture by itself, one matrix for each of `own_encoders`.
        costs: How costs vary among the sources.
        trust: In the sources' consensus, while nothing else is known.
    """

    model: SourceModel
    features: FeatureGroups
    costs: CostCovariance
    trust: float

    @classmethod
    def of(cls, model: SourceModel, sources: Sources, *, canonical: bool) -> AdditiveInputs:
        """From the sources and a model fitted to them."""
        architectures = sources.architectures
        features = FeatureGroups(own_encoders(canonical)).fit(architectures.space)
        predictions, _ = model.transform(architectures)
        costs = CostCovariance(canonical=canonical).fit(architectures, predictions)
        return cls(model, features, costs, trust_in_consensus(lambda some: model.transform(some)[0], sources))

    def transform(self, architectures: Architectures) -> tuple[Array, list[Array]]:
        """The sources' consensus, ``(n,)``, and a matrix for each kernel."""
        predictions, _ = self.model.transform(architectures)
        counts, _, canonical = self.features.transform(architectures)
        return self.model.consensus(predictions), [
            np.ones((len(predictions), 1)),
            predictions / predictions.shape[1] ** 0.5,
            counts,
            self.costs.transform(architectures),
            canonical,
        ]
