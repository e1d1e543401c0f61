import numpy as np
import pytest
from scipy.stats import kendalltau

from augury.meta import PortfolioLearner

from .toy import EVERYTHING, TRUTH, support, task


@pytest.fixture(scope="module")
def learner():
    return PortfolioLearner(points=60).fit([task("one", TRUTH), task("two", TRUTH**2)])


@pytest.mark.parametrize("k", [1, 2, 30])
def test_no_evaluation_changes_the_order(learner, k):
    none = learner.adapt(EVERYTHING[:0], []).predict(EVERYTHING)
    rows = support(k)
    some = learner.adapt(EVERYTHING[rows], -TRUTH[rows]).predict(EVERYTHING)
    assert kendalltau(none, some).statistic > 0.999


def test_it_ranks_by_the_mean_of_its_sources(learner):
    means = learner._gps.transform(EVERYTHING)
    none = learner.adapt(EVERYTHING[:0], []).predict(EVERYTHING)
    np.testing.assert_allclose(np.corrcoef(none, means.mean(axis=1))[0, 1], 1)
    assert np.corrcoef(none, TRUTH)[0, 1] > 0.95


def test_predictions_are_on_the_targets_scale(learner):
    rows = support(40)
    mean = learner.adapt(EVERYTHING[rows], 90 + TRUTH[rows]).predict(EVERYTHING)
    assert abs(mean - 90 - TRUTH).mean() < 2


def test_the_design_begins_with_what_the_sources_praise_most(learner):
    means = learner._gps.transform(learner.sources_.architectures)
    assert learner.initial_design(1) == learner.sources_.architectures[[means.sum(axis=1).argmax()]]
