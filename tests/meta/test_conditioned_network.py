import numpy as np
import pytest

from augury.meta.conditioned_network import ConditionedNetwork, scaling


def made_up(seed=0, sources=4):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(200, 5))
    return X, X @ rng.normal(size=(5, sources))


def network(**changes):
    return ConditionedNetwork(**{"hidden": 16, "steps": 400, "batch": 64, "learning_rate": 0.01, "seed": 0} | changes)


def test_a_mixture_of_sources_is_told_by_its_anchors():
    X, values = made_up()
    anchors = np.arange(8)
    learned = network().fit(X, values, anchors)
    mixed = values @ [0.4, 0.3, 0.2, 0.1]
    assert np.corrcoef(learned.predict(X, mixed[anchors]), mixed)[0, 1] > 0.95


def test_units_of_the_anchors_are_units_of_the_answer():
    X, values = made_up()
    anchors = np.arange(8)
    learned = network(steps=20).fit(X, values, anchors)
    usual = learned.predict(X, values[anchors, 0])
    np.testing.assert_allclose(learned.predict(X, 7.0 + 1e-3 * values[anchors, 0]), 7.0 + 1e-3 * usual, rtol=1e-9)


def test_anchors_that_agree_have_scale_one():
    centre, scale = scaling(np.array([[2.0, 1.0], [2.0, 3.0]]))
    assert centre.tolist() == [2.0, 2.0]
    assert scale.tolist() == [1.0, 1.0]


def test_state_comes_back_and_another_shape_is_refused():
    X, values = made_up()
    learned = network(steps=5).fit(X, values, np.arange(8))
    state = {name: array.copy() for name, array in learned.state().items()}
    again = network(steps=5).restore(state)
    np.testing.assert_array_equal(again.predict(X, values[:8, 0]), learned.predict(X, values[:8, 0]))
    with pytest.raises(ValueError, match="size mismatch"):
        network(hidden=4).restore(state)
