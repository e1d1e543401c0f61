import numpy as np
import pytest

from augury.predictors.left_out import left_out


@pytest.mark.parametrize(
    ("members", "units", "each", "votes"),
    [
        (10, 40, 5, [0, 30, 10]),  # a tenth of the circle, and a quarter of that: an eighth
        (5, 40, 10, [0, 30, 10]),
        (8, 32, 5, [0, 24, 8]),
        (2, 40, 10, [20, 20]),  # a quarter is the most, so that half of them are left out by none
    ],
)
def test_arcs_of_the_circle(members, units, each, votes):
    out = left_out(np.arange(units), members, np.random.default_rng(0))
    assert out.sum(axis=1).tolist() == [each] * members
    assert np.bincount(out.sum(axis=0)).tolist() == votes


def test_units_go_together():
    units = np.array([0, 1, 1, 2, 0, 3, 4, 5, 6, 7])
    out = left_out(units, 4, np.random.default_rng(1))
    np.testing.assert_array_equal(out[:, [0, 1]], out[:, [4, 2]])
