import re

import numpy as np
import pytest

import augury
from augury.encoders import Encoder
from augury.encoders.checked_features import checked_features
from augury.spaces import ChoiceSpace, InputError

SPACE = ChoiceSpace({"first": ("conv", "pool", "skip"), "second": ("conv", "pool")})
EVERYONE = SPACE.enumerate()


class Own(Encoder):
    """Two columns of the genotype, and one value of the second that is something else."""

    def __init__(self, *, odd="0", canonical=True):
        super().__init__(canonical=canonical)
        self.odd = odd

    def _feature_names(self, space):
        return ["first", "cost"]

    def _encode(self, architectures):
        rows = architectures.genotypes.astype(float)
        rows[(rows == [2, 1]).all(axis=1), 1] = float(self.odd)
        return rows


class Shaped(Own):
    def _encode(self, architectures):
        return np.zeros((len(architectures), 3))


class Words(Own):
    def _encode(self, architectures):
        return [["conv", "pool"]] * len(architectures)


def uses(encoder):
    """Of each way to take an encoder's features, what does so."""
    y = np.arange(6.0)
    for name in ("random-forest", "xgboost"):
        yield augury.predictors.make(name, encoder=encoder).fit, y
    for name in ("gaussian-process", "bayesian-ridge", "mlp-ensemble", "gin", "blend"):
        yield augury.predictors.make(name, encoders=(encoder,)).fit, y
    yield encoder.fit_transform, None


@pytest.mark.parametrize("odd", ["nan", "inf", "-inf", "1e+300"])
def test_what_is_not_finite_is_told_by_encoder_feature_and_architecture(odd):
    message = rf"Own\._encode gave {re.escape(odd)} for the feature 'cost' of 'first=skip, second=pool', 1 value of"
    for use, y in uses(Own(odd=odd)):
        with pytest.raises(InputError, match=message):
            use(EVERYONE, y)


def test_several_are_counted():
    with pytest.raises(InputError, match="the first of 6 values of 6 that are not finite"):
        checked_features(np.full((3, 2), np.nan), EVERYONE[:3], ["a", "b"], "Mine")


def test_another_number_of_columns():
    for use, y in uses(Shaped()):
        with pytest.raises(InputError, match=r"Shaped\._encode gave .* shape \(\d+, 3\); .* each of the 2 names"):
            use(EVERYONE, y)


def test_what_is_no_number():
    with pytest.raises(InputError, match=r"Words\._encode gave no array of numbers \(could not convert"):
        Words().fit_transform(EVERYONE)


def test_a_finite_one_is_as_it_was_given():
    np.testing.assert_array_equal(Own(odd="7.5").fit_transform(EVERYONE)[-1], np.float32([2, 7.5]))
