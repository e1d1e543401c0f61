from dataclasses import replace

import numpy as np

from augury.encoders import OperationCounts
from augury.spaces import ChoiceSpace, NASBench201Space


def test_written_operations_are_counted_by_hand():
    cells = NASBench201Space().parse("|nor_conv_3x3~0|+|nor_conv_3x3~0|none~1|+|avg_pool_3x3~0|none~1|none~2|")
    encoder = OperationCounts(canonical=False).fit(cells)
    named = dict(zip(encoder.get_feature_names_out(), encoder.transform(cells)[0], strict=True))
    assert named["number of nor_conv_3x3"] == 2
    assert named["number of avg_pool_3x3"] == 1
    assert named["number of skip_connect"] == 0
    assert OperationCounts().fit_transform(cells).sum() == 1  # only the pooling is alive


class BesideADeadEnd(ChoiceSpace):
    """The input leads to both nodes, the first alone to the output; canonical forms keep the second."""

    def graphs(self, architectures):
        graphs = super().graphs(architectures)
        adjacency = np.zeros_like(graphs.adjacency)
        adjacency[:, [0, 0, 1], [1, 2, 3]] = True
        return replace(graphs, adjacency=adjacency)


def test_dead_branches_that_canonical_forms_keep_are_not_counted():
    space = BesideADeadEnd({"live": ("conv", "pool"), "dead": (16, 32)})
    one = space.from_genotypes([[1, 1]])  # number of conv, pool, dead; sums of size and ranks over the same
    assert OperationCounts().fit_transform(one).tolist() == [[0, 1, 0, 0, 0, 0, 0, 0, 0]]
    assert OperationCounts(canonical=False).fit_transform(one).tolist() == [[0, 1, 1, 0, 0, 32, 0, 0, 1]]


def test_sizes_are_summed():
    space = ChoiceSpace({"op": ("conv", "pool"), "width": (16, 32)})
    encoder = OperationCounts().fit(space.enumerate())
    X = encoder.transform(space.from_genotypes([[0, 1], [1, 0]]))
    names = encoder.get_feature_names_out().tolist()
    np.testing.assert_array_equal(X[:, names.index("sum of size over width")], [32, 16])
    np.testing.assert_array_equal(X[:, names.index("number of conv")], [1, 0])
