import numpy as np
import pytest

from augury.meta import MetaLearner, PortfolioLearner, Sources, TaskSimilarity
from augury.meta.consensus import Consensus
from augury.meta.consensus_line import rising_line
from augury.meta.source_gps import SourceGPs

from .toy import EVERYTHING, TRUTH, support, task


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


def test_weights_and_agreement_of_each_source_are_told(tmp_path):
    tasks, few = [task("up", TRUTH), task("down", -TRUTH)], support(12)
    learner = TaskSimilarity(points=60).fit(tasks)
    up, down = learner.adapt(EVERYTHING[few], TRUTH[few]).explain().members
    assert (up.name, down.name) == ("source up", "source down")
    # by hand: trust 12 ÷ (12 + s) in the first alone, the rest shared evenly
    trust = 12 / (12 + learner.shrinkage)
    np.testing.assert_allclose([up.weight, down.weight], [trust + (1 - trust) / 2, (1 - trust) / 2], atol=1e-9)
    assert up.held_out_tau > 0.9 > -0.9 > down.held_out_tau
    learner.save(tmp_path / "saved")
    again = MetaLearner.load(tmp_path / "saved").adapt(EVERYTHING[few], TRUTH[few])
    assert again.explain().members == (up, down)
    even = PortfolioLearner(points=60).fit(tasks)
    for n in (0, 1, 5):
        members = even.adapt(EVERYTHING[few[:n]], np.full(n, 2.0)).explain().members
        assert [report.weight for report in members] == [0.5, 0.5]
        assert all(np.isnan(report.held_out_tau) for report in members)
