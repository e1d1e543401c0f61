"""What a space knows of its architectures before any is evaluated."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures, GraphBatch, SearchSpace
from ..spaces.graphs import INPUT, OUTPUT
from .encoder import Encoder

__all__ = ["OperationKnowledge"]

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
        space = architectures.space
        graphs = architectures.graphs().pruned().topological()
        each = _by_label(np.ones(len(space.operations)))[graphs.ops]  # (n, v)
        columns = [each.sum(axis=1), _along_paths(graphs, each), -_along_paths(graphs, -each)]
        if space.operation_costs:
            costs = [space.operation_costs[name] for name in space.operations]
            size = _by_label([cost.parameters for cost in costs])[graphs.ops]
            work = _by_label([cost.multiply_adds for cost in costs])[graphs.ops]
            reach = _by_label([cost.reach for cost in costs])[graphs.ops]
            learns = (size > 0).astype(np.float64)
            columns += [
                learns.sum(axis=1),
                _along_paths(graphs, learns),
                -_along_paths(graphs, -learns),
                np.log1p(size.sum(axis=1)),
                np.log1p(work.sum(axis=1)),
                _along_paths(graphs, reach),
            ]
        return np.stack(columns, axis=1).astype(np.float32)


def _by_label(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """``(labels + 1,)``: nothing for input, output, and, at the end, padding."""
    return np.concatenate([[0.0, 0.0], np.asarray(values, dtype=np.float64), [0.0]])


def _along_paths(graphs: GraphBatch, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """``(n,)``: the largest sum of ``(n, v)`` values on a path from input to output; 0 if there is none."""
    best = np.where(graphs.ops == INPUT, 0.0, -np.inf)
    for j in range(1, graphs.ops.shape[1]):  # topological: all that leads to j comes before it
        before = np.where(graphs.adjacency[:, :j, j], best[:, :j], -np.inf).max(axis=1)
        best[:, j] = np.where(graphs.ops[:, j] == INPUT, 0.0, before + values[:, j])
    end: npt.NDArray[np.float64] = best[np.arange(len(best)), (graphs.ops == OUTPUT).argmax(axis=1)]
    return np.where(np.isfinite(end), end, 0.0)
