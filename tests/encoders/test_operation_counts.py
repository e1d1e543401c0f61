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


def test_sizes_are_summed():
    space = ChoiceSpace({"op": ("conv", "pool"), "width": (16, 32)})
    encoder = OperationCounts().fit(space.enumerate())
    X = encoder.transform(space.from_genotypes([[0, 1], [1, 0]]))
    names = encoder.get_feature_names_out().tolist()
    np.testing.assert_array_equal(X[:, names.index("sum of size over width")], [32, 16])
    np.testing.assert_array_equal(X[:, names.index("number of conv")], [1, 0])
