"""How many nodes have each operation."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures, SearchSpace
from .encoder import Encoder
from .sizes import size_names, size_sums

__all__ = ["OperationCounts"]


class OperationCounts(Encoder):
    """The number of nodes with each operation, then `size_sums`, where nodes have sizes.

    A cost that adds up over operations, as latency, energy and parameters nearly do, is linear in these.

    Args:
        canonical: Encode the canonical form, without dead branches; otherwise all that is written is counted.

    >>> from augury.spaces import EdgeCellSpace
    >>> space = EdgeCellSpace(operations=("none", "skip", "conv"), nodes=3)
    >>> cells = space.from_genotypes([[2, 1, 0]])  # conv leads to a node that leads nowhere
    >>> counts = OperationCounts().fit(cells)
    >>> counts.get_feature_names_out().tolist()
    ['number of none', 'number of skip', 'number of conv']
    >>> counts.transform(cells).tolist(), OperationCounts(canonical=False).fit_transform(cells).tolist()
    ([[0.0, 1.0, 0.0]], [[0.0, 1.0, 1.0]])
    """

    def _feature_names(self, space: SearchSpace) -> list[str]:
        return [*(f"number of {name}" for name in space.operations), *size_names(space)]

    def _encode(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        graphs = architectures.graphs()
        if self.canonical:
            graphs = graphs.pruned()
        counts = [(graphs.ops == label).sum(axis=1) for label in range(2, len(graphs.labels))]
        return np.concatenate(
            [np.stack(counts, axis=1), size_sums(graphs, architectures.space)], axis=1, dtype=np.float32
        )
