"""Optuna's Bayesian optimisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import optuna

from .optuna_sampling import OptunaSampling

__all__ = ["OptunaGP"]


class OptunaGP(OptunaSampling):
    """Expected improvement by Optuna's Gaussian process, with a length for each position (``akiba2019``).

    Args:
        initial: How many random evaluations come first; 10, as by Optuna's own default.

    >>> import numpy as np
    >>> from augury.search import History
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": (1, 2, 3) for i in range(4)})
    >>> known = space.sample(12, np.random.default_rng(0))
    >>> history = History(known, known.genotypes.sum(axis=1).astype(float))
    >>> proposed = OptunaGP().propose(history, 1, np.random.default_rng(0))
    >>> bool(proposed.genotypes.sum() > 6)
    True
    """

    _least: ClassVar[Mapping[str, int]] = {"initial": 0}

    def __init__(self, *, initial: int = 10) -> None:
        self.initial = initial

    def _sampler(self, seed: int) -> optuna.samplers.BaseSampler:
        return optuna.samplers.GPSampler(n_startup_trials=self.initial, seed=seed)
