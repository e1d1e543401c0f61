import numpy as np
import pytest
from sklearn.base import clone

import augury
from augury.encoders import Encoder
from augury.spaces import ChoiceSpace, InputError

from .components import ENCODERS, SPACES

CASES = [(name, space) for name in ENCODERS for space in SPACES]


def small(name):
    return augury.encoders.make(name, **ENCODERS[name][0])


def test_every_encoder_is_listed():
    assert set(ENCODERS) == set(augury.encoders.available())


@pytest.mark.parametrize(("name", "space"), CASES)
class TestEncoder:
    @pytest.fixture
    def architectures(self, space):
        return SPACES[space].sample(40, np.random.default_rng(0))

    def test_shape_type_and_names(self, name, space, architectures):
        encoder = small(name).fit(architectures)
        X = encoder.transform(architectures)
        assert X.dtype == np.float32
        assert X.shape == (40, len(encoder.get_feature_names_out()))
        assert len(set(encoder.get_feature_names_out())) == X.shape[1]
        assert np.isfinite(X).all()
        assert isinstance(encoder, Encoder)

    def test_each_row_depends_on_its_architecture_alone(self, name, space, architectures):
        X = small(name).fit_transform(architectures)
        order = np.random.default_rng(1).permutation(40)
        np.testing.assert_array_equal(small(name).fit_transform(architectures[order]), X[order])
        np.testing.assert_array_equal(small(name).fit_transform(architectures[:1]), X[:1])
        assert small(name).fit(architectures).transform(architectures[:0]).shape == (0, X.shape[1])

    def test_equivalent_architectures_get_equal_rows(self, name, space, architectures):
        encoder = small(name).fit(architectures)
        np.testing.assert_array_equal(encoder.transform(architectures), encoder.transform(architectures.canonical()))

    def test_another_space_is_refused(self, name, space, architectures):
        other = next(s for s in SPACES.values() if s != SPACES[space])
        with pytest.raises(InputError, match="fit it anew"):
            small(name).fit(architectures).transform(other.sample(1, np.random.default_rng(0)))
        with pytest.raises(InputError, match="takes Architectures"):
            small(name).fit(np.zeros((3, 4)))


@pytest.mark.parametrize("name", ENCODERS)
def test_operations_called_input_and_output_are_operations(name):
    named, other = (
        ChoiceSpace({"norm": norms, "op": ("conv", "pool"), width: (8, 16)}).enumerate()
        for norms, width in ((("input", "output"), "input"), (("first", "second"), "first"))
    )
    encoder = small(name).fit(named)
    np.testing.assert_array_equal(encoder.transform(named), small(name).fit_transform(other))
    assert len(set(encoder.get_feature_names_out())) == len(encoder.get_feature_names_out())


@pytest.mark.parametrize("name", ENCODERS)
@pytest.mark.slow
def test_each_argument_changes_something(name):
    """On NAS-Bench-Graph or, as nothing that is written is dead there, on NAS-Bench-201."""
    samples = [SPACES[space].sample(40, np.random.default_rng(0)) for space in ("nas-bench-graph", "nas-bench-201")]
    encoder = small(name)
    changes = ENCODERS[name][1]
    assert set(changes) == set(encoder.get_params())
    for argument, value in changes.items():
        other = clone(encoder).set_params(**{argument: value})
        pairs = [(clone(encoder).fit_transform(sample), other.fit_transform(sample)) for sample in samples]
        assert any(usual.shape != changed.shape or not np.array_equal(usual, changed) for usual, changed in pairs), (
            argument
        )
