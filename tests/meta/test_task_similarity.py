import numpy as np
import pytest
from scipy.stats import spearmanr

from augury.meta import TaskSimilarity
from augury.meta.task_similarity import similarity_weights
from augury.spaces import InputError

from .toy import EVERYTHING, TRUTH, support, task

Y = np.arange(4.0)


def test_weights_by_hand():
    # correlations 1, 0.8 and −1; four evaluations against a shrinkage of 12 are a trust of ¼
    predictions = np.stack([Y, Y[[1, 0, 2, 3]], -Y], axis=1)
    expected = 0.25 * np.array([1 / 1.8, 0.8 / 1.8, 0]) + 0.75 / 3
    np.testing.assert_allclose(similarity_weights(predictions, Y, 12.0), expected)


def test_they_are_proportional_to_spearmans_correlation():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 5, size=30).astype(float)
    predictions = y[:, None] + rng.normal(size=(30, 3)) * [1, 2, 3]
    expected = np.asarray([spearmanr(p, y).statistic for p in predictions.T])
    np.testing.assert_allclose(similarity_weights(predictions, y, 0.0), expected / expected.sum())


@pytest.mark.parametrize(
    ("predictions", "y"),
    [
        (np.zeros((0, 2)), np.zeros(0)),
        (np.ones((1, 2)), np.ones(1)),
        (np.stack([-Y, -Y], axis=1), Y),
        (np.stack([Y, -Y], axis=1), np.zeros(4)),
        (np.zeros((4, 2)), Y),
    ],
    ids=["none", "one", "all against", "constant values", "constant sources"],
)
def test_where_nothing_speaks_for_any_all_weigh_the_same(predictions, y):
    assert similarity_weights(predictions, y, 5.0).tolist() == [0.5, 0.5]


def test_the_better_source_is_followed():
    learner = TaskSimilarity(points=60).fit([task("good", TRUTH), task("bad", -TRUTH)])
    rows = support(40)
    predictor = learner.adapt(EVERYTHING[rows], TRUTH[rows])
    np.testing.assert_allclose(predictor.weights_, [0.9, 0.1])  # a trust of 40 / 50
    assert np.corrcoef(predictor.predict(EVERYTHING), TRUTH)[0, 1] > 0.95


def test_a_negative_shrinkage_is_refused():
    with pytest.raises(InputError, match="shrinkage is a number"):
        similarity_weights(np.zeros((2, 1)), np.zeros(2), -1.0)
