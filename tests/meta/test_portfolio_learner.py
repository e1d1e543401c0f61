import numpy as np
import pytest
from scipy.stats import kendalltau

from augury.meta import PortfolioLearner
from augury.meta.calibration import rising_line

from .toy import EVERYTHING, TRUTH, support, task


@pytest.fixture(scope="module")
def learner():
    return PortfolioLearner(points=60).fit([task("one", TRUTH), task("two", TRUTH**2)])


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


@pytest.mark.parametrize("k", [1, 2, 30])
def test_no_evaluation_changes_the_order(learner, k):
    none = learner.adapt(EVERYTHING[:0], []).predict(EVERYTHING)
    rows = support(k)
    some = learner.adapt(EVERYTHING[rows], -TRUTH[rows]).predict(EVERYTHING)
    assert kendalltau(none, some).statistic > 0.999


def test_it_ranks_by_the_mean_of_its_sources(learner):
    means, _ = learner._models.transform(EVERYTHING)
    none = learner.adapt(EVERYTHING[:0], []).predict(EVERYTHING)
    np.testing.assert_allclose(np.corrcoef(none, means.mean(axis=1))[0, 1], 1)
    assert np.corrcoef(none, TRUTH)[0, 1] > 0.95


def test_predictions_are_on_the_targets_scale(learner):
    rows = support(40)
    mean = learner.adapt(EVERYTHING[rows], 90 + TRUTH[rows]).predict(EVERYTHING)
    assert abs(mean - 90 - TRUTH).mean() < 2


def test_the_design_begins_with_what_the_sources_praise_most(learner):
    means, _ = learner._models.transform(learner.sources_.architectures)
    assert learner.initial_design(1) == learner.sources_.architectures[[means.sum(axis=1).argmax()]]
