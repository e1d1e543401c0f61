import numpy as np
import pytest

from augury.meta import TwoStageTransfer
from augury.meta.two_stage import kernel_weights
from augury.spaces import InputError

from .toy import EVERYTHING, TRUTH, support, task

Y = np.arange(4.0)


def test_weights_by_hand():
    swapped = Y[[1, 0, 2, 3]]  # one of six pairs: d = 1/6, ¾ (1 − 1/9) at ρ = ½
    constant = np.zeros(4)  # d = ½
    predictions = np.stack([Y, swapped, constant, -Y], axis=1)
    np.testing.assert_allclose(kernel_weights(predictions, Y, 0.5), [3 / 4, 2 / 3, 0, 0, 3 / 4])
    np.testing.assert_allclose(kernel_weights(predictions, Y, 1.0), [3 / 4, 35 / 48, 9 / 16, 0, 3 / 4])


@pytest.mark.parametrize("k", [0, 1])
def test_without_a_pair_all_weigh_the_same(k):
    assert kernel_weights(np.zeros((k, 2)), np.zeros(k), 0.5).tolist() == [0.75] * 3


def test_the_mean_is_the_weighted_one_and_the_deviation_the_targets():
    learner = TwoStageTransfer(points=40).fit([task("good", TRUTH), task("bad", -TRUTH)])
    rows = support(15)
    predictor = learner.adapt(EVERYTHING[rows], TRUTH[rows])
    good, bad, own = predictor.weights_
    assert own == 0.75
    assert good > 0.6
    assert bad == 0
    members = predictor.members(EVERYTHING)
    mean, std = predictor._predict(EVERYTHING)
    np.testing.assert_allclose(mean, (good * members.means[:, 0] + own * members.means[:, 2]) / (good + own))
    np.testing.assert_array_equal(std, members.std)


def test_a_bandwidth_of_nothing_is_refused():
    learner = TwoStageTransfer(points=20, bandwidth=0.0).fit([task("good", TRUTH)])
    with pytest.raises(InputError, match="bandwidth is a positive"):
        learner.adapt(EVERYTHING[:2], TRUTH[:2])
