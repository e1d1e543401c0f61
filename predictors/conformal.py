"""Conformal intervals around any predictor, from what it makes of architectures it was not fitted to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from ..encoders.named_arrays import nested, part
from ..spaces import Architectures, InputError
from .predictor import Predictor
from .target import Standard, Target
from .unfitted import unfitted

__all__ = ["ConformalPredictor", "conformal_quantile"]

Array = npt.NDArray[np.float64]

SMALLEST = 1e-9  # a standard deviation in units of the values' own, where every held-out value was met exactly


class ConformalPredictor(Predictor):
    """Another predictor, its standard deviation corrected and its intervals valid whatever the predictor is worth.

    The architectures are parted at random into folds, equivalent ones into the same, and the predictor is fitted to
    all folds but one in turn. Each architecture then has a held-out residual in standard deviations, ``r_i = |y_i −
    μ_i| / σ_i`` (``lei2018``, section 5.2).

    ``predict`` gives the predictor's own mean, fitted to everything, and its standard deviation times one factor: the
    conformal quantile of ``r`` at ``level``, over that of a normal distribution. ``predict_interval`` gives the CV+
    interval (``barber2021``, section 3) of ``μ ± r_i σ``, which holds a new value with a probability of at least
    ``2 · coverage − 1``, less a little for few folds, and of about ``coverage`` in practice, without any assumption but
    that architectures come in no particular order.

    With a ``calibration_share`` there is one fit instead, as in split conformal prediction (``papadopoulos2002``;
    ``lei2018``, algorithm 2): to what is left when that share of the architectures is drawn at random and held out.
    That predictor gives the mean, the residuals ``r`` are those of the ``n`` held out, and the interval is ``μ ± q σ``
    with ``q`` the ``⌈(n + 1) coverage⌉``-th smallest of them, which holds a new value with a probability of at least
    ``coverage``. It is cheap, and promises more; but mean and intervals come from fewer evaluations.

    Weights go to the predictor inside; all held-out residuals count alike, so that the intervals hold a new value whose
    noise is drawn as that of those learned from.

    Args:
        predictor: Name of the predictor inside, or one, which is copied.
        parameters: The arguments of one given by its name, apart from ``target``; None for its defaults.
        folds: How many; with as many as architectures, CV+ is the jackknife+. A ``calibration_share`` takes their
            place.
        calibration_share: Of the architectures, held out of a single fit, such as the paper's 0.5; None for folds.
        level: The probability of the central normal interval that ``predict``'s standard deviation gets right.
        target: The ``target`` of the predictor inside, ``"normal-scores"`` or ``"standard"``.
        seed: Of the folds, or of the split.

    Raises:
        InputError: Fewer than two folds, or a ``level`` or ``calibration_share`` that is not between 0 and 1;
            ``predictor`` is none, or has ``parameters`` or another ``target`` of its own. Raised by ``fit``.

    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({"first": tuple(range(10)), "second": tuple(range(10))}).enumerate()
    >>> y = architectures.genotypes.sum(axis=1) + np.random.default_rng(0).normal(size=100)
    >>> predictor = ConformalPredictor(predictor="bayesian-ridge").fit(architectures[::2], y[::2])
    >>> low, high = predictor.predict_interval(architectures[1::2], coverage=0.9)
    >>> bool(np.mean((low <= y[1::2]) & (y[1::2] <= high)) > 0.8)
    True
    """

    def __init__(
        self,
        *,
        predictor: str | Predictor = "random-forest",
        parameters: Mapping[str, Any] | None = None,
        folds: int = 5,
        calibration_share: float | None = None,
        level: float = 0.9,
        target: str = "normal-scores",
        seed: int = 0,
    ) -> None:
        super().__init__(target=target)
        self.predictor = predictor
        self.parameters = parameters
        self.folds = folds
        self.calibration_share = calibration_share
        self.level = level
        self.seed = seed

    def _new_target(self) -> Target:
        # each fold learns the map of its own values: a map of all would have seen what is held out
        return Standard()

    def _new_predictor(self) -> Predictor:
        from . import registry

        named = isinstance(self.predictor, str)
        parameters = self.parameters
        if named and (parameters is None or isinstance(parameters, Mapping)):
            parameters = {"target": self.target, **(parameters or {})}
        inside = unfitted(self.predictor, parameters, argument="predictor", kind=Predictor, registry=registry)
        if not named and inside.target != self.target:
            raise InputError(
                f"The predictor inside learns {inside.target!r}, and target={self.target!r}; say target="
                f"{inside.target!r} to both."
            )
        return inside

    @property
    def takes_weights(self) -> bool:
        """Whether the predictor inside does."""
        return self._new_predictor().takes_weights

    def _fit(self, architectures: Architectures, z: Array) -> None:
        self._fit_parts(architectures, z, None)

    def _fit_weighted(self, architectures: Architectures, z: Array, weights: Array) -> None:
        self._fit_parts(architectures, z, weights)

    def _fit_parts(self, architectures: Architectures, z: Array, weights: Array | None) -> None:
        if self.folds < 2 or not 0 < self.level < 1:
            raise InputError(
                f"Conformal intervals take 2 or more folds and a level between 0 and 1, as 0.9; got "
                f"folds={self.folds!r} and level={self.level!r}. For a single split give calibration_share=0.5."
            )
        share = self.calibration_share
        if share is not None and not 0 < share < 1:
            raise InputError(f"calibration_share lies between 0 and 1, as 0.5, or is None for folds; got {share!r}.")
        rng = np.random.default_rng(self.seed)
        self._parts: list[Predictor] = []
        self._residuals: Array = np.zeros(0)
        if share is not None:
            held = _held_out(architectures, share, rng)
            self._fold = held.astype(np.int64)
            self._whole, self._residuals = self._without(held, architectures, z, weights)
            return
        self._whole = self._new_predictor().fit(architectures, z, weights)
        self._fold = _folds(architectures, self.folds, rng)
        count = int(self._fold.max()) + 1
        if count > 1:
            self._residuals = np.zeros(len(z))
            for fold in range(count):
                held = self._fold == fold
                fitted, self._residuals[held] = self._without(held, architectures, z, weights)
                self._parts.append(fitted)

    def _without(
        self, held: npt.NDArray[np.bool_], architectures: Architectures, z: Array, weights: Array | None
    ) -> tuple[Predictor, Array]:
        """The predictor fitted without some, and their residuals in its standard deviations."""
        rest = None if weights is None else weights[~held]
        fitted = self._new_predictor().fit(architectures[~held], z[~held], rest)
        mean, std = fitted.predict(architectures[held], return_std=True)
        return fitted, np.abs(z[held] - mean) / np.maximum(std, SMALLEST)

    def _predict(self, architectures: Architectures) -> tuple[Array, Array]:
        mean, std = self._whole.predict(architectures, return_std=True)
        return mean, np.maximum(std * self._factor(), SMALLEST)

    def _factor(self) -> float:
        """What the standard deviation is multiplied with; 1 where nothing could be held out."""
        n = len(self._residuals)
        if not n:
            return 1.0
        # of few residuals the largest stands for the highest level they can tell of
        level = min(self.level, n / (n + 1))
        return conformal_quantile(self._residuals, level) / float(norm.ppf(0.5 + level / 2))

    def predict_interval(self, architectures: Architectures, coverage: float = 0.9) -> tuple[Array, Array]:
        """The lower and the upper ends, ``(m,)`` each, in units of ``y``, of intervals that hold new values.

        Args:
            architectures: ``m`` of them.
            coverage: The share of values that the intervals should hold, between 0 and 1.

        Returns:
            The CV+ interval, or that of the split; from minus to plus infinity where there are fewer than
            ``coverage / (1 − coverage)`` residuals, for these cannot bound it. Where the lower end of a CV+ interval
            is above the upper, as for a small ``coverage`` it may be, both are at the middle between them.

        Raises:
            InputError: The architectures are of another space, or ``coverage`` is not between 0 and 1.
            NotFittedError: ``fit`` has not been called.
        """
        self._check(architectures)
        if not 0 < coverage < 1:
            raise InputError(f"coverage lies between 0 and 1, as 0.9; got {coverage!r}.")
        rank = _rank(len(self._residuals), coverage)
        if rank > len(self._residuals):
            return np.full(len(architectures), -np.inf), np.full(len(architectures), np.inf)
        none = np.zeros(len(architectures))
        if self.calibration_share is not None:
            mean, std = self._whole.predict(architectures, return_std=True)
            reach = np.maximum(std, SMALLEST) * conformal_quantile(self._residuals, coverage)
            return self.target_.inverse(mean - reach, none)[0], self.target_.inverse(mean + reach, none)[0]
        low, high = [], []
        for fold, fitted in enumerate(self._parts):
            mean, std = fitted.predict(architectures, return_std=True)
            reach = np.maximum(std, SMALLEST)[:, None] * self._residuals[self._fold == fold]  # (m, held out)
            low.append(mean[:, None] - reach)
            high.append(mean[:, None] + reach)
        lows = -np.partition(-np.concatenate(low, axis=1), rank - 1, axis=1)[:, rank - 1]
        highs = np.partition(np.concatenate(high, axis=1), rank - 1, axis=1)[:, rank - 1]
        middle = (lows + highs) / 2
        lows, highs = np.minimum(lows, middle), np.maximum(highs, middle)
        return self.target_.inverse(lows, none)[0], self.target_.inverse(highs, none)[0]

    def _state(self) -> dict[str, npt.NDArray[Any]]:
        arrays = {"fold": self._fold, "residuals": self._residuals} | nested("whole", self._whole._learned())
        for fold, fitted in enumerate(self._parts):
            arrays |= nested(f"part{fold}", fitted._learned())
        return arrays

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._fold, self._residuals = arrays["fold"], arrays["residuals"]
        self._whole = self._new_predictor()._relearn(self.space_, part("whole", arrays))
        folded = self.calibration_share is None and len(self._residuals)
        count = int(self._fold.max()) + 1 if folded else 0
        if count > len(self._residuals):
            raise ValueError(f"{count} folds of {len(self._residuals)} residuals")
        parts = [part(f"part{fold}", arrays) for fold in range(count)]
        self._parts = [self._new_predictor()._relearn(self.space_, state) for state in parts]


def conformal_quantile(residuals: npt.ArrayLike, level: float) -> float:
    """The ``⌈(n + 1) level⌉``-th smallest of ``n`` residuals, infinite where there are too few (``lei2018``).

    One more residual, exchangeable with these, is at most so large with a probability of at least ``level``.

    Args:
        residuals: ``(n,)``.
        level: Between 0 and 1.

    Raises:
        InputError: A residual is NaN, or the ``level`` is not between 0 and 1.

    >>> conformal_quantile([3.0, 1.0, 2.0, 4.0], 0.6), conformal_quantile([3.0, 1.0, 2.0, 4.0], 0.9)
    (3.0, inf)
    """
    if not 0 < level < 1:
        raise InputError(f"The level of a quantile lies between 0 and 1, as 0.9; got {level!r}.")
    values = np.sort(np.asarray(residuals, dtype=np.float64))
    if missing := int(np.isnan(values).sum()):
        raise InputError(f"Residuals are numbers, and {missing} of {len(values)} are NaN; leave these out.")
    rank = _rank(len(values), level)
    return float(values[rank - 1]) if rank <= len(values) else math.inf


def _rank(n: int, level: float) -> int:
    """``⌈(n + 1) level⌉``, less what rounding adds to 10 · 0.9."""
    return math.ceil((n + 1) * level - 1e-9)


def _folds(architectures: Architectures, count: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """``(n,)``: each one's fold, 0 to ``count - 1`` or fewer, as equal in forms as can be."""
    forms = architectures.forms()
    number = int(forms.max()) + 1
    of_form = rng.permutation(number) % min(count, number)
    return np.asarray(of_form[forms], dtype=np.int64)


def _held_out(architectures: Architectures, share: float, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """``(n,)``: a share of the forms, at least one and not all; none where there is but one."""
    forms = architectures.forms()
    number = int(forms.max()) + 1
    count = min(max(round(share * number), 1), number - 1)
    return np.asarray((rng.permutation(number) < count)[forms])
