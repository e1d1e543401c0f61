"""The cell space of NAS-Bench-201."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .edge_cell import EdgeCellSpace
from .operation_cost import OperationCost

__all__ = ["NASBench201Space"]

COSTS = {
    "nor_conv_1x1": OperationCost(parameters=1, multiply_adds=1),
    "nor_conv_3x3": OperationCost(parameters=9, multiply_adds=9, reach=1),
    "avg_pool_3x3": OperationCost(reach=1),
}
"""In units of C², the weights of a 1 × 1 convolution between C channels, and of C² an output pixel."""


class NASBench201Space(EdgeCellSpace):
    """Four nodes, six edges, five operations an edge: 15,625 cells (``dong2020``).

    >>> space = NASBench201Space()
    >>> cells = space.parse("|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|nor_conv_1x1~2|")
    >>> cells.genotypes.tolist()
    [[3, 0, 1, 0, 0, 2]]
    >>> str(cells.canonical()[0])
    '|none~0|+|nor_conv_3x3~0|none~1|+|none~0|none~1|nor_conv_1x1~2|'
    """

    def __init__(self) -> None:
        operations = ("none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3")
        super().__init__(operations, nodes=4, operation_costs=COSTS)

    def config(self) -> Mapping[str, Any]:
        """No arguments."""
        return {}
