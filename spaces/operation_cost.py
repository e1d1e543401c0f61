"""What is known of an operation before anything is trained."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from numbers import Real

from .errors import InputError, UnknownNameError
from .values import plain

__all__ = ["OperationCost", "costs_from", "costs_to_json"]


@dataclass(frozen=True)
class OperationCost:
    """What one operation takes, in units that a space chooses for all of its operations.

    Attributes:
        parameters: Numbers it learns; 0 if it learns none.
        multiply_adds: Multiplications with their additions, for an output of the usual size.
        reach: How many steps further than its input it looks, in each direction: pixels of an image, or hops of a
            graph. A convolution of 3 × 3 reaches 1, of 5 × 5 reaches 2; one round of message passing reaches 1.

    Raises:
        InputError: One is no finite number of 0 or more.

    >>> from augury.spaces import ChoiceSpace
    >>> cost = OperationCost(parameters=9, multiply_adds=9, reach=1)
    >>> space = ChoiceSpace({"layer": ("conv3x3", "skip")}, operation_costs={"conv3x3": cost})
    >>> space.operation_costs["skip"].parameters
    0.0
    """

    parameters: float = 0.0
    multiply_adds: float = 0.0
    reach: float = 0.0

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            number = plain(value)
            if isinstance(number, bool) or not isinstance(number, Real) or not 0 <= float(number) < math.inf:
                raise InputError(f"{name} of an operation is a finite number, 0 or more; got {name}={value!r}.")
            object.__setattr__(self, name, number)


def costs_from(
    given: Mapping[str, OperationCost | Mapping[str, float]] | None, operations: Iterable[str]
) -> dict[str, OperationCost]:
    """The costs of all operations, those left out being free; none if nothing is given.

    Raises:
        UnknownNameError: A name is no operation.
        InputError: A cost is of the wrong form.

    >>> costs_from({"conv": {"parameters": 9}}, ("conv", "skip"))["skip"]
    OperationCost(parameters=0.0, multiply_adds=0.0, reach=0.0)
    """
    operations = tuple(operations)
    found: dict[str, OperationCost] = {}
    for name, cost in (given or {}).items():
        if name not in operations:
            raise UnknownNameError("operation", name, operations)
        try:
            found[name] = cost if isinstance(cost, OperationCost) else OperationCost(**cost)
        except TypeError as error:
            raise InputError(
                f"The cost of {name!r} is {cost!r}; give OperationCost(parameters=9, multiply_adds=9, reach=1)."
            ) from error
    return {name: found.get(name, OperationCost()) for name in operations} if found else {}


def costs_to_json(costs: Mapping[str, OperationCost]) -> dict[str, dict[str, dict[str, float]]]:
    """As an argument of a space's constructor; nothing if there are none."""
    told = {name: {what: float(value) for what, value in asdict(cost).items()} for name, cost in costs.items()}
    return {"operation_costs": told} if told else {}
