import numpy as np
import pandas as pd
import pytest
import torch

from augury.data import Metric, seed_weights
from augury.predictors import BayesianRidge
from augury.spaces import ChoiceSpace, InputError
from augury.spaces.real_numbers import real_numbers

THREE = ChoiceSpace({"layer": ("a", "b", "c")}).enumerate()


@pytest.mark.parametrize(
    "given",
    [
        [1, None, 3],
        np.ma.masked_array([1.0, 2.0, 3.0], mask=[False, True, False]),
        np.array([1, None, 3], dtype=object),
        pd.Series([1, None, 3], dtype="Int64"),
        torch.tensor([1.0, torch.nan, 3.0], requires_grad=True),
    ],
)
def test_what_is_missing_is_nan(given):
    np.testing.assert_array_equal(real_numbers(given), [1.0, np.nan, 3.0])
    np.testing.assert_array_equal(Metric(given, "maximize").values, [1.0, np.nan, 3.0])


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (np.array([1, 2, 3j]), "complex128"),
        (np.array(["2026-01-01"] * 3, dtype="datetime64[D]"), "datetime64"),
        (np.zeros(3, dtype=[("y", "f8")]), "no real numbers"),
        ([1.0, 2.0, 10**400], "too large"),
        ([1.0, [2.0], 3.0], "sequence"),
    ],
)
def test_what_is_no_number_is_refused_everywhere(given, reason):
    with pytest.raises(InputError, match=reason):
        Metric(given, "maximize")
    with pytest.raises(InputError, match=reason):
        BayesianRidge().fit(THREE, given)
    with pytest.raises(InputError, match=reason):
        BayesianRidge().fit(THREE, [1.0, 2.0, 3.0], sample_weight=given)
    with pytest.raises(InputError, match=reason):
        seed_weights(given)


def test_a_masked_value_is_not_learned():
    with pytest.raises(InputError, match="row 2"):
        BayesianRidge().fit(THREE, np.ma.masked_equal([1.0, 2.0, -1.0], -1.0))
