"""All meta-learners on sources that are few, flat, full of holes or of no use."""

import numpy as np
import pytest

import augury

from ..contract.components import META_LEARNERS
from .toy import EVERYTHING, HARD, TRUTH, shuffled, support, task


def learned(name, tasks):
    return augury.meta.make(name, **META_LEARNERS[name][0]).fit(tasks)


@pytest.mark.parametrize("name", META_LEARNERS)
@pytest.mark.parametrize("sources", HARD)
def test_hard_sources_are_survived(name, sources):
    learner = learned(name, HARD[sources]())
    for k in (0, 1, 2, 20):
        for y in (TRUTH, np.full(len(TRUTH), 2.0))[: k + 1]:
            rows = support(k, seed=1)
            mean, std = learner.adapt(EVERYTHING[rows], y[rows]).predict(EVERYTHING, return_std=True)
            assert np.isfinite(mean).all()
            assert np.isfinite(std).all()
            assert (std > 0).all()
    assert len(learner.initial_design(3)) == min(3, len(learner.sources_.architectures))


# the first two have no model of the target, and a linear head is only as good as the features that it is given
LEARN_THE_TARGET = sorted(set(META_LEARNERS) - {"portfolio", "task-similarity", "ablr"})


@pytest.mark.parametrize("name", LEARN_THE_TARGET)
def test_useless_sources_do_not_keep_from_learning_the_target(name):
    learner = learned(name, [task("noise", shuffled(0)), task("more noise", shuffled(1))])
    rows = support(60, seed=1)
    mean = learner.adapt(EVERYTHING[rows], TRUTH[rows]).predict(EVERYTHING)
    left = np.setdiff1d(np.arange(len(TRUTH)), rows)
    assert np.corrcoef(mean[left], TRUTH[left])[0, 1] > 0.8
