import numpy as np
import pytest

from augury.meta import Sources
from augury.meta.source_models import SourceModels, evaluated_rows
from augury.predictors import GaussianProcess
from augury.spaces import InputError

from .toy import EVERYTHING, TRUTH, support, task

SOURCES = Sources.of([task("one", TRUTH), task("two", -TRUTH, support(30))])


def test_rows_are_evaluated_bounded_and_distinct():
    rows = evaluated_rows(SOURCES, 50, 0)
    assert [len(some) for some in rows] == [50, 30]
    for column, some in enumerate(rows):
        assert np.isfinite(SOURCES.scores[some, column]).all()
        assert len(set(some)) == len(some)
    assert (evaluated_rows(SOURCES, 50, 1)[0] != rows[0]).any()
    with pytest.raises(InputError, match="at least one evaluation"):
        evaluated_rows(SOURCES, 0, 0)


def test_each_source_is_a_gaussian_process_on_its_scores():
    models = SourceModels(points=1000, seed=0).fit(SOURCES)
    means, stds = models.transform(EVERYTHING[:20])
    for column in range(2):
        known = np.isfinite(SOURCES.scores[:, column])
        alone = GaussianProcess().fit(SOURCES.architectures[known], SOURCES.scores[known, column])
        mean, std = alone._predict(EVERYTHING[:20])
        np.testing.assert_allclose(means[:, column], mean, atol=1e-4)
        np.testing.assert_allclose(stds[:, column], std, atol=1e-4)


def test_the_consensus_has_mean_0_and_deviation_1():
    models = SourceModels(points=40, seed=0).fit(Sources.of([task("one", TRUTH), task("two", TRUTH**2)]))
    consensus = models.consensus(models.transform(EVERYTHING)[0])
    np.testing.assert_allclose([consensus.mean(), consensus.std()], [0, 1], atol=1e-6)
    weighted = models.consensus(models.transform(EVERYTHING)[0], np.array([0.5, 0.5]))
    np.testing.assert_allclose(weighted, consensus)


def test_a_row_does_not_depend_on_its_company():
    together, _ = SourceModels(points=40, seed=0).fit(SOURCES).transform(EVERYTHING)
    alone = np.concatenate(
        [SourceModels(points=40, seed=0).fit(SOURCES).transform(EVERYTHING[i : i + 1])[0] for i in (0, 99)]
    )
    np.testing.assert_allclose(alone, together[[0, 99]], rtol=1e-5)
