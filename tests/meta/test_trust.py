import numpy as np
import pytest

from augury import Metric, Task
from augury.evaluation import coverage
from augury.meta import ABLR, RGPE, AdditiveGP, TransferBlend, TransferGP
from augury.meta.sources import Sources
from augury.meta.trust import trust_in_consensus, with_no_evaluation

from .toy import EVERYTHING, TRUTH, task

COMMON = (TRUTH - TRUTH.mean()) / TRUTH.std()
QUICK = {"members": 1, "hidden": 8, "layers": 2, "epochs": 20, "points": 80}
LEARNERS = {
    "ablr": ABLR,
    "additive-gp": lambda: AdditiveGP(points=80),
    "rgpe": lambda: RGPE(points=80),
    "transfer-gp": lambda: TransferGP(**QUICK),
    "transfer-blend": lambda: TransferBlend(**QUICK, wide_members=0, trees=10),
}


def values(correlation, seed):
    """Of one task, whose correlation with any other, drawn with another seed, is the given one."""
    own = np.random.default_rng(seed).normal(size=len(COMMON))
    return correlation**0.5 * COMMON + (1 - correlation) ** 0.5 * own


def test_trust_by_hand():
    """Three sources, of which two are opposite and one is both others' equal half of the time."""
    a = np.array([1.0, 1.0, 1.0, -1.0, -1.0, -1.0] * 2)
    b = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0] * 2)  # its correlation with a is 1/3
    some = EVERYTHING[:12]
    tasks = [Task(str(i), some, {"m": Metric(y, "maximize")}, "m") for i, y in enumerate((a, a, b))]

    def said(architectures):
        rows = [some.keys().tolist().index(key) for key in architectures.keys().tolist()]
        return np.column_stack([a, a, b])[rows]

    # the first and the second follow (a + b) / 2, whose variance is (1 + 1/3) / 2; the third follows a
    expected = (2 * ((1 + 1 / 3) / 2) / (2 / 3) ** 0.5 + 1 / 3) / 3
    sources = Sources.of(tasks, target="standard")
    assert trust_in_consensus(said, sources) == pytest.approx(expected)
    assert trust_in_consensus(said, sources.of_tasks([0])) == 0.5  # a single source cannot tell


def test_before_any_evaluation_by_hand():
    consensus = np.array([-1.0, 0.5])
    for trust, sources, slope, variance in (
        (0.6, 9, 0.6, 1 - 0.36 * 8 / 9),
        (0.5, 1, 0.5, 1.0),  # one source shows nothing
        (0.0, 9, 0.05, 1 - 0.0025 * 8 / 9),  # the order is kept
        (1.0, 1000, 1.0, 0.01),
    ):
        mean, std = with_no_evaluation(consensus, trust, sources)
        np.testing.assert_allclose(mean, slope * consensus)
        np.testing.assert_allclose(std, variance**0.5)


@pytest.mark.parametrize("name", list(LEARNERS))
@pytest.mark.parametrize(("sources", "correlation"), [(7, 0.25), (7, 0.64), (1, 0.25)])
def test_before_any_evaluation_intervals_cover_what_they_promise(name, sources, correlation):
    tasks = [task(str(i), values(correlation, i)) for i in range(sources)]
    mean, std = LEARNERS[name]().fit(tasks).adapt(EVERYTHING[:0], []).predict(EVERYTHING, return_std=True)
    covered = [coverage(values(correlation, 50 + i), mean, std) for i in range(10)]
    assert 0.85 <= np.mean(covered) <= 0.97


@pytest.mark.parametrize("name", ["ablr", "additive-gp", "transfer-gp", "transfer-blend"])
def test_sources_that_do_not_follow_each_other_keep_their_order(name):
    learner = LEARNERS[name]().fit([task("a", COMMON), task("b", values(0.0, 1)), task("c", -COMMON)])
    mean, std = learner.adapt(EVERYTHING[:0], []).predict(EVERYTHING, return_std=True)
    said = learner._shared.by_source(EVERYTHING) if name == "ablr" else _model(learner).transform(EVERYTHING)[0]
    np.testing.assert_array_equal(np.argsort(mean, kind="stable"), np.argsort(said.mean(axis=1), kind="stable"))
    assert 0.9 < std.min() <= std.max() <= 1


def _model(learner):
    return learner._inputs.model if isinstance(learner, AdditiveGP) else learner._model
