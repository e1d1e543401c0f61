import numpy as np
import pytest
from scipy.stats import kendalltau

from augury.meta import RGPE, TwoStageTransfer
from augury.meta.calibrated_predictor import spread_factor
from augury.meta.discordance import discordant_pairs
from augury.meta.ensemble import Members
from augury.meta.rgpe import ranking_weights
from augury.meta.source_gps import KERNELS
from augury.predictors.exact_gp import ExactGP
from augury.spaces import InputError

from .toy import EVERYTHING, TRUTH, support, task

Y = np.arange(6.0)
ONCE = np.ones((1, 6), dtype=int)


def bootstrap(n, samples=200):
    return np.random.default_rng(0).multinomial(n, np.full(n, 1 / n), size=samples)


def loss(prediction, y, counts):
    """Pair by pair."""
    drawn = np.repeat(np.arange(len(y)), counts)
    return sum((prediction[i] < prediction[j]) != (y[i] < y[j]) for i in drawn for j in drawn)


def test_pairs_by_hand():
    # ordered pairs: (0, 1) and (1, 0) are swapped, the tie (1, 2) is wrong in one order, (0, 2) is right
    pairs = discordant_pairs(np.array([[1.0], [0.0], [0.0]]), np.array([1.0, 2.0, 3.0]))[0]
    assert pairs.astype(int).tolist() == [[0, 1, 1], [1, 0, 1], [1, 0, 0]]


def test_a_perfect_source_takes_all_and_reversed_ones_nothing():
    own = Y[[1, 0, 2, 3, 5, 4]]  # the target's model errs a little
    predictions = np.stack([Y**3, -Y, 7 - 2 * Y, own], axis=1)
    np.testing.assert_array_equal(ranking_weights(predictions, Y, ONCE, 0.95), [1, 0, 0, 0])
    shared = ranking_weights(predictions, Y, bootstrap(6), 0.95)
    np.testing.assert_array_equal(shared[1:3], 0)
    assert shared[0] > 0.5
    np.testing.assert_allclose(shared.sum(), 1)


def test_the_target_wins_ties_and_sources_share_them():
    assert ranking_weights(np.stack([Y, Y], axis=1), Y, ONCE, 0.95).tolist() == [0, 1]
    assert ranking_weights(np.stack([Y, Y, -Y], axis=1), Y, ONCE, 0.95).tolist() == [0.5, 0.5, 0]


def test_weights_are_those_of_a_loop_over_samples():
    rng = np.random.default_rng(1)
    y, counts = rng.normal(size=8), bootstrap(8, 50)
    predictions = y[:, None] + rng.normal(size=(8, 4))
    expected = np.zeros(4)
    for sample in counts:
        losses = np.asarray([loss(p, y, sample) for p in predictions.T])
        best = np.flatnonzero(losses == losses.min())
        expected[[3] if 3 in best else best] += 1 / (1 if 3 in best else len(best)) / 50
    np.testing.assert_allclose(ranking_weights(predictions, y, counts, 1.0), expected)


def test_the_guard_leaves_out_the_source_that_is_mostly_worse():
    # first sample: the source is perfect, the target's model is not; in the two others it is the other way round
    y = np.array([0.0, 1.0, 2.0, 3.0])
    predictions = np.array([[0.0, 1.0], [1.0, 0.0], [3.0, 2.0], [2.0, 3.0]])
    counts = np.array([[2, 2, 0, 0], [0, 0, 2, 2], [0, 0, 2, 2]])
    # losses of the source 0, 8, 8 (median 8), of the target 8, 0, 0
    np.testing.assert_allclose(ranking_weights(predictions, y, counts, 1.0), [1 / 3, 2 / 3])  # 8 is not above 8
    np.testing.assert_allclose(ranking_weights(predictions, y, counts, 0.5), [0, 1])


@pytest.mark.parametrize("k", [0, 1, 2])
def test_all_weigh_the_same_while_nothing_is_known(k):
    learner = RGPE(points=40).fit([task("good", TRUTH), task("bad", -TRUTH)])
    for rows in (np.arange(k), np.repeat(np.arange(k), 2)):  # measured again, they tell no more of the order
        predictor = learner.adapt(EVERYTHING[rows], TRUTH[rows])
        np.testing.assert_allclose(predictor.weights_, 1 / 3)


