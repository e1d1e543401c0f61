import numpy as np
import pytest
from sklearn.base import clone

from augury.encoders import GraphFeatures, OneHot, ProxyTable, SideBySide, fitted
from augury.spaces import ChoiceSpace, InputError, UnknownNameError

SPACE = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool", "skip")})
OTHER = ChoiceSpace({"first": ("a", "b")})
ARCHITECTURES = SPACE.enumerate()
TABLE = ProxyTable(architectures=ARCHITECTURES, columns={"a": np.arange(6.0)})


def test_the_same_is_shared_and_nothing_else():
    assert fitted("one-hot", SPACE) is fitted("one-hot", SPACE)
    assert fitted("one-hot", SPACE) is fitted(OneHot(), SPACE)
    assert fitted("one-hot", SPACE) is not fitted("one-hot", OTHER)
    assert fitted("one-hot", SPACE) is not fitted("graph-features", SPACE)
    assert fitted(GraphFeatures(subset_size=1), SPACE) is not fitted("graph-features", SPACE)
    assert fitted(TABLE, SPACE) is fitted(clone(TABLE), SPACE)
    again = ProxyTable(architectures=ARCHITECTURES, columns={"a": np.arange(6.0)})
    assert fitted(TABLE, SPACE) is not fitted(again, SPACE)  # its data might be changed


def test_several_encoders_are_shared_part_by_part():
    both = SideBySide(encoders=("one-hot", TABLE))
    assert fitted(both, SPACE) is fitted(clone(both), SPACE)
    assert fitted(both, SPACE) is not fitted(SideBySide(encoders=("one-hot",)), SPACE)
    assert fitted(both, SPACE) is not fitted(SideBySide(encoders=(TABLE, "one-hot")), SPACE)


def test_what_is_given_stays_as_it_is_and_may_change():
    encoder = GraphFeatures(subset_size=2)
    before = fitted(encoder, SPACE)
    assert not hasattr(encoder, "space_")
    encoder.set_params(canonical=False)
    assert fitted(encoder, SPACE) is not before
    assert before.canonical
    both = SideBySide(encoders=(encoder,))
    before = fitted(both, SPACE)
    encoder.set_params(canonical=True)
    assert fitted(both, SPACE) is not before


def test_many_are_forgotten():
    first = fitted("one-hot", SPACE)
    for size in range(2, 12):
        fitted("one-hot", ChoiceSpace({"layer": tuple(range(size))}))
    assert fitted("one-hot", SPACE) is not first


def test_what_is_no_encoder_is_refused():
    with pytest.raises(UnknownNameError, match="one-hot"):
        fitted("one-hat", SPACE)
    with pytest.raises(InputError, match="by its name or as an Encoder"):
        fitted(GraphFeatures, SPACE)


class TestSideBySide:
    def test_columns_one_after_the_other(self):
        both = SideBySide(encoders=[OneHot(), TABLE]).fit(ARCHITECTURES)
        parts = [OneHot().fit_transform(ARCHITECTURES), clone(TABLE).fit_transform(ARCHITECTURES)]
        np.testing.assert_array_equal(both.transform(ARCHITECTURES), np.concatenate(parts, axis=1))
        assert both.get_feature_names_out().tolist()[-3:] == ["1=2", "a", "missing"]

    def test_equal_names_are_told_apart(self):
        twice = SideBySide(encoders=["one-hot", "one-hot"]).fit(ARCHITECTURES)
        assert len(set(twice.get_feature_names_out())) == 10

    @pytest.mark.parametrize("encoders", [(), "one-hot"])
    def test_no_list_is_refused(self, encoders):
        with pytest.raises(InputError, match="no list of encoders"):
            SideBySide(encoders=encoders).fit(ARCHITECTURES)
