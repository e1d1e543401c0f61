"""What a meta-learner's `adapt` gives: a predictor that may know no evaluation of the target at all."""

from __future__ import annotations

import os
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from ..predictors.exact_gp import ExactGP
from ..predictors.held_out import HeldOutPredictor
from ..predictors.predictor import Predictor
from ..predictors.target import make_target
from ..spaces import Architectures, InputError

__all__ = ["AdaptedPredictor", "AdaptedProcess"]


class AdaptedPredictor(Predictor):
    """A predictor that, unlike others, may be fitted to nothing; then it predicts normal scores.

    A subclass writes `_fit`, which must take ``n = 0`` values, and `_predict`; one that can weigh evaluations writes
    `_fit_weighted` too. What is saved is the meta-learner, or a `WarmPredictor`.
    """

    def fit(
        self,
        architectures: Architectures,
        y: npt.ArrayLike | None = None,
        sample_weight: npt.ArrayLike | None = None,
    ) -> Self:
        """As every predictor, but ``n`` may be 0."""
        if y is None or len(architectures) or np.size(y):
            return super().fit(architectures, y, sample_weight)
        self.space_ = architectures.space
        self.target_ = make_target("standard").fit(np.asarray([-1.0, 1.0]))  # mean 0, deviation 1: scores as they are
        self._fit(architectures, np.zeros(0))
        return self

    def _cannot_weigh(self) -> InputError:
        return InputError(
            f"{type(self).__name__} cannot weigh evaluations; leave sample_weight out, or take 'auto', 'ablr', "
            "'additive-gp', 'cross-space', 'help', 'quantile' or 'transfer-gp'."
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Refused: what is saved is the meta-learner, or a `WarmPredictor`.

        Raises:
            InputError: Always.
        """
        self._state()

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        raise InputError(
            "An adapted predictor is not saved by itself, but with its meta-learner: "
            "augury.meta.WarmPredictor(learner=meta).fit(architectures, y).save(path), or the meta-learner alone, "
            "meta.save(path)."
        )

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        raise ValueError("an adapted predictor is not saved by itself")


class AdaptedProcess(AdaptedPredictor, HeldOutPredictor):
    """A Gaussian process on the target about a prior mean that the sources give.

    A subclass sets ``_gp``, None where nothing was evaluated, and ``_prior``, the prior mean of the evaluations.
    """

    _gp: ExactGP | None
    _prior: npt.NDArray[np.float64]

    def _learn(
        self, architectures: Architectures, z: npt.NDArray[np.float64], weights: npt.NDArray[np.float64] | None
    ) -> None:
        self._forms = architectures.forms()
        super()._learn(architectures, z, weights)

    def held_out(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Mean and standard deviation, ``(k,)`` each, of the target at each evaluation, told by sources and the others.

        The others are those of architectures that are not equivalent.

        Raises:
            InputError: There is no evaluation.
        """
        if self._gp is None:
            raise InputError("Nothing was evaluated, so nothing can be held out; adapt to at least one evaluation.")
        mean, std = self._gp.leave_one_out(self._forms)
        return mean + self._prior, std
