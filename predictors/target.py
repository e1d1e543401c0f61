"""How a predictor sees the values it learns, and how it tells its answers back in their units."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from ..encoders.ranks import normal_scores
from ..spaces import UnknownNameError

__all__ = ["NormalScores", "Standard", "Target", "make_target"]

Array = npt.NDArray[np.float64]

NODES = np.linspace(-6.0, 6.0, 81)  # even ones: the lines have kinks, which rules for smooth functions miss
WEIGHTS = np.exp(-0.5 * NODES**2) / np.exp(-0.5 * NODES**2).sum()
CHUNK = 4096  # predictions at once, which bounds the memory


class Target(ABC):
    """A monotone map from values to what is learned, and back."""

    @abstractmethod
    def fit(self, y: Array) -> Self:
        """Learn the map from ``(n,)`` finite values."""

    @abstractmethod
    def transform(self, y: Array) -> Array:
        """The training values as they are to be learned."""

    @abstractmethod
    def centre(self, mean: Array) -> Array:
        """The centres of normal predictions in the units of the values."""

    @abstractmethod
    def spread(self, mean: Array, std: Array) -> Array:
        """Their standard deviations in these units."""

    @property
    @abstractmethod
    def equal(self) -> bool:
        """Whether all values were equal, so that nothing told their spread."""

    def inverse(self, mean: Array, std: Array) -> tuple[Array, Array]:
        """Normal predictions in the units of the values."""
        return self.centre(mean), self.spread(mean, std)

    @abstractmethod
    def state(self) -> dict[str, npt.NDArray[Any]]:
        """What was learned."""

    @abstractmethod
    def restore(self, arrays: dict[str, npt.NDArray[Any]]) -> Self:
        """Take up what `state` gave."""


class Standard(Target):
    """Mean 0 and standard deviation 1."""

    def fit(self, y: Array) -> Self:
        """Learn mean and standard deviation."""
        # of equal values neither is to be rounding, which would be taken for a spread
        unit = _unit(y)
        scaled = y / unit  # so that neither sum nor squares overflow
        moments = [scaled.mean() * unit, scaled.std() * unit] if np.ptp(y) else [y[0], 0.0]
        return self.restore({"moments": np.asarray(moments)})

    def transform(self, y: Array) -> Array:
        """Standardise."""
        return (y - self._mean) / self._scale

    def centre(self, mean: Array) -> Array:
        """Undo it."""
        return mean * self._scale + self._mean

    def spread(self, mean: Array, std: Array) -> Array:
        """In the values' units."""
        return std * self._scale

    @property
    def equal(self) -> bool:
        """Whether the standard deviation is 0."""
        return not self._moments[1]

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """Mean and standard deviation."""
        return {"moments": self._moments}

    def restore(self, arrays: dict[str, npt.NDArray[Any]]) -> Self:
        """Take them up."""
        self._moments = np.asarray(arrays["moments"], dtype=np.float64)
        self._mean, scale = map(float, self._moments)
        self._scale = scale or 1.0
        return self


class NormalScores(Target):
    """Ranks as normal scores, so that neither skew nor outliers sway what is learned.

    The way back joins the training values by straight lines; beyond the outermost it goes on with the slope of the
    outer third. The mean comes back as the median, which keeps the order of predictions; the standard deviation by
    the trapezoidal rule, within about a hundredth of what it is.
    """

    def fit(self, y: Array) -> Self:
        """Learn the training values and their scores."""
        values, first = np.unique(y, return_index=True)
        return self.restore({"values": values, "scores": normal_scores(y)[first]})

    def transform(self, y: Array) -> Array:
        """The scores of the training values."""
        return np.interp(y, self._values, self._scores)

    def centre(self, mean: Array) -> Array:
        """The median in the values' units."""
        z, scores = mean, self._scores
        below, above = np.minimum(z - scores[0], 0), np.maximum(z - scores[-1], 0)
        third = max(len(scores) // 3, 1)
        inside: Array = np.interp(z, scores, self._values)
        found: Array = inside + below * self._slope(0, third) + above * self._slope(-1 - third, -1)
        return found

    def spread(self, mean: Array, std: Array) -> Array:
        """The standard deviation in the values' units."""
        if self.equal:  # one straight line of slope 1; by the rule, one that is large would swallow the spread
            return std.copy()
        found, unit = np.empty(len(mean)), _unit(self._values)
        for start in range(0, len(mean), CHUNK):
            rows = slice(start, start + CHUNK)
            values = self.centre(mean[rows, None] + std[rows, None] * NODES) / unit
            away = values - (values @ WEIGHTS)[:, None]
            found[rows] = np.sqrt(away**2 @ WEIGHTS) * unit
        return found

    @property
    def equal(self) -> bool:
        """Whether there is but one value."""
        return len(self._values) < 2

    def _slope(self, low: int, high: int) -> float:
        if len(self._scores) < 2:
            return 1.0
        rise = self._values[high] - self._values[low]
        return float(rise / (self._scores[high] - self._scores[low]))

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """Values and scores."""
        return {"values": self._values, "scores": self._scores}

    def restore(self, arrays: dict[str, npt.NDArray[Any]]) -> Self:
        """Take them up."""
        self._values = np.asarray(arrays["values"], dtype=np.float64)
        self._scores = np.asarray(arrays["scores"], dtype=np.float64)
        if self._values.ndim != 1 or self._values.shape != self._scores.shape or not len(self._values):
            raise ValueError(f"{self._values.shape} values do not go with {self._scores.shape} scores")
        return self


TARGETS: dict[str, type[Target]] = {"standard": Standard, "normal-scores": NormalScores}


def _unit(values: Array) -> float:
    """A power of two about as large as their spread: in it squares do not vanish, and nothing else is rounded anew."""
    return float(np.ldexp(0.5, np.frexp(np.ptp(values))[1]))


def make_target(name: str) -> Target:
    """The target of that name: ``"standard"`` or ``"normal-scores"``.

    Raises:
        UnknownNameError: Another name.
    """
    if not isinstance(name, str) or name not in TARGETS:
        raise UnknownNameError("target", name, TARGETS)
    return TARGETS[name]()
