"""Features that mean the same in every space: what kinds of operations there are, and how they are put together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures, GraphBatch, SearchSpace
from ..spaces.graphs import INPUT, OUTPUT
from ..spaces.operation_kind import KINDS
from .along_paths import along_paths
from .encoder import Encoder
from .operation_knowledge import COSTS, STRUCTURE, known_of_operations

__all__ = ["OperationKinds"]

OF_KIND = (
    "number of {}",
    "most {} on one path",
    "number of {} right after the input",
    "number of {} right before the output",
    "sum of ln(1 + size) over {}",
)


class OperationKinds(Encoder):
    """Counts of operations by kind, sizes and paths: the same features for all spaces, of graphs without dead branches.

    First the features of `OperationKnowledge`, those of costs being 0 where the space tells none; then the number of
    edges, and of operations that are side by side at most. For each kind (`SearchSpace.operation_kinds`): how many
    operations are of it, how many of these are on one path at most, how many the input leads to, how many the output
    takes from, and the logarithms of their sizes, added up. A kind that the space does not have counts 0.

    Args:
        canonical: Encode the canonical form.

    >>> from augury.spaces import ChoiceSpace, EdgeCellSpace
    >>> cell = EdgeCellSpace(operations=("none", "skip", "conv3x3"), nodes=3).from_genotypes([[2, 0, 2]])
    >>> chain = ChoiceSpace({"first": ("sep_conv", "max_pool"), "second": ("sep_conv", "max_pool")})
    >>> encoders = OperationKinds().fit(cell), OperationKinds().fit(chain.from_genotypes([[0, 1]]))
    >>> names = [encoder.get_feature_names_out().tolist() for encoder in encoders]
    >>> names[0] == names[1]
    True
    >>> column = names[0].index("number of convolution")
    >>> float(encoders[0].transform(cell)[0, column])
    2.0
    >>> float(encoders[1].transform(chain.from_genotypes([[0, 1]]))[0, column])
    1.0
    """

    def _feature_names(self, space: SearchSpace) -> list[str]:
        return [*STRUCTURE, *COSTS, "edges", "width", *(of.format(kind) for of in OF_KIND for kind in KINDS)]

    def _encode(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        space = architectures.space
        knowledge = known_of_operations(architectures)
        missing = len(STRUCTURE) + len(COSTS) - knowledge.shape[1]
        graphs = architectures.graphs().pruned().topological()
        kinds = space.operation_kinds
        member = np.zeros((len(space.labels) + 1, len(KINDS)))  # the last row is padding
        for label, operation in enumerate(space.operations, start=2):
            member[label, KINDS.index(kinds[operation])] = 1.0
        of_kind = member[graphs.ops]  # (n, v, kinds)
        rows = np.arange(len(graphs))
        after_input = graphs.adjacency[rows, (graphs.ops == INPUT).argmax(axis=1)]
        before_output = graphs.adjacency[rows, :, (graphs.ops == OUTPUT).argmax(axis=1)]
        sizes = np.log1p(np.abs(graphs.attributes)).sum(axis=2, dtype=np.float64)
        columns = [
            knowledge,
            np.zeros((len(graphs), missing)),
            graphs.adjacency.sum(axis=(1, 2))[:, None],
            _width(graphs)[:, None],
            of_kind.sum(axis=1),
            along_paths(graphs, of_kind),
            np.einsum("bv,bvk->bk", after_input, of_kind),
            np.einsum("bv,bvk->bk", before_output, of_kind),
            np.einsum("bv,bvk->bk", sizes, of_kind),
        ]
        return np.concatenate(columns, axis=1).astype(np.float32)


def _width(graphs: GraphBatch) -> npt.NDArray[np.int64]:
    """``(n,)``: the most operations that are equally far from the input along the longest path."""
    depth = graphs.depths()
    operation = graphs.ops > OUTPUT
    at = [(operation & (depth == level)).sum(axis=1) for level in range(1, max(graphs.ops.shape[1], 2))]
    most: npt.NDArray[np.int64] = np.max(at, axis=0)
    return most
