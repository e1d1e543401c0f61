"""The ranking-weighted Gaussian-process ensemble."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..predictors.predictor import Predictor
from ..spaces import Architectures, InputError
from .calibrated_predictor import spread_factor
from .discordance import discordant_pairs
from .ensemble import EnsembleLearner, EnsemblePredictor, Members
from .source_gps import SourceGPs

__all__ = ["RGPE", "RGPEPredictor", "ranking_weights"]

Array = npt.NDArray[np.float64]

FEWEST = 3  # with fewer forms evaluated nothing can be said about a model's ranking, and all weigh the same


class RGPE(EnsembleLearner):
    """The ranking-weighted Gaussian-process ensemble (``feurer2018rgpe``).

    A model's weight is the probability that it ranks the target's evaluations best of all, over bootstrap samples of
    them; the target's own model is judged by leave-one-out, equivalent architectures together. A source whose median
    loss is beyond a quantile of the target model's losses is left out, so that many bad sources cannot together dilute
    the good ones.

    Args:
        points: The most evaluations of a source that its process learns from.
        samples: Bootstrap samples.
        guard: That quantile; 1 leaves out the fewest.
        seed: Of the evaluations' draw and of the bootstrap.

    >>> from augury.data import Metric, Task
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)})
    >>> architectures = space.enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> tasks = [Task(n, architectures, {"m": Metric(s * y, "maximize")}, "m") for n, s in (("good", 1), ("bad", -1))]
    >>> predictor = RGPE(points=40).fit(tasks).adapt(architectures[::10], y[::10])
    >>> bool(predictor.weights_[0] > 0.3), float(predictor.weights_[1])
    (True, 0.0)
    """

    def __init__(self, *, points: int = 300, samples: int = 1000, guard: float = 0.95, seed: int = 0) -> None:
        super().__init__(points=points, seed=seed)
        self.samples = samples
        self.guard = guard

    def _adapt(self, architectures: Architectures, y: npt.NDArray[np.float64]) -> Predictor:
        predictor = RGPEPredictor(gps=self._gps, samples=self.samples, guard=self.guard, seed=self.seed)
        return predictor.fit(architectures, y)


class RGPEPredictor(EnsemblePredictor):
    """What `RGPE` adapts to a target task: the mean and the variance of the models' mixture.

    ``σ² = Σ wᵢ (σᵢ² + (μᵢ − μ)²)``, plus the noise that the target's own model finds. The paper has
    ``Σ wᵢ² σᵢ²``, which takes models to err independently: the more of them, the surer they are, though they
    contradict each other. The whole is scaled by `spread_factor` to the residuals of the evaluations, each held out of
    the target's own model.

    Args:
        gps: The sources' processes.
        samples: Bootstrap samples.
        guard: Quantile of the target model's losses beyond which a source is left out.
        seed: Of the bootstrap.
        target: ``"normal-scores"`` or ``"standard"``.
    """

    def __init__(self, *, gps: SourceGPs, samples: int, guard: float, seed: int, target: str = "normal-scores") -> None:
        super().__init__(gps=gps, target=target)
        self.samples = samples
        self.guard = guard
        self.seed = seed

    def _fit(self, architectures: Architectures, z: Array) -> None:
        order = np.lexsort([z, architectures.forms()])  # so that the order of evaluations does not matter
        architectures, z = architectures[order], z[order]
        super()._fit(architectures, z)
        self._factor = 1.0
        if self._own is not None:
            mean, std = self._own.leave_one_out(self._forms)
            means = np.column_stack([self.gps.transform(architectures), mean])
            held_out, spread = self._combined(
                architectures, Members(means, std, self._own.noise_variance, self.weights_)
            )
            self._factor = spread_factor(z - held_out, spread, prior=1.0)

    def _weigh(self, means: Array, z: Array) -> Array:
        if self._own is None or self._forms.max() + 1 < FEWEST:
            return np.full(self.gps.tasks + 1, 1 / (self.gps.tasks + 1))
        rng = np.random.default_rng(self.seed)
        counts = rng.multinomial(len(z), np.full(len(z), 1 / len(z)), size=self.samples)
        predictions = np.column_stack([means, self._own.leave_one_out(self._forms)[0]])
        return ranking_weights(predictions, z, counts, self.guard)

    def _predict(self, architectures: Architectures) -> tuple[Array, Array]:
        mean, std = self._combined(architectures, self.members(architectures))
        return mean, self._factor * std

    def _combined(self, architectures: Architectures, members: Members) -> tuple[Array, Array]:
        """Mean and standard deviation by what each model says, before the latter is scaled."""
        mean = members.means @ members.weights
        own = members.std**2 - members.noise
        functions = np.column_stack([self.gps.stds(architectures) ** 2, own])
        variance = (functions + (members.means - mean[:, None]) ** 2) @ members.weights
        return mean, np.sqrt(np.maximum(variance + members.noise, 1e-12))


def ranking_weights(predictions: Array, y: Array, counts: npt.NDArray[np.int64], guard: float) -> Array:
    """How often each model ranks the values best (``feurer2018rgpe``).

    Where several are equally good, the target's own model, which comes last, takes the sample; if it is not among
    them they share it.

    Args:
        predictions: ``(k, t + 1)``, a column a model.
        y: ``(k,)`` values.
        counts: ``(s, k)``: how often each bootstrap sample has each value.
        guard: A source is left out if its median loss exceeds this quantile of the last model's losses.

    Returns:
        ``(t + 1,)`` weights that add up to 1.

    Raises:
        InputError: There is no sample, or the guard is not a quantile.

    >>> y = np.arange(4.0)
    >>> once = np.ones((1, 4), dtype=int)
    >>> ranking_weights(np.stack([y, -y, y[[0, 2, 1, 3]]], axis=1), y, once, 0.95).tolist()
    [1.0, 0.0, 0.0]
    """
    if not len(counts) or not 0 <= guard <= 1:
        raise InputError(
            f"At least one bootstrap sample is drawn and the guard is from 0 to 1; got {len(counts)} and {guard!r}."
        )
    drawn = counts.astype(np.float64)
    wrong = discordant_pairs(predictions, y).astype(np.float64)
    losses = np.stack([((drawn @ pairs) * drawn).sum(axis=1) for pairs in wrong], axis=1)  # (s, t + 1)
    bad = np.median(losses, axis=0) > np.quantile(losses[:, -1], guard)
    bad[-1] = False
    losses[:, bad] = np.inf
    best = losses == losses.min(axis=1, keepdims=True)
    best[best[:, -1], :-1] = False
    weights: Array = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
    return weights