def test_mean_and_variance_are_those_of_the_mixture_and_noise_comes_on_top():
    learner = RGPE(points=40).fit([task("good", TRUTH), task("other", TRUTH[::-1].copy())])
    rows = np.sort(support(20))
    predictor = learner.adapt(EVERYTHING[rows], TRUTH[rows])
    w, noise, sources = predictor.weights_, np.exp(predictor._own.theta[-1]), learner._gps

    def combined(some, own, own_std):
        means = np.column_stack([sources.transform(some), own])
        stds = np.column_stack([sources.stds(some), own_std])
        mean = np.asarray([sum(w[i] * row[i] for i in range(3)) for row in means])
        moments = [sum(w[i] * (s[i] ** 2 + m[i] ** 2) for i in range(3)) for m, s in zip(means, stds, strict=True)]
        return mean, np.asarray(moments) - mean**2 + noise

    own, own_std = predictor._own.leave_one_out()
    held_out, variance = combined(EVERYTHING[rows], own, np.sqrt(own_std**2 - noise))
    residuals = predictor.target_.transform(TRUTH[rows]) - held_out
    factor = (5 + sum(residuals**2 / variance)) / (5 + 20)  # as many evaluations as the prior of 1 counts for, 5
    groups = sources.features.transform(EVERYTHING[:9])
    expected, variance = combined(EVERYTHING[:9], *predictor._own.predict(groups))
    mean, std = predictor._predict(EVERYTHING[:9])
    np.testing.assert_allclose(mean, expected)
    np.testing.assert_allclose(std**2, factor * variance, rtol=1e-6)
    np.testing.assert_allclose(predictor.members(EVERYTHING[:9]).std, predictor._own.predict_evaluation(groups)[1])


def test_before_the_first_evaluation_variance_by_hand():
    learner = RGPE(points=40).fit([task("good", TRUTH), task("bad", -TRUTH)])
    mean, std = learner.adapt(EVERYTHING[:0], []).predict(EVERYTHING[:9], return_std=True)
    good, bad = learner._gps.transform(EVERYTHING[:9]).T
    sure, unsure = (learner._gps.stds(EVERYTHING[:9]) ** 2).T
    np.testing.assert_allclose(mean, (good + bad) / 3, atol=1e-12)
    # the target's own model: 0, of variance 1 with the noise, whose prior's median is 0.1
    function = (sure + good**2 + unsure + bad**2 + 0.9) / 3 - mean**2
    np.testing.assert_allclose(std**2, function + 0.1)


@pytest.mark.parametrize("k", [0, 2])
def test_more_sources_that_contradict_each_other_do_not_make_it_surer(k):
    few, more = (RGPE(points=40).fit([task(str(i), (-1) ** i * TRUTH) for i in range(sources)]) for sources in (2, 6))
    stds = [some.adapt(EVERYTHING[:k], TRUTH[:k]).predict(EVERYTHING, return_std=True)[1] for some in (few, more)]
    assert stds[1].mean() > 0.9 * stds[0].mean()


def test_what_is_measured_again_does_not_tell_the_targets_model_what_it_is_asked():
    rng = np.random.default_rng(1)
    few = support(12)
    rows = np.tile(few, 3)
    y = (TRUTH + 2.0 * rng.normal(size=len(TRUTH)))[rows] + 0.01 * rng.normal(size=36)
    learner = RGPE(points=40).fit([task("good", TRUTH)])
    predictor = learner.adapt(EVERYTHING[rows], y)
    good, own = predictor.explain().members
    assert good.weight > 0.5
    z = predictor.target_.transform(y)
    groups = learner._gps.features.transform(EVERYTHING[rows])
    told, std = np.zeros((2, 36))
    for row in few:
        out = rows == row
        rest = ExactGP(KERNELS).fit([X[~out] for X in groups], z[~out], theta=predictor._own.theta)
        told[out], std[out] = rest.predict_evaluation([X[out] for X in groups])
    np.testing.assert_allclose(own.held_out_tau, kendalltau(told, z).statistic, atol=0.02)  # rounding breaks ties
    members = Members(
        np.column_stack([learner._gps.transform(EVERYTHING[rows]), told]), std, rest.noise_variance, predictor.weights_
    )
    held_out, spread = predictor._combined(EVERYTHING[rows], members)
    np.testing.assert_allclose(predictor._factor, spread_factor(z - held_out, spread, prior=1.0))


def test_a_guard_beyond_1_is_refused():
    learner = RGPE(points=20, guard=1.5).fit([task("good", TRUTH)])
    with pytest.raises(InputError, match="guard is from 0 to 1"):
        learner.adapt(EVERYTHING[:5], TRUTH[:5])


@pytest.mark.parametrize("make", [RGPE, TwoStageTransfer])
def test_it_tells_how_much_each_source_counts(make):
    learner = make(points=40).fit([task("good", TRUTH), task("bad", -TRUTH)])
    rows = support(20)
    predictor = learner.adapt(EVERYTHING[rows], TRUTH[rows])
    good, bad, own = predictor.explain().members
    assert good.name == "source good"
    assert good.held_out_tau > 0.9
    assert bad.held_out_tau < -0.9
    assert own.held_out_tau < good.held_out_tau
    assert good.weight > bad.weight == 0
    np.testing.assert_allclose(good.weight + bad.weight + own.weight, 1)
    assert "source good" in str(predictor.explain())


def test_before_the_first_evaluation_it_tells_that_nothing_is_known():
    learner = RGPE(points=40).fit([task("good", TRUTH), task("bad", -TRUTH)])
    members = learner.adapt(EVERYTHING[:0], TRUTH[:0]).explain().members
    assert [np.isnan(member.held_out_tau) for member in members] == [True] * 3
    assert {member.reason for member in members} == {"nothing is evaluated yet"}
