import numpy as np
import pytest

from augury.predictors import make
from augury.predictors.bootstrap import bootstrap_units
from augury.spaces import EdgeCellSpace

SPACE = EdgeCellSpace(operations=("none", "skip", "conv"), nodes=3)
# what the input's edge to the middle node computes counts only where that node is read: three and four ways to write
LOW, HIGH = [[0, 1, 0], [1, 1, 0], [2, 1, 0]], [[0, 2, 0], [1, 2, 0], [2, 2, 0]]
TWINS = SPACE.from_genotypes([pair for both in zip(LOW, HIGH, strict=True) for pair in both])
Y = np.tile([0.0, 1.0], 3)


def test_units_are_forms_in_the_order_in_which_they_come():
    assert bootstrap_units(TWINS).tolist() == [0, 1, 0, 1, 0, 1]
    assert bootstrap_units(TWINS[[1, 0, 2]]).tolist() == [0, 1, 1]
    assert bootstrap_units(SPACE.enumerate()[SPACE.enumerate().distinct()]).tolist() == list(
        range(len(SPACE.enumerate().distinct()))
    )


@pytest.mark.parametrize("weights", [None, [1.0, 2.0, 3.0, 1.0, 2.0, 3.0]])
@pytest.mark.parametrize("name", ["random-forest", "extra-trees"])
def test_what_an_equivalent_architecture_taught_is_not_held_out(name, weights):
    predictor = make(name, trees=50).fit(TWINS, Y, sample_weight=weights)
    held_out, _ = predictor.held_out()
    scores = predictor.target_.transform(Y)
    np.testing.assert_allclose(held_out, -scores)  # each form is told by trees that know the other alone


def test_a_gaussian_process_leaves_out_equivalents_together():
    predictor = make("gaussian-process").fit(TWINS, Y)
    assert (np.sign(predictor.held_out()[0]) == -np.sign(Y - 0.5)).all()


@pytest.mark.parametrize("name", ["xgboost", "gin"])
def test_equivalents_do_not_make_a_predictor_sure_of_itself(name):
    _, std = make(name).fit(TWINS, Y).predict(TWINS, return_std=True)
    assert (std > 0.3).all()
