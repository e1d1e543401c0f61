import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from augury.predictors import normal_scores
from augury.predictors.target import NormalScores, Standard, make_target
from augury.spaces import UnknownNameError

VALUES = st.lists(st.floats(-1e3, 1e3, width=32), min_size=1, max_size=30)


def test_normal_scores_by_hand():
    # ranks 2, 1, 4, 3 of four: Φ⁻¹ of 3/8, 1/8, 7/8, 5/8
    expected = norm.ppf([0.375, 0.125, 0.875, 0.625])
    np.testing.assert_allclose(normal_scores(np.array([5.0, -1.0, 1e9, 6.0])), expected)


def test_equal_values_share_a_score():
    np.testing.assert_array_equal(normal_scores(np.array([2.0, 2.0, 2.0])), np.zeros(3))


def test_standard_by_hand():
    target = Standard().fit(np.array([1.0, 3.0]))
    np.testing.assert_array_equal(target.transform(np.array([1.0, 3.0])), [-1.0, 1.0])
    mean, std = target.inverse(np.array([0.0]), np.array([2.0]))
    assert (mean[0], std[0]) == (2.0, 2.0)


@pytest.mark.parametrize("value", [0.0, 0.1, 0.5, 1e9 / 3])  # np.std of six times 0.1 is not 0
def test_equal_values_have_a_scale_of_one(value):
    target = Standard().fit(np.full(6, value))
    np.testing.assert_array_equal(target.transform(np.full(6, value)), 0.0)
    mean, std = target.inverse(np.array([0.0]), np.array([0.5]))
    assert (mean[0], std[0]) == (value, 0.5)


@given(VALUES)
def test_training_values_come_back(values):
    y = np.asarray(values)
    target = NormalScores().fit(y)
    mean, _ = target.inverse(target.transform(y), np.full(len(y), 1e-9))
    np.testing.assert_allclose(mean, y, rtol=1e-6, atol=1e-6)


@given(VALUES)
def test_the_way_back_keeps_the_order(values):
    target = NormalScores().fit(np.asarray(values))
    mean, std = target.inverse(np.linspace(-5, 5, 50), np.full(50, 0.5))
    assert (np.diff(mean) >= 0).all()
    assert (std >= 0).all()


def test_beyond_the_outermost_it_goes_on_with_the_slope_of_the_outer_third():
    values, z = np.array([-50.0, 1.0, 2.0, 3.0, 4.0, 100.0]), norm.ppf((np.arange(6) + 0.5) / 6)
    beyond = NormalScores().fit(values).centre(np.array([z[0] - 1, z[-1] + 1]))
    expected = [-50 - (2 - -50) / (z[2] - z[0]), 100 + (100 - 3) / (z[5] - z[3])]  # over a third of them, two steps
    np.testing.assert_allclose(beyond, expected)


def test_where_values_are_normal_the_deviation_keeps_its_scale():
    y = norm.ppf((np.arange(2000) + 0.5) / 2000) * 3 + 10  # exactly their own normal scores, times 3, plus 10
    mean, std = NormalScores().fit(y).inverse(np.array([0.0, 1.0]), np.array([0.5, 0.5]))
    np.testing.assert_allclose(mean, [10, 13], rtol=1e-3)
    np.testing.assert_allclose(std, [1.5, 1.5], rtol=1e-3)


@pytest.mark.parametrize("power", [1, 3])
def test_the_deviation_is_that_of_the_map_applied_to_normal_values(power):
    rng = np.random.default_rng(power)
    target = NormalScores().fit(rng.normal(size=50) ** power)
    normal = norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    for mean, std in ((0.0, 1.0), (1.0, 0.3), (-2.0, 0.1), (0.7, 2.0)):
        expected = target.centre(mean + std * normal).std()
        np.testing.assert_allclose(target.spread(np.array([mean]), np.array([std])), expected, rtol=1e-2)


def test_the_deviation_of_a_step_by_hand():
    # scores ∓Φ⁻¹(3/4) = ∓q of values 0 and 1, one line of slope 1 / 2q all along
    q = norm.ppf(0.75)
    std = NormalScores().fit(np.array([0.0, 1.0])).spread(np.array([-7.0, 0.3]), np.array([0.5, 2.0]))
    np.testing.assert_allclose(std, np.array([0.5, 2.0]) / (2 * q), rtol=1e-6)


def test_many_predictions_at_once_are_each_as_alone():
    rng = np.random.default_rng(0)
    target = NormalScores().fit(rng.normal(size=20) ** 3)
    mean, std = rng.normal(size=5000), rng.uniform(0.1, 1, size=5000)  # two chunks
    some = np.arange(0, 5000, 499)
    np.testing.assert_allclose(target.spread(mean, std)[some], target.spread(mean[some], std[some]), rtol=1e-12)


@pytest.mark.parametrize("name", ["standard", "normal-scores"])
@pytest.mark.parametrize("exponent", [-900, -600, 450])  # the squares of the first two are 0
def test_the_unit_of_the_values_does_not_matter(name, exponent):
    rng = np.random.default_rng(0)
    y, mean, std = rng.normal(3, size=20), rng.normal(size=50), rng.uniform(0.1, 1, size=50)
    usual, scaled = make_target(name).fit(y), make_target(name).fit(y * 2.0**exponent)
    np.testing.assert_array_equal(scaled.transform(y * 2.0**exponent), usual.transform(y))
    expected = np.stack(usual.inverse(mean, std)) * 2.0**exponent
    np.testing.assert_array_equal(np.stack(scaled.inverse(mean, std)), expected)


def test_the_sum_of_large_values_does_not_overflow():
    y = np.tile([7e307, 8e307], 100)
    np.testing.assert_allclose(Standard().fit(y).transform(y), np.tile([-1.0, 1.0], 100))


@pytest.mark.parametrize("value", [3.0, -1e17, 1e20, 1e147])
def test_with_one_value_the_deviation_is_what_it_was_however_large_the_value(value):
    target = NormalScores().fit(np.array([value, value]))
    assert target.spread(np.array([-2.0, 0.5]), np.array([0.25, 1.5])).tolist() == [0.25, 1.5]


def test_an_unknown_target_is_refused():
    with pytest.raises(UnknownNameError, match="Did you mean 'standard'"):
        make_target("standart")


@pytest.mark.parametrize("scores", [[], [0.5], [[0.0, 1.0]]])
def test_scores_that_do_not_go_with_the_values_are_refused(scores):
    with pytest.raises(ValueError, match="do not go with"):
        NormalScores().restore({"values": np.array([1.0, 2.0]), "scores": np.array(scores)})
