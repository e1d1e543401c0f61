import numpy as np

from augury.meta import QuantileTransfer
from augury.predictors import normal_scores
from augury.predictors.exact_gp import ExactGP

from .toy import EVERYTHING, TRUTH, shuffled, support, task


def learner(tasks, **changes):
    return QuantileTransfer(
        **({"hidden": 24, "layers": 2, "epochs": 1000, "steps": 400, "weight_decay": 0.01} | changes)
    ).fit(tasks)


def test_the_prior_is_the_pools_mean_and_deviation():
    # two sources that agree on the first layer's order and are opposed in all else
    first = EVERYTHING.genotypes[:, 0] * 100.0
    fitted = learner([task("up", first + TRUTH), task("down", first - TRUTH)], steps=800)
    up, down = normal_scores(first + TRUTH), normal_scores(first - TRUTH)
    mean, std = fitted._prior(EVERYTHING)
    middle, half = (up + down) / 2, np.abs(up - down) / 2  # maximum likelihood for two values each
    assert np.abs(mean - middle).mean() < 0.1
    assert np.corrcoef(std, half)[0, 1] > 0.8


def test_only_ranks_of_a_source_count():
    one = learner([task("plain", TRUTH)], steps=30)
    other = learner([task("bent", np.exp(TRUTH))], steps=30)
    np.testing.assert_array_equal(one._prior(EVERYTHING), other._prior(EVERYTHING))


def test_no_evaluation_gives_the_prior():
    fitted = learner([task("a", TRUTH), task("noise", shuffled())])
    mean, std = fitted.adapt(EVERYTHING[:0], []).predict(EVERYTHING, return_std=True)
    np.testing.assert_allclose(np.stack([mean, std]), fitted._prior(EVERYTHING))


def test_the_process_learns_what_the_prior_leaves():
    fitted = learner([task("a", TRUTH), task("noise", shuffled())])
    rows = support(25)
    predictor = fitted.adapt(EVERYTHING[rows], TRUTH[rows])
    z = predictor.target_.transform(TRUTH[rows])
    mean, std = fitted._prior(EVERYTHING)
    groups = fitted._prior.network.features.transform(EVERYTHING[rows])
    process = ExactGP(predictor._gp.kernels).fit(groups, (z - mean[rows]) / std[rows])
    left, share = process.predict_evaluation(fitted._prior.network.features.transform(EVERYTHING))
    np.testing.assert_allclose(predictor._predict(EVERYTHING), [mean + std * left, std * share], atol=1e-8)
