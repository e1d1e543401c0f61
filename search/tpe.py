"""Optuna's usual sampler."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import optuna

from .optuna_sampling import OptunaSampling

__all__ = ["TPE"]


class TPE(OptunaSampling):
    """Optuna's tree-structured Parzen estimator (``bergstra2011``).

    Args:
        initial: How many random evaluations come first; 10, as by Optuna's own default.
        multivariate: Whether one density is estimated for all positions together, or else one for each.

    >>> import numpy as np
    >>> from augury.search import History
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({f"layer{i}": ("a", "b") for i in range(6)})
    >>> known = space.sample(20, np.random.default_rng(0))
    >>> history = History(known, known.genotypes.sum(axis=1).astype(float))
    >>> proposed = TPE().propose(history, 3, np.random.default_rng(0))
    >>> len(proposed), bool(proposed.genotypes.sum(axis=1).mean() > 3)
    (3, True)
    """

    _least: ClassVar[Mapping[str, int]] = {"initial": 0}

    def __init__(self, *, initial: int = 10, multivariate: bool = True) -> None:
        self.initial = initial
        self.multivariate = multivariate

    def _sampler(self, seed: int) -> optuna.samplers.BaseSampler:
        return optuna.samplers.TPESampler(
            n_startup_trials=self.initial, multivariate=self.multivariate, constant_liar=True, seed=seed
        )
