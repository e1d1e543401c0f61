"""What the transfer Gaussian process adapts to a target: the sources' consensus and a process about it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.utils.validation import check_is_fitted

from ..encoders.groups import FeatureGroups
from ..predictors.exact_gp import ExactGP
from ..predictors.explanation import Explanation
from ..predictors.kernels import Kernel, LogNormal
from ..spaces import Architectures
from .adapted_predictor import AdaptedProcess
from .contributions import SHARES, contributions_by_model
from .encodings import ENCODERS
from .source_model import SourceModel
from .trust import LEAST_SLOPE, with_no_evaluation

__all__ = ["TRUST", "TransferPredictor", "source_kernels"]

TRUST = 0.5  # prior slope, at most, of a target's normal scores on the consensus, whose standard deviation is 1
SETTLED = 0.25  # trust from which on the sources' kernels have the variance of the others
LEAST_SHARE = 0.02  # of that variance: even sources that did not follow each other may tell of the target
CONTRADICTED = 1.0  # by how much log evidence must speak for sources that are turned around
LEAST_TURNED = 3  # evaluations before they may be
SOURCES = 1  # the place among the kernels of the one that is linear in the sources' predictions


class TransferPredictor(AdaptedProcess):
    """What `TransferGP` adapts to a target task.

    Fitted to nothing, it gives the sources' consensus as far as it is trusted, in normal scores.

    Args:
        model: What is known of the sources.
        encoders: Of the architecture itself; each has a Matérn kernel.
        trust: Prior slope of the target's normal scores on the consensus, whose standard deviation is 1.
        apart: Whether each member of a network has a kernel in its hidden units, or all of one network share one.
        turnable: Whether the slope may be turned around, where the evidence speaks for it.
        target: ``"normal-scores"`` or ``"standard"``.
    """

    def __init__(
        self,
        *,
        model: SourceModel,
        encoders: Sequence[str] = ENCODERS,
        trust: float = TRUST,
        apart: bool = False,
        turnable: bool = False,
        target: str = "normal-scores",
    ) -> None:
        super().__init__(target=target)
        self.model = model
        self.encoders = encoders
        self.trust = trust
        self.apart = apart
        self.turnable = turnable

    def _fit(self, architectures: Architectures, z: npt.NDArray[np.float64]) -> None:
        self._fit_weighted(architectures, z, np.ones(len(z)))

    def _fit_weighted(
        self, architectures: Architectures, z: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
    ) -> None:
        self._seen = architectures, z
        self._gp = None
        if not len(z):
            return
        self._features = FeatureGroups(self.encoders).fit(architectures.space)
        consensus, groups = self._inputs(architectures)
        self._gp = self._about(self.trust * consensus, groups, z, weights)
        self._slope = self.trust
        if self.turnable and len(z) >= LEAST_TURNED and np.cov(consensus, z)[0, 1] < 0:
            turned = self._about(-self.trust * consensus, groups, z, weights)
            if turned.log_posterior() - self._gp.log_posterior() > CONTRADICTED:
                self._gp, self._slope = turned, -self.trust
        self._prior = self._slope * consensus

    def _about(
        self,
        prior: npt.NDArray[np.float64],
        groups: list[npt.NDArray[np.float64]],
        z: npt.NDArray[np.float64],
        weights: npt.NDArray[np.float64],
    ) -> ExactGP:
        """The process with that prior mean."""
        return ExactGP(self._kernels()).fit(groups, z - prior, weights=weights)

    def _kernels(self) -> list[Kernel]:
        hidden = sum(self._kernels_of_networks())
        return [*source_kernels(self.trust, hidden), *(Kernel("matern") for _ in self.encoders)]

    def design_inputs(self, architectures: Architectures) -> tuple[list[Kernel], list[npt.NDArray[np.float64]]]:
        """Its kernels and a matrix for each, with no evaluation."""
        self._features = FeatureGroups(self.encoders).fit(architectures.space)
        return self._kernels(), self._inputs(architectures)[1]

    def _kernels_of_networks(self) -> list[int]:
        return [network.members if self.apart else 1 for network in self.model.networks]

    def _inputs(self, architectures: Architectures) -> tuple[npt.NDArray[np.float64], list[npt.NDArray[np.float64]]]:
        """The sources' consensus, ``(n,)``, and a matrix for each kernel."""
        predictions, joined = self.model.transform(architectures)
        counts = self._kernels_of_networks()
        hidden = [own for units, k in zip(joined, counts, strict=True) for own in np.split(units, k, axis=1)]
        return self.model.consensus(predictions), [
            np.ones((len(predictions), 1)),
            predictions / predictions.shape[1] ** 0.5,
            *(units / units.shape[1] ** 0.5 for units in hidden),
            *self._features.transform(architectures),
        ]

    def _predict(self, architectures: Architectures) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        if self._gp is None:
            predictions, _ = self.model.transform(architectures)
            return with_no_evaluation(self.model.consensus(predictions), self.trust, predictions.shape[1])
        consensus, groups = self._inputs(architectures)
        mean, std = self._gp.predict_evaluation(groups)
        return mean + self._slope * consensus, std

    def summands(self, architectures: Architectures) -> npt.NDArray[np.float64]:
        """The mean's summands, ``(n, t + 2)``: through each source, through the networks' hidden units, and the rest.

        The mean is linear in the sources' predicted values: by the prior mean, in which each has an equal say, and by
        the linear kernel, in which a source's weight is ``v/t Σᵢ pₛ(xᵢ) αᵢ`` with ``α = (K + σ² I)⁻¹ (z − prior)``
        (`ExactGP.linear_weights`). A source's summand is the sum of both times what it predicts.
        """
        if self._gp is None:
            by_source = self.model.consensus_summands(self.model.transform(architectures)[0])
            return np.column_stack([max(self.trust, LEAST_SLOPE) * by_source, np.zeros((len(by_source), 2))])
        _, groups = self._inputs(architectures)
        prior = self._slope * self.model.consensus_summands(groups[SOURCES] * groups[SOURCES].shape[1] ** 0.5)
        by_source = prior + groups[SOURCES] * self._gp.linear_weights(SOURCES)
        by_kernel = self._gp.summands(groups)
        first, end = SOURCES + 1, SOURCES + 1 + sum(self._kernels_of_networks())
        own = by_kernel[:, :SOURCES].sum(axis=1) + by_kernel[:, end:].sum(axis=1)
        return np.column_stack([by_source, by_kernel[:, first:end].sum(axis=1), own])

    def explain(self) -> Explanation:
        """What each source contributed; see `contributions` for what the weights are.

        Raises:
            NotFittedError: ``fit`` has not been called.
        """
        check_is_fitted(self, "space_")
        return Explanation(SHARES, contributions_by_model(self.model, self.summands, *self._seen))


def source_kernels(trust: float, hidden: int = 1) -> list[Kernel]:
    """Constant, linear in the sources' predictions and so many Matérn in hidden units, for a trust in sources.

    >>> [round(kernel.variance.median, 3) for kernel in source_kernels(0.5)]
    [0.3, 0.5, 0.5]
    >>> [round(kernel.variance.median, 3) for kernel in source_kernels(0.05)]
    [0.3, 0.1, 0.1]
    """
    usual = Kernel("linear").variance
    variance = LogNormal(usual.median * min(max(trust / SETTLED, LEAST_SHARE), 1.0), usual.spread)
    matern = [Kernel("matern", variance) for _ in range(hidden)]
    return [Kernel("linear", LogNormal(0.3, 1.0)), Kernel("linear", variance), *matern]
