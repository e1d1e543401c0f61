import numpy as np
import pytest

from augury.predictors.calibration import PRIOR, Calibration


def test_by_hand():
    # two members, four architectures; place 2 and scale 1, place 0 and scale 10
    outputs = np.array([[1.0, 3.0, 1.0, 3.0], [-10.0, 10.0, 10.0, -10.0]])
    weights = np.array([[0, 0, 1, 2], [0, 1, 1, 0]])
    z = np.array([-1.0, 1.0, -1.0, 1.0])
    calibration = Calibration().fit(outputs, z, weights)
    # out of bag: the first by both, −1 and −1; the second by the first, 1; the fourth by the second, −1
    # where both are, they agree, so that no spread is to be allowed for
    slope = (1 + 1 - 1 + 0.5 * PRIOR) / (3 + PRIOR)
    square = ((1 - slope) ** 2 + (1 - slope) ** 2 + (1 + slope) ** 2 + PRIOR) / (3 + PRIOR)
    mean, std = calibration.predict(outputs)
    np.testing.assert_allclose(mean, slope * np.array([-1, 1, 0, 0]), atol=1e-12)  # members disagree on the last two
    np.testing.assert_allclose(std**2, square + slope**2 * np.array([0, 0, 1, 1]), rtol=1e-12)


def test_members_in_the_target_s_units_by_hand():
    # out of bag: the first by both, 1 and 3, the second by the first, 2, the fourth by none
    outputs = np.array([[1.0, 2.0, 5.0, 0.0], [3.0, 4.0, 5.0, 2.0]])
    weights = np.array([[0, 0, 1, 2], [0, 1, 2, 1]])
    z = np.array([5.0, 4.0, 9.0, 1.0])
    mean, std = Calibration().fit(outputs, z, weights, in_units=True).predict(outputs)
    np.testing.assert_array_equal(mean, [2, 3, 5, 1])  # as they are
    # residuals 5 − 2 and 4 − 2; the members' variance out of bag, 2, is of the second's residual, half of it, and half
    # of it is what their spread adds to a prediction
    left = (3**2 + 2**2 + PRIOR) / (2 + PRIOR) - 2 * (1 - 1 / 2) / 2 - 2 * (1 - 1 / 2)
    np.testing.assert_allclose(std**2, left + np.array([1, 1, 0, 1]), rtol=1e-12)


def simulated(n, m, noise, rng):
    """Members that each see ``z`` through noise of their own; by half as much where they have trained on it."""
    weights = rng.poisson(1.0, size=(m, n))
    z = rng.normal(size=n)
    outputs = z + noise * rng.normal(size=(m, n)) * np.where(weights > 0, 0.5, 1.0)
    return 1e3 * outputs - 5, z, weights


@pytest.mark.parametrize("noise", [0.3, 1.0, 3.0])
def test_intervals_hold_out_of_sample(noise):
    rng = np.random.default_rng(0)
    calibration = Calibration().fit(*simulated(400, 5, noise, rng))
    fresh = rng.normal(size=5000)
    mean, std = calibration.predict(1e3 * (fresh + noise * rng.normal(size=(5, 5000))) - 5)
    assert 0.87 < np.mean(np.abs(fresh - mean) < 1.645 * std) < 0.98
    assert abs(np.polyfit(mean, fresh, 1)[0] - 1) < 0.45  # neither far too steep nor far too flat


def test_units_of_the_outputs_do_not_matter():
    outputs, z, weights = simulated(50, 3, 1.0, np.random.default_rng(0))
    one = np.stack(Calibration().fit(outputs, z, weights).predict(outputs))
    scaled = outputs * np.array([[2.0], [0.1], [7.0]]) + np.array([[3.0], [0.0], [-9.0]])
    np.testing.assert_allclose(np.stack(Calibration().fit(scaled, z, weights).predict(scaled)), one, rtol=1e-9)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_few_and_constant_survive(n):
    rng = np.random.default_rng(0)
    for z in (np.zeros(n), np.arange(n) - (n - 1) / 2):
        for outputs in (np.zeros((2, n)), rng.normal(size=(2, n))):
            for weights in (np.ones((2, n)), np.zeros((2, n)), np.eye(2, n)):
                mean, std = Calibration().fit(outputs, z, weights).predict(outputs)
                assert np.isfinite(mean).all()
                assert (std > 0).all()
                assert np.isfinite(std).all()
                if not z.any():
                    np.testing.assert_array_equal(mean, 0)


def test_noise_never_turns_the_order_around():
    z = np.arange(20.0)
    mean, _ = Calibration().fit(-z[None] * np.ones((3, 1)), z, np.zeros((3, 20))).predict(-z[None] * np.ones((3, 1)))
    assert (np.diff(mean) < 0).all()  # the outputs' order stays


def test_state_comes_back():
    outputs, z, weights = simulated(50, 3, 1.0, np.random.default_rng(0))
    calibration = Calibration().fit(outputs, z, weights)
    again = Calibration().restore(calibration.state())
    np.testing.assert_array_equal(np.stack(again.predict(outputs)), np.stack(calibration.predict(outputs)))
