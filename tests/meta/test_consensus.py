import numpy as np
import pytest

from augury.meta import Sources
from augury.meta.consensus import Consensus
from augury.meta.consensus_line import rising_line
from augury.meta.source_gps import SourceGPs

from .toy import EVERYTHING, TRUTH, task


def test_line_by_hand():
    # Σ away² = 2, Σ away z = 4, prior of three evaluations with slope ½: (4 + 1.5) / (2 + 3) = 1.1
    # intercept: the mean 0 of what is left stays 0; left ±0.9: (2 · 0.81 + 3 · 1) / 6
    line = rising_line(np.array([-1.0, 0.0, 1.0]), np.array([-2.0, 0.0, 2.0]))
    np.testing.assert_allclose([line.intercept, line.slope, line.deviation], [0, 1.1, 0.77**0.5])
    # one value says nothing of the slope: left is 2 − ½ · 1 = 1.5, a quarter of it is believed
    line = rising_line(np.array([1.0]), np.array([2.0]))
    np.testing.assert_allclose([line.intercept, line.slope], [1.5 / 4, 0.5])


def test_the_line_rises_whatever_the_target_says():
    x = np.linspace(-2, 2, 50)
    assert rising_line(x, -x).slope > 0


def test_the_plain_mean_has_mean_0_and_deviation_1():
    gps = SourceGPs(points=40, seed=0).fit(Sources.of([task("one", TRUTH), task("two", TRUTH**2)]))
    means = gps.transform(EVERYTHING)
    consensus = Consensus(gps, EVERYTHING)(means, np.array([0.5, 0.5]))
    np.testing.assert_allclose([consensus.mean(), consensus.std()], [0, 1], atol=1e-6)
    assert np.corrcoef(consensus, means.sum(axis=1))[0, 1] == pytest.approx(1)
