"""Gaussian-process regression on encoded architectures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.pipeline import FeatureUnion
from sklearn.utils.validation import check_is_fitted

from ..encoders import Encoder
from ..encoders.groups import FeatureGroups
from ..spaces import Architectures, InputError
from .exact_gp import ExactGP, Kernel
from .predictor import Predictor

__all__ = ["GaussianProcess"]


class GaussianProcess(Predictor):
    """An exact Gaussian process; its kernel has one part for each encoder (``rasmussen2006``).

    The parts add up or multiply. Linear on ``"weisfeiler-lehman"``, one is the Weisfeiler-Lehman kernel of ``ru2021``,
    and on ``"path"`` a path kernel. Each encoder's features are standardised over a fixed sample of the space, and its
    kernel has a variance and a length of its own; the marginal likelihood chooses them, with the noise.

    Args:
        encoders: Names of encoders, encoders, or a ``FeatureUnion`` of them, each with a kernel of its own.
        kernel: ``"matern"`` (smoothness 5/2), ``"rbf"``, ``"rbf-ard"`` (with a length for each feature) or
            ``"linear"``, for all encoders or one for each; name an encoder twice to give it two.
        combine: ``"sum"`` of the kernels, or their ``"product"``, which needs likeness in every encoding.
        target: ``"normal-scores"`` or ``"standard"``.

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
        encoders: Sequence[str | Encoder | FeatureUnion] = ("graph-features", "one-hot"),
        kernel: str | Sequence[str] = "matern",
        combine: str = "sum",
        target: str = "normal-scores",
    ) -> None:
        super().__init__(target=target)
        self.encoders = encoders
        self.kernel = kernel
        self.combine = combine

    def _fit(self, architectures: Architectures, z: npt.NDArray[np.float64]) -> None:
        self._fit_weighted(architectures, z, np.ones(len(z)))

    def _fit_weighted(
        self, architectures: Architectures, z: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
    ) -> None:
        self._features = self._groups().fit(architectures.space)
        groups = self._features.transform(architectures)
        self._gp = self._new_gp(groups).fit(groups, z, weights=weights)

    def _groups(self) -> FeatureGroups:
        return FeatureGroups(self.encoders)

    def _new_gp(self, groups: Sequence[npt.NDArray[np.float64]]) -> ExactGP:
        kinds = [self.kernel] * len(self.encoders) if isinstance(self.kernel, str) else list(self.kernel)
        if len(kinds) != len(self.encoders) or not set(kinds) <= {"matern", "rbf", "rbf-ard", "linear"}:
            raise InputError(
                f"kernel is 'matern', 'rbf', 'rbf-ard' or 'linear', or one of these for each encoder; got "
                f"{self.kernel!r} for {len(self.encoders)} encoders."
            )
        if self.combine not in ("sum", "product"):
            raise InputError(f"combine is 'sum' or 'product'; got {self.combine!r}.")
        widths = [group.shape[1] if kind == "rbf-ard" else 0 for kind, group in zip(kinds, groups, strict=True)]
        kernels = [Kernel(kind, columns=width) for kind, width in zip(kinds, widths, strict=True)]
        return ExactGP(kernels, combine=self.combine)

    def _predict(self, architectures: Architectures) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        return self._gp.predict(self._features.transform(architectures))

    def _noise(self) -> float:
        return float(np.exp(self._gp.theta[-1]))

    def held_out(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Mean and standard deviation, ``(n,)`` each, of the target at each architecture by the others.

        The hyper-parameters have seen all of them.
        """
        check_is_fitted(self, "space_")
        return self._gp.leave_one_out()

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        groups = {f"group{i}": group for i, group in enumerate(self._gp.groups)}
        return {
            "theta": self._gp.theta,
            "z": self._gp.y,
            "weights": self._gp.weights,
            **groups,
            **self._features.learned(),
        }

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._features = self._groups().fit(self.space_, arrays)
        groups = [arrays[f"group{i}"] for i in range(len(self.encoders))]
        self._gp = self._new_gp(groups).fit(groups, arrays["z"], theta=arrays["theta"], weights=arrays["weights"])
