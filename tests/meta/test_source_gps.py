import numpy as np
import pytest

from augury import Metric, Task
from augury.encoders import OneHot, OperationCounts
from augury.encoders.groups import FeatureGroups
from augury.meta import Sources
from augury.meta.encodings import ENCODERS
from augury.meta.source_gps import SourceGPs
from augury.predictors import ExactGP, Kernel, LogNormal
from augury.spaces import NASBench201Space

CELLS = NASBench201Space().enumerate()


def sources(n=60, missing=0):
    some = CELLS[np.random.default_rng(0).permutation(len(CELLS))[:n]]
    convolutions = np.isin(some.genotypes, (2, 3)).sum(axis=1) + 0.01 * np.arange(n)
    skips = (some.genotypes == 1).sum(axis=1) + 0.01 * np.arange(n)
    skips[:missing] = np.nan
    make = lambda name, y: Task(name, some, {"m": Metric(y, "maximize")}, objective="m")  # noqa: E731
    return Sources.of([make("convolutions", convolutions), make("skips", skips)])


def test_each_is_a_gaussian_process_on_its_source_alone():
    known = sources()
    features = FeatureGroups(ENCODERS).fit(CELLS.space)
    gps = SourceGPs(points=1000, seed=0).fit(known)
    predicted, stds = gps.transform(CELLS[:700]), gps.stds(CELLS[:700])
    for task in range(2):
        alone = ExactGP([Kernel("matern") for _ in ENCODERS])
        alone.fit(features.transform(known.architectures), known.scores[:, task].astype(np.float64))
        expected, deviations = alone.predict(features.transform(CELLS[:700]))
        np.testing.assert_allclose(predicted[:, task], expected, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(stds[:, task], deviations, rtol=1e-3)


def test_other_encoders_and_kernels_tuned_on_some_of_the_points():
    known = sources()
    kernels, noise = (Kernel("linear"), Kernel("matern")), LogNormal(0.03, 1.0)
    encoders = (OperationCounts(canonical=False), OneHot())
    model = SourceGPs(
        points=50, seed=3, encoders=encoders, kernels=kernels, noise=noise, tuned_on=20, canonical=False
    ).fit(known)
    predicted, state = model.transform(CELLS[:100]), model.state()
    features = FeatureGroups(encoders).fit(CELLS.space)
    for task in range(2):
        rows = state[f"gp{task}.rows"]
        y = known.scores[rows, task].astype(np.float64)
        some = np.sort(np.random.default_rng(3).permutation(50)[:20])
        groups = features.transform(known.architectures[rows])
        tuned = ExactGP(kernels, noise=noise).fit([group[some] for group in groups], y[some])
        alone = ExactGP(kernels, noise=noise).fit(groups, y, theta=tuned.theta)
        expected = alone.mean(features.transform(CELLS[:100]))
        np.testing.assert_allclose(predicted[:, task], expected, rtol=1e-4, atol=1e-5)


def test_a_row_does_not_depend_on_its_company():
    together = SourceGPs(points=30, seed=0).fit(sources()).transform(CELLS[:700])
    again = SourceGPs(points=30, seed=0).fit(sources())
    alone = np.concatenate([again.transform(CELLS[i : i + 1]) for i in range(0, 700, 50)])
    np.testing.assert_array_equal(alone, together[::50])


def test_what_share_of_a_source_it_has_seen():
    known = sources(60, missing=20)
    evaluated = np.isfinite(known.scores).sum(axis=0)
    assert evaluated[1] < evaluated[0]
    np.testing.assert_allclose(SourceGPs(points=20, seed=0).fit(known).share, 20 / evaluated)
    np.testing.assert_array_equal(SourceGPs(points=1000, seed=0).fit(known).share, 1)


def test_state_comes_back_exactly():
    known = sources()
    fitted = SourceGPs(points=30, seed=0).fit(known)
    restored = SourceGPs(points=30, seed=0).restore(fitted.state(), known)
    np.testing.assert_array_equal(restored.transform(CELLS[:600]), fitted.transform(CELLS[:600]))


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ("gp.share", [1.0, np.nan]),
        ("gp.share", [1.0, 2.0]),
        ("gp.share", [1.0]),
        ("gp1.rows", [3, -1]),
        ("gp0.rows", [3, 60]),
        ("gp0.theta", [0.0]),
    ],
)
def test_a_state_of_other_sources_is_refused(part, wrong):
    known = sources(60)
    state = SourceGPs(points=30, seed=0).fit(known).state()
    with pytest.raises((ValueError, IndexError)):
        SourceGPs(points=30, seed=0).restore({**state, part: np.asarray(wrong)}, known)
