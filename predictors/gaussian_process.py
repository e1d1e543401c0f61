"""Gaussian-process regression on encoded architectures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.pipeline import FeatureUnion
from sklearn.utils.validation import check_is_fitted

from ..encoders import Encoder
from ..encoders import make as make_encoder
from ..encoders.groups import FeatureGroups, checked_encoders
from ..encoders.one_shape import one_shape
from ..spaces import Architectures, InputError, SearchSpace
from .capacity import Capacity
from .exact_gp import ExactGP
from .held_out import HeldOutPredictor
from .kernels import Kernel, LogNormal

__all__ = ["GaussianProcess", "usual_kernels"]

KINDS = ("matern", "matern-ard", "rbf", "rbf-ard", "linear")
BY_DEFAULT, WHERE_ALIKE = ("graph-features", "one-hot"), ("decisions", "graph-features")
# chosen for graph encoders on citeseer and pubmed, and for decisions on grids, with 10 to 100 evaluations
RELEVANCES = {"rbf-ard": LogNormal(1.0, 0.25), "matern-ard": LogNormal(1.0, 0.7)}
SLOPE = 0.1  # of the prior mean, in standard deviations of the target for one of the capacity
SLOPE_VARIANCE = LogNormal(0.1, 1.0)


class GaussianProcess(HeldOutPredictor):
    """An exact Gaussian process; its kernel has one part for each encoder (``rasmussen2006``).

    The parts add up or multiply. Each encoder's features are standardised over a fixed sample of the space, and its
    kernel has a variance and a length of its own; the marginal likelihood chooses them, with the noise. Linear on
    ``"weisfeiler-lehman"``, whose counts keep their proportions, one is the Weisfeiler-Lehman kernel of ``ru2021``,
    centred and scaled as a whole, and on ``"path"`` so is the number of paths in common. The standard deviation is
    that of a new evaluation, noise included.

    Args:
        encoders: Names of encoders, encoders, or a ``FeatureUnion`` of them, each with a kernel of its own. By default
            graph features and the genotype; where all graphs of the space have one shape, as in grids of
            hyper-parameters, `Decisions` and graph features.
        kernel: ``"matern"`` (smoothness 5/2), ``"rbf"``, the same with a length for each feature (``"matern-ard"``,
            ``"rbf-ard"``) or ``"linear"``, for all encoders or one for each; name an encoder twice to give it two. By
            default ``"matern-ard"`` where columns matter unequally (`Encoder.unequal`), ``"matern"`` elsewhere.
        combine: ``"sum"`` of the kernels, or their ``"product"``, which needs likeness in every encoding.
        mean: The prior mean: None for 0, or ``"operation-knowledge"``, a line in the architecture's `Capacity`. Its
            slope is 0.1 with a standard deviation of about 0.3, a linear kernel of its own, so that a few evaluations
            can turn it around. With 5 to 20 evaluations it helps much on NAS-Bench-201, where networks that learn more
            are better, and hurts a little on NAS-Bench-Graph, where they are not.
        target: ``"normal-scores"`` or ``"standard"``.

    Raises:
        InputError: An unknown kernel, combination or mean, a mean with a product of kernels, or neither an encoder nor
            a mean; raised by ``fit``.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"first": ("a", "b"), "second": ("a", "b"), "third": ("a", "b")})
    >>> architectures = space.enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> predictor = GaussianProcess().fit(architectures[:6], y[:6])
    >>> mean, std = predictor.predict(architectures[6:], return_std=True)
    >>> bool(mean[1] > mean[0])
    True
    """

    def __init__(
        self,
        *,
        encoders: Sequence[str | Encoder | FeatureUnion] | None = None,
        kernel: str | Sequence[str] | None = None,
        combine: str = "sum",
        mean: str | None = None,
        target: str = "normal-scores",
    ) -> None:
        super().__init__(target=target)
        self.encoders = encoders
        self.kernel = kernel
        self.combine = combine
        self.mean = mean

    def _fit(self, architectures: Architectures, z: npt.NDArray[np.float64]) -> None:
        self._fit_weighted(architectures, z, np.ones(len(z)))

    def _fit_weighted(
        self, architectures: Architectures, z: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
    ) -> None:
        self._see(architectures.space)
        groups, self._prior = self._inputs(architectures)
        self._forms = architectures.forms()
        self._gp = self._new_gp(groups).fit(groups, z - self._prior, weights=weights)

    def _see(self, space: SearchSpace, arrays: Mapping[str, npt.NDArray[Any]] | None = None) -> None:
        """Make ready to encode architectures of that space."""
        given = self.encoders
        if given is None:
            given = WHERE_ALIKE if one_shape(space) else BY_DEFAULT
        self._encoders = tuple(checked_encoders(given, needed=self.mean is None))
        if self.mean not in (None, "operation-knowledge"):
            raise InputError(f"mean is None or 'operation-knowledge'; got {self.mean!r}.")
        if self.combine not in ("sum", "product"):
            raise InputError(f"combine is 'sum' or 'product'; got {self.combine!r}.")
        if self.mean and self.combine == "product":
            raise InputError(f"mean={self.mean!r} adds a kernel to others; it needs combine='sum', or take mean=None.")
        self._kinds = self._kernel_kinds()
        proportions = [kind == "linear" for kind in self._kinds]
        self._features = FeatureGroups(self._encoders, in_proportion=proportions)
        self._features.fit(space, arrays)
        self._capacity = Capacity(space) if self.mean else None

    def _inputs(self, architectures: Architectures) -> tuple[list[npt.NDArray[np.float64]], npt.NDArray[np.float64]]:
        """One matrix a kernel, and the prior mean, ``(n,)``."""
        groups = self._features.transform(architectures)
        if self._capacity is None:
            return groups, np.zeros(len(architectures))
        capacity = self._capacity(architectures)
        return [*groups, capacity[:, None]], SLOPE * capacity

    def _kernel_kinds(self) -> list[str]:
        """The kernel of each encoder."""
        given: Any = usual_kernels(self._encoders) if self.kernel is None else self.kernel
        several = isinstance(given, Sequence) and not isinstance(given, str)
        kinds: list[str] = list(given) if several else [given] * len(self._encoders)
        if len(kinds) != len(self._encoders) or any(kind not in KINDS for kind in kinds):
            raise InputError(
                f"kernel is one of {', '.join(KINDS)}, or one of these for each encoder; got {self.kernel!r} for "
                f"{len(self._encoders)} encoders."
            )
        return kinds

    def _new_gp(self, groups: Sequence[npt.NDArray[np.float64]]) -> ExactGP:
        kernels = [
            Kernel(kind, relevance=RELEVANCES[kind], columns=group.shape[1]) if kind in RELEVANCES else Kernel(kind)
            for kind, group in zip(self._kinds, groups, strict=False)  # that of the mean is the last
        ]
        if self.mean:
            kernels.append(Kernel("linear", variance=SLOPE_VARIANCE))
        return ExactGP(kernels, combine=self.combine)

    def _predict(self, architectures: Architectures) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        groups, prior = self._inputs(architectures)
        mean, std = self._gp.predict_evaluation(groups)
        return prior + mean, std

    def held_out(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Mean and standard deviation, ``(n,)`` each, of the target at each architecture by those not equivalent to it.

        The hyper-parameters have seen all of them.
        """
        check_is_fitted(self, "space_")
        mean, std = self._gp.leave_one_out(self._forms)
        return self._prior + mean, std

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        groups = {f"group{i}": group for i, group in enumerate(self._gp.groups)}
        return {
            "theta": self._gp.theta,
            "z": self._gp.y,
            "weights": self._gp.weights,
            "prior": self._prior,
            "forms": self._forms,
            **groups,
            **self._features.learned(),
        }

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._see(self.space_, arrays)
        self._prior, self._forms = arrays["prior"], arrays["forms"]
        groups = [arrays[f"group{i}"] for i in range(len(self._encoders) + (self.mean is not None))]
        self._gp = self._new_gp(groups).fit(groups, arrays["z"], theta=arrays["theta"], weights=arrays["weights"])


def usual_kernels(encoders: Iterable[str | Encoder | FeatureUnion]) -> list[str]:
    """The kernel that suits each encoder: ``"matern-ard"`` where columns matter unequally (`Encoder.unequal`).

    >>> usual_kernels(["graph-features", "decisions"])
    ['matern', 'matern-ard']
    """
    made = [make_encoder(one) if isinstance(one, str) else one for one in encoders]
    return ["matern-ard" if isinstance(one, Encoder) and one.unequal else "matern" for one in made]
