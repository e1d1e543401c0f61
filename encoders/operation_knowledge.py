"""What a space knows of its architectures before any is evaluated."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures, SearchSpace
from .along_paths import along_paths, by_label
from .encoder import Encoder

__all__ = ["COSTS", "STRUCTURE", "OperationKnowledge", "known_of_operations"]

STRUCTURE = ("live operations", "longest path", "shortest path")
COSTS = (
    "learning operations",
    "longest learning path",
    "shortest learning path",
    "ln(1 + parameters)",
    "ln(1 + multiply-adds)",
    "reach",
)


class OperationKnowledge(Encoder):
    """Size, depth and receptive field of the architecture, of graphs without dead branches.

    The number of operations, and of operations on the longest and the shortest path from input to output. Where the
    space tells what operations take (`SearchSpace.operation_costs`), also: the same three for operations that learn;
    the logarithms of the operations' parameters and multiply-adds; and the reach of the path that reaches furthest, the
    receptive field's radius within the graph, which for graph neural networks is the number of rounds of message
    passing.

    A kernel of its own on these features, ``GaussianProcess(encoders=("graph-features", "one-hot",
    "operation-knowledge"))``, is a weak prior that size and depth matter, be it for better or for worse. With few
    evaluations it helps on NAS-Bench-201, where more operations that learn are better, and on those tasks of
    NAS-Bench-Graph where deeper networks are worse; where neither holds, as on its task computers, it hurts.

    Args:
        canonical: Encode the canonical form.

    >>> from augury.spaces import NASBench201Space
    >>> space = NASBench201Space()
    >>> cell = space.parse("|nor_conv_3x3~0|+|skip_connect~0|none~1|+|none~0|avg_pool_3x3~1|none~2|")
    >>> encoder = OperationKnowledge().fit(cell)
    >>> for name, value in zip(encoder.get_feature_names_out(), encoder.transform(cell)[0].round(2)):
    ...     print(name, value)
    live operations 2.0
    longest path 2.0
    shortest path 2.0
    learning operations 1.0
    longest learning path 1.0
    shortest learning path 1.0
    ln(1 + parameters) 2.3
    ln(1 + multiply-adds) 2.3
    reach 2.0
    """

    def _feature_names(self, space: SearchSpace) -> list[str]:
        return [*STRUCTURE, *(COSTS if space.operation_costs else ())]

    def _encode(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        return known_of_operations(architectures)


def known_of_operations(architectures: Architectures) -> npt.NDArray[np.float32]:
    """What `OperationKnowledge` tells, ``(n, 9)``; ``(n, 3)`` where the space does not say what operations take."""
    space = architectures.space
    graphs = architectures.graphs().pruned().topological()
    each = by_label(np.ones(len(space.operations)))[graphs.ops]  # (n, v)
    columns = [each.sum(axis=1), along_paths(graphs, each), -along_paths(graphs, -each)]
    if space.operation_costs:
        costs = [space.operation_costs[name] for name in space.operations]
        size = by_label([cost.parameters for cost in costs])[graphs.ops]
        work = by_label([cost.multiply_adds for cost in costs])[graphs.ops]
        reach = by_label([cost.reach for cost in costs])[graphs.ops]
        learns = (size > 0).astype(np.float64)
        columns += [
            learns.sum(axis=1),
            along_paths(graphs, learns),
            -along_paths(graphs, -learns),
            np.log1p(size.sum(axis=1)),
            np.log1p(work.sum(axis=1)),
            along_paths(graphs, reach),
        ]
    return np.stack(columns, axis=1).astype(np.float32)
