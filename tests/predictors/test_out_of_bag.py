import numpy as np
import pytest

from augury.predictors import Calibration


def test_each_gets_the_mean_of_those_that_left_it_out():
    # two members, already of mean 0 and standard deviation 1; the first leaves out rows 0 and 1, the second row 1
    outputs = np.array([[1.0, -1.0, 1.0, -1.0], [-1.0, 1.0, 1.0, -1.0]])
    weights = np.array([[0, 0, 1, 1], [1, 0, 2, 1]])
    calibration = Calibration().restore(
        {"place": np.zeros(2), "scale": np.ones(2), "line": np.array([5.0, 2.0]), "noise": np.array([0.25])}
    )
    mean, std = calibration.out_of_bag(outputs, weights)
    # 5 + 2 · 1; 5 + 2 · 0; nobody left out rows 2 and 3
    assert mean.tolist() == pytest.approx([7.0, 5.0, 5.0, 5.0])
    # the members that left out row 1 are 1 and −1: variance 2; 0.25 + 4 · 2, and 0.25 + 4 where nobody tells
    assert (std**2).tolist() == pytest.approx([8.25, 8.25, 4.25, 4.25])
