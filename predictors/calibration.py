"""From what an ensemble's members say to a mean and a standard deviation that hold out of sample."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import numpy.typing as npt

__all__ = ["Calibration"]

Array = npt.NDArray[np.float64]

PRIOR = 2.0  # architectures that the prior of slope and noise counts for
LEAST = 0.05  # share of the out-of-bag variance that is always left as noise


class Calibration:
    """Brings members' outputs to the target's units, with a standard deviation from out-of-bag residuals.

    Members trained by ranks alone leave their outputs' place and scale open. So each member's outputs are brought to
    mean 0 and standard deviation 1 over the training architectures, ``g``, and the target is regressed on the
    out-of-bag mean ``ḡ_i``: that of the members whose weight of ``i`` is 0 (``breiman1996out``). The
    prediction is ``μ = z̄ + b ḡ``, and its variance ``σ² + b² Var_m(g)``, where ``σ²`` is what the members' spread
    leaves of the mean square of the out-of-bag residuals. Both ``b`` and ``σ²`` allow for fewer members being out of
    bag than predict. A prior that counts as two architectures keeps both sane where few are out of bag: a correlation
    of ½ and a residual variance of 1.

    Members that learn values answer in the target's units; with ``in_units`` they are believed, so that ``μ`` is their
    mean, and only ``σ²`` is learned.

    >>> rng = np.random.default_rng(0)
    >>> z = rng.normal(size=200)
    >>> outputs = 30 + 10 * (z + rng.normal(size=(5, 200)))
    >>> calibration = Calibration().fit(outputs, z, rng.poisson(1, size=(5, 200)))
    >>> mean, std = calibration.predict(outputs)
    >>> bool(abs(mean.std() - 0.7) < 0.2), bool(np.mean(np.abs(z - mean) < 1.645 * std) > 0.85)
    (True, True)
    """

    def fit(
        self,
        outputs: Array,
        z: Array,
        weights: npt.NDArray[Any],
        sample_weight: Array | None = None,
        *,
        in_units: bool = False,
    ) -> Self:
        """Learn from training architectures.

        Args:
            outputs: ``(m, n)``: what each member says of each.
            z: ``(n,)`` target values.
            weights: ``(m, n)``: how often each member was given each; 0 is out of bag.
            sample_weight: ``(n,)``: how many times each architecture counts; once if not given.
            in_units: Whether the outputs are in the target's units.
        """
        times = np.ones(len(z)) if sample_weight is None else sample_weight
        if in_units:
            place, scale, centre = np.zeros(len(outputs)), np.ones(len(outputs)), 0.0
        else:
            place = np.average(outputs, axis=1, weights=times)
            scale = np.sqrt(np.average((outputs - place[:, None]) ** 2, axis=1, weights=times))
            scale = np.where(scale > 1e-9 * (1 + np.abs(place)), scale, np.inf)  # a member that says nothing
            centre = float(np.average(z, weights=times))
        spread = np.sqrt(np.average((z - centre) ** 2, weights=times))
        out = weights == 0  # (m, n)
        votes = out.sum(axis=0)
        g = np.where(out, (outputs - place[:, None]) / scale[:, None], 0.0)
        heard = votes > 0
        mean = g.sum(axis=0)[heard] / votes[heard]  # ḡ, of those out of bag anywhere
        between = _variance_within(g, out, times)
        # the mean of all m members has less of what tells them apart than that of the few that are out of bag
        excess = between * (1 / votes[heard] - 1 / len(outputs))
        away, times = (z - centre)[heard], times[heard]
        square, total, spare = times @ mean**2, times.sum(), times @ excess
        slope = 1.0
        if not in_units:
            slope = (times @ (away * mean) + 0.5 * PRIOR * spread) / (max(square - spare, square / 4) + PRIOR)
            slope = max(slope, 0.1 * spread)  # no evidence turns the order around
        residuals = away - slope * mean
        variance = (times @ residuals**2 + PRIOR) / (total + PRIOR)
        shown = slope**2 * between * (1 - 1 / len(outputs))  # what the members' spread will add by itself
        noise = max(variance - slope**2 * spare / (total or 1.0) - shown, LEAST * variance)
        return self.restore(
            {"place": place, "scale": scale, "line": np.asarray([centre, slope]), "noise": np.asarray([noise])}
        )

    def predict(self, outputs: Array) -> tuple[Array, Array]:
        """Mean and standard deviation, ``(n,)`` each, of the target, from ``(m, n)`` outputs."""
        constant, slope = self._line
        scaled = constant + slope * (outputs - self._place[:, None]) / self._scale[:, None]
        return scaled.mean(axis=0), np.sqrt(self._noise[0] + scaled.var(axis=0))

    def out_of_bag(self, outputs: Array, weights: npt.NDArray[Any]) -> tuple[Array, Array]:
        """Mean and standard deviation, ``(n,)`` each, of the training architectures by members that left them out.

        One that no member left out gets the mean of all values, and its standard deviation.

        Args:
            outputs: ``(m, n)``, as in ``fit``.
            weights: ``(m, n)``, as in ``fit``.
        """
        constant, slope = self._line
        out = weights == 0
        votes = out.sum(axis=0)
        g = np.where(out, (outputs - self._place[:, None]) / self._scale[:, None], 0.0)
        mean = constant + slope * g.sum(axis=0) / np.maximum(votes, 1)
        # where no member tells, all that the outputs explain, slope² times 1, is left open
        variance = self._noise[0] + slope**2 * np.where(votes > 0, _variance_within(g, out, np.ones(len(votes))), 1.0)
        return mean, np.sqrt(variance)

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """What was learned."""
        return {"place": self._place, "scale": self._scale, "line": self._line, "noise": self._noise}

    def restore(self, arrays: dict[str, npt.NDArray[Any]]) -> Self:
        """Take up what `state` gave."""
        self._place, self._scale = np.asarray(arrays["place"]), np.asarray(arrays["scale"])
        self._line, self._noise = np.asarray(arrays["line"]), np.asarray(arrays["noise"])
        return self


def _variance_within(g: Array, counted: npt.NDArray[np.bool_], times: Array) -> float:
    """The variance among the counted entries of a column, averaged over the columns with at least two."""
    votes = counted.sum(axis=0)
    centred = np.where(counted, g - np.where(counted, g, 0).sum(axis=0) / np.maximum(votes, 1), 0)
    freedom = float(times @ np.maximum(votes - 1, 0))
    return float((centred**2).sum(axis=0) @ times / (freedom or 1.0))
