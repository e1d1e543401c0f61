"""The genotype, in which numbers keep their order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures, SearchSpace
from ..spaces.number_ranks import number_ranks
from .encoder import Encoder

__all__ = ["Decisions"]


class Decisions(Encoder):
    """A column for each genotype position whose choices are numbers, others as in `OneHot`.

    The column has the number's rank among the choices, from −1 to 1, so that the unit does not matter: learning rates
    of .001 and .1 are as far apart as widths of 16 and 64. With a length for each column (the kernels ``"matern-ard"``
    and ``"rbf-ard"`` of `augury.predictors.GaussianProcess`) it is what Bayesian optimisation of hyper-parameters uses.

    Args:
        canonical: Encode the canonical form.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"operation": ("conv", "pool", "none"), "rate": (0.1, 0.01, 0.001)})
    >>> Decisions().fit_transform(space.parse("operation=pool, rate=0.1")).tolist()
    [[0.0, 1.0, 0.0, 1.0]]
    >>> Decisions().fit(space.enumerate()).get_feature_names_out().tolist()
    ['operation is conv', 'operation is pool', 'operation is none', 'rank of rate']
    """

    unequal = True

    def _feature_names(self, space: SearchSpace) -> list[str]:
        return [
            name
            for position, choices in space.positions().items()
            for name in (
                [f"rank of {position}"] if number_ranks(choices) else [f"{position} is {choice}" for choice in choices]
            )
        ]

    def _encode(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        positions = enumerate(architectures.space.positions().values())
        return np.concatenate([_codes(choices)[architectures.genotypes[:, i]] for i, choices in positions], axis=1)


def _codes(choices: Sequence[str | float]) -> npt.NDArray[np.float32]:
    """A row for each choice."""
    ranks = number_ranks(choices)
    if ranks is None:
        return np.eye(len(choices), dtype=np.float32)
    places = np.linspace(-1, 1, len(choices), dtype=np.float32)
    return places[list(ranks), None]
