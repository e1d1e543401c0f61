import numpy as np
import pytest

from augury.encoders import OperationKinds, OperationKnowledge
from augury.encoders.along_paths import along_paths
from augury.spaces import ChoiceSpace, NASBench201Space, NASBenchGraphSpace

CELLS = NASBench201Space()


def features(architectures):
    encoder = OperationKinds().fit(architectures)
    return dict(zip(encoder.get_feature_names_out(), encoder.transform(architectures)[0].tolist(), strict=True))


def test_all_spaces_have_the_same_features():
    spaces = CELLS, NASBenchGraphSpace(), ChoiceSpace({"layer": ("a", "b"), "width": (8, 16)})
    names = [OperationKinds().fit(space.sample(1, np.random.default_rng(0))).feature_names_ for space in spaces]
    assert names[0] == names[1] == names[2]


def test_by_hand_on_a_cell():
    # input → conv3x3, then pool → skip → output and conv1x1 → output; edge 1→3 is taken, so the skip stays
    cell = CELLS.parse("|nor_conv_3x3~0|+|none~0|avg_pool_3x3~1|+|none~0|nor_conv_1x1~1|skip_connect~2|")
    found = features(cell)
    assert found["live operations"] == 4
    assert found["number of convolution"] == 2
    assert found["most convolution on one path"] == 2
    assert found["number of pooling"] == 1
    assert found["number of pooling right before the output"] == 1  # the canonical form skips first
    assert found["number of convolution right after the input"] == 1
    assert found["number of convolution right before the output"] == 1
    assert found["width"] == 2
    assert found["edges"] == 6
    assert found["ln(1 + parameters)"] == pytest.approx(np.log(11))
    assert found["number of attention"] == 0


def test_sizes_add_up_as_logarithms_and_unknown_costs_are_0():
    space = ChoiceSpace({"layer": ("conv", "pool"), "width": (7, 15), "depth": (3, 7)})
    found = features(space.parse("layer=conv, width=15, depth=3"))
    assert found["sum of ln(1 + size) over other"] == pytest.approx(np.log(16) + np.log(4))
    assert found["ln(1 + parameters)"] == 0


def test_what_a_space_knows_comes_first():
    architectures = CELLS.sample(50, np.random.default_rng(0))
    known = OperationKnowledge().fit_transform(architectures)
    np.testing.assert_array_equal(OperationKinds().fit_transform(architectures)[:, : known.shape[1]], known)


def test_several_values_along_paths_at_once_are_as_one_by_one():
    graphs = CELLS.sample(30, np.random.default_rng(0)).graphs().pruned().topological()
    values = np.random.default_rng(1).normal(size=(*graphs.ops.shape, 3))
    apart = np.stack([along_paths(graphs, values[:, :, i]) for i in range(3)], axis=1)
    np.testing.assert_array_equal(along_paths(graphs, values), apart)
