"""How genotypes and Optuna's parameters translate into each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from optuna.distributions import BaseDistribution, CategoricalDistribution

from ...spaces import InputError, SearchSpace
from ...spaces.chosen import Chooser

__all__ = ["Parameters"]


class Parameters:
    """One categorical Optuna parameter a genotype position.

    The space's ``positions()`` give the names and the choices, so that a dashboard shows words; where two choices look
    alike, the parameters are ``gene0``, ``gene1`` … with integers.

    Args:
        space: The search space.
        choices: Names and choices as a study has stored them; by default, what the space says now.

    Raises:
        InputError: The stored choices do not have the space's shape.

    >>> from augury.spaces import ChoiceSpace
    >>> parameters = Parameters(ChoiceSpace({"first": ("conv", "pool")}), {"first": ("conv", "pool")})
    >>> parameters.values([1])
    {'first': 'pool'}
    >>> parameters.genotype({"first": "pool"})
    (1,)
    """

    def __init__(self, space: SearchSpace, choices: Mapping[str, Sequence[str | int | float]] | None = None) -> None:
        named = _named(space) if choices is None else {name: tuple(values) for name, values in choices.items()}
        if tuple(map(len, named.values())) != space.cardinalities:
            raise InputError(
                f"{space} has positions of {space.cardinalities} values, and the parameters {list(named)} have "
                f"{tuple(map(len, named.values()))}; give parameters that fit, or none."
            )
        self.space = space
        self.choices = named

    @cached_property
    def distributions(self) -> dict[str, BaseDistribution]:
        """Each parameter's distribution, as Optuna stores it."""
        return {name: CategoricalDistribution(choices) for name, choices in self.choices.items()}

    @cached_property
    def _codes(self) -> dict[str, dict[Any, int]]:
        return {name: {choice: i for i, choice in enumerate(choices)} for name, choices in self.choices.items()}

    @cached_property
    def choosers(self) -> dict[str, Chooser]:
        """What the values of another program's trials are read by."""
        return {name: Chooser(name, choices) for name, choices in self.choices.items()}

    def values(self, genotype: npt.ArrayLike) -> dict[str, Any]:
        """A genotype as values of the parameters."""
        pairs = zip(self.choices.items(), np.asarray(genotype), strict=True)
        return {name: choices[int(index)] for (name, choices), index in pairs}

    def genotype(self, values: Mapping[str, Any]) -> tuple[int, ...] | None:
        """Values of the parameters as a genotype; None unless all parameters are there with one of their choices."""
        try:
            return tuple(self._code(name, values[name]) for name in self.choices)
        except (KeyError, TypeError, InputError):  # TypeError: a value that is not hashable is none of the choices
            return None

    def _code(self, name: str, value: Any) -> int:
        codes = self._codes[name]
        if isinstance(value, float) and value not in codes:  # 0.1 + 0.2, as steps of a range give it
            return self.choosers[name].index(value)
        return codes[value]


def _named(space: SearchSpace) -> dict[str, tuple[str | int | float, ...]]:
    named = {name: tuple(choices) for name, choices in space.positions().items()}
    # 1 and 1.0 are one dictionary key; two choices that look alike are no help to a reader either
    if tuple(len(set(choices)) for choices in named.values()) == space.cardinalities:
        return named
    return {f"gene{i}": tuple(range(n)) for i, n in enumerate(space.cardinalities)}
