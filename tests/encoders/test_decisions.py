"""Numbers by their rank, and everything else by one column a choice."""

import numpy as np

from augury.encoders import Decisions, OneHot
from augury.spaces import ChoiceSpace, NASBench201Space


def test_numbers_are_ranked_whatever_their_order_and_unit():
    space = ChoiceSpace({"rate": (0.1, 0.001, 0.01), "width": (8, 4096), "depth": (3,), "skip": (False, True)})
    rows = space.from_genotypes([[0, 0, 0, 0], [1, 1, 0, 1], [2, 0, 0, 1]])
    expected = [[1, -1, -1, 1, 0], [-1, 1, -1, 0, 1], [0, -1, -1, 0, 1]]
    np.testing.assert_array_equal(Decisions().fit_transform(rows), expected)
    names = ["rank of rate", "rank of width", "rank of depth", "skip is False", "skip is True"]
    assert Decisions().fit(rows).get_feature_names_out().tolist() == names


def test_without_numbers_it_is_one_hot():
    cells = NASBench201Space().sample(20, np.random.default_rng(0))
    np.testing.assert_array_equal(Decisions().fit_transform(cells), OneHot().fit_transform(cells))
