import hashlib
import json
from pathlib import PurePosixPath

import numpy as np
import pytest

import augury
from augury.evaluation.parameter_content import parameter_content
from augury.search.random_search import RandomSearch
from augury.spaces import ChoiceSpace, InputError

SPACE = ChoiceSpace({"first": ("a", "b"), "second": ("a", "b", "c")})


def module_level():
    """A function that can be imported."""


def of(value):
    return parameter_content("it", value)


def test_contents_by_hand():
    array = np.arange(3, dtype=np.int64)
    assert of([True, None, "a", 2, 0.5, np.float64(0.5)]) == [True, None, "a", 2, 0.5, 0.5]
    assert of({"trees": (20,)}) == ["dict", [["trees", [20]]]]
    assert of(module_level) == ["imported", f"{__name__}.module_level"]
    assert of(RandomSearch) == ["imported", "augury.search.random_search.RandomSearch"]
    assert of(RandomSearch()) == ["RandomSearch", {}]
    assert of(PurePosixPath("a/b")) == ["PurePosixPath", "a/b"]
    assert of(np.longdouble(0.5)) == ["longdouble", "0.5"]
    assert of(np.array([["a", "bc"]])) == ["ndarray", [1, 2], ["a", "bc"]]
    assert of(array)[1] == [[array.dtype.str, (3,), hashlib.sha256(array.tobytes()).hexdigest()]]


def test_other_content_is_told_apart_and_the_same_is_not():
    everything = SPACE.enumerate()
    others = ChoiceSpace({"first": ("a", "b"), "third": ("a", "b", "c")}).enumerate()
    pairs = [
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({1: "a"}, {"1": "a"}),
        (np.zeros((2, 3)), np.zeros((3, 2))),
        (np.zeros(2), np.zeros(2, dtype=np.float32)),
        (everything, everything[::-1]),
        (everything, others),
        (everything, everything.genotypes),
        (np.array(["a", "b"]), np.array([["a", "b"]])),
        (np.zeros((0, 2), dtype=str), np.zeros((0, 3), dtype=str)),
        (PurePosixPath("a"), PurePosixPath("b")),
        (np.longdouble(1), np.nextafter(np.longdouble(1), np.longdouble(2))),
        (np.clongdouble(1), np.clongdouble(1j)),
        (len, max),
        ([{"a": np.arange(2000)}], [{"a": np.arange(2000) != 1000}]),
    ]
    for one, other in pairs:
        assert json.dumps(of(one)) != json.dumps(of(other))
        assert json.dumps(of(one)) == json.dumps(of(one))
    assert of(SPACE.enumerate()) == of(everything)


@pytest.mark.parametrize("unknown", [lambda: 3, (3).__add__, object(), {1, 2}, SPACE.enumerate, np.array([None])])
def test_what_cannot_be_told_apart_is_refused(unknown):
    inside = augury.predictors.make("conformal", predictor="gin", parameters={"loss": unknown})
    with pytest.raises(InputError, match=r"it\.predictor\.parameters\['loss'\] is .*whether it is the same") as raised:
        of(augury.search.make("bayesian", predictor=inside))
    assert "Give numbers, texts, paths, arrays of numbers or texts, " in str(raised.value)
