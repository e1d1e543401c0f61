import numpy as np
import pytest
from sklearn.base import clone

from augury.meta.calibrated_predictor import CalibratedPredictor
from augury.spaces import ChoiceSpace, InputError

ARCHITECTURES = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)}).enumerate()


class Zero:
    """Predicts 0 give or take 1, whatever it is told."""

    residual = False

    def learn(self, architectures, z):
        return len(z)

    def answer(self, learned, architectures):
        return np.zeros(len(architectures)), np.ones(len(architectures))

    def spread(self, k):
        return 3.0 if k == 0 else 2.0


def std(y):
    return (
        CalibratedPredictor(learner=Zero(), target="standard")
        .fit(ARCHITECTURES[: len(y)], y)
        .predict(ARCHITECTURES[:3], return_std=True)[1]
    )


def test_the_spread_is_that_of_the_sources_then_of_the_target():
    np.testing.assert_allclose(std([]), 3.0)
    y = np.asarray([1.0, -1.0] * 5)  # residuals of a standard deviation of 1, the sources say 2
    np.testing.assert_allclose(std(y), np.sqrt((5 * 2.0**2 + 10) / 15))
    np.testing.assert_allclose(std(y[:4]), 2.0)  # too few for five folds


class First(Zero):
    """Predicts the first value that it is told."""

    def learn(self, architectures, z):
        return z[0]

    def answer(self, learned, architectures):
        return np.full(len(architectures), learned), np.ones(len(architectures))


@pytest.mark.parametrize("answer", [(np.nan, 1.0), (1e9, 1.0), (0.0, 0.0), (0.0, np.inf)])
def test_a_training_that_diverged_is_told(answer):
    class Diverged(Zero):
        residual = True

        def answer(self, learned, architectures):
            return tuple(np.full(len(architectures), value) for value in answer)

    with pytest.raises(InputError, match=r"Diverged gives what no normal score can be.*smaller learning_rate"):
        CalibratedPredictor(learner=Diverged()).fit(ARCHITECTURES[:10], np.arange(10.0))


def test_the_order_of_evaluations_does_not_matter():
    y = np.random.default_rng(0).normal(size=20)
    predictor = CalibratedPredictor(learner=First(), target="standard").fit(ARCHITECTURES[:20], y)
    other = clone(predictor).fit(ARCHITECTURES[:20][::-1], y[::-1])
    one, two = (p.predict(ARCHITECTURES[:2], return_std=True) for p in (predictor, other))
    np.testing.assert_allclose(one, two, rtol=1e-12)


class Parrot(Zero):
    """Knows what it was told by heart, and of others nothing."""

    def learn(self, architectures, z):
        return dict(zip(architectures.canonical().keys().tolist(), z.tolist(), strict=True))

    def answer(self, learned, architectures):
        told = [learned.get(key, 0.0) for key in architectures.canonical().keys().tolist()]
        return np.asarray(told), np.ones(len(architectures))


def test_equivalent_architectures_are_held_out_together():
    y = np.asarray([1.0, -1.0] * 5)
    twice = np.repeat(np.arange(10), 2)
    predictor = CalibratedPredictor(learner=Parrot(), target="standard").fit(ARCHITECTURES[twice], y[twice])
    _, std = predictor.predict(ARCHITECTURES[:3], return_std=True)
    np.testing.assert_allclose(std, np.sqrt((5 * 2.0**2 + 20) / 25))
    few = np.repeat(np.arange(4), 2)  # four forms cannot be parted into five folds
    predictor = CalibratedPredictor(learner=Parrot(), target="standard").fit(ARCHITECTURES[few], y[few])
    np.testing.assert_allclose(predictor.predict(ARCHITECTURES[:3], return_std=True)[1], 2.0)


@pytest.mark.parametrize("times", [1, 3])
def test_intervals_cover_what_they_should_where_architectures_are_measured_again(times):
    learner = Zero()
    learner.residual = True
    covered = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        y = rng.normal(size=len(ARCHITECTURES))  # nothing tells one architecture by another
        known, new = np.split(rng.permutation(len(ARCHITECTURES)), [20])
        rows = np.repeat(known, times)
        told = y[rows] + 0.01 * rng.normal(size=len(rows))
        predictor = CalibratedPredictor(learner=learner).fit(ARCHITECTURES[rows], told)
        mean, std = predictor.predict(ARCHITECTURES[new], return_std=True)
        covered.append(np.mean(np.abs(y[new] - mean) < 1.645 * std))
    assert 0.85 < np.mean(covered) < 0.98


def test_a_clone_shares_the_learner():
    predictor = CalibratedPredictor(learner=Zero())
    assert clone(predictor).learner is predictor.learner
    with pytest.raises(ValueError, match="not saved by itself"):
        predictor._restore({})


def test_what_is_left_over_is_learned_if_that_is_asked_for():
    truth = ARCHITECTURES.genotypes.sum(axis=1).astype(float)
    learner = Zero()
    learner.residual = True
    predictor = CalibratedPredictor(learner=learner).fit(ARCHITECTURES[::3], truth[::3])
    mean, std = predictor.predict(ARCHITECTURES, return_std=True)
    assert np.corrcoef(mean, truth)[0, 1] > 0.9
    plain = CalibratedPredictor(learner=Zero()).fit(ARCHITECTURES[::3], truth[::3])
    assert std.mean() < plain.predict(ARCHITECTURES, return_std=True)[1].mean()
