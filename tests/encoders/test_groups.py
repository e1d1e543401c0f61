import numpy as np
import pytest
from sklearn.pipeline import FeatureUnion

from augury.encoders import GraphFeatures, OperationCounts, ProxyTable
from augury.encoders.groups import SAMPLE, FeatureGroups
from augury.predictors import GaussianProcess
from augury.spaces import NASBench201Space, NASBenchGraphSpace

SPACE = NASBenchGraphSpace()
DISTINCT = SPACE.enumerate().canonical()
DISTINCT = DISTINCT[DISTINCT.distinct()]


def table(count, seed=0):
    """Two columns of so many of the space's architectures."""
    rng = np.random.default_rng(seed)
    known = DISTINCT[rng.permutation(len(DISTINCT))[:count]]
    return ProxyTable(architectures=known, columns={"a": rng.normal(size=count), "b": rng.normal(size=count)})


@pytest.mark.parametrize("count", [2, 50, 2000, 10000])
@pytest.mark.parametrize("seed", [0, 1])
def test_a_table_of_few_is_scaled_over_what_it_has(count, seed):
    few = table(count, seed)
    X = FeatureGroups((few,)).fit(SPACE).transform(few.architectures)[0]
    # two columns and whether they are missing, and the mean square of a group is 1
    np.testing.assert_allclose(X[:, :2].std(axis=0) * 3**0.5, [1, 1], rtol=1e-4)
    np.testing.assert_allclose(X[:, :2].mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(X[:, 2] * 3**0.5, -1)
    unknown = SPACE.sample(100, np.random.default_rng(5))
    unknown = unknown[~np.isin(unknown.canonical().keys(), few.architectures.keys())]
    np.testing.assert_allclose(FeatureGroups((few,)).fit(SPACE).transform(unknown)[0][:, 2] * 3**0.5, 1)


def test_a_column_of_few_is_scaled_over_those_that_have_it():
    rng = np.random.default_rng(0)
    full, few = rng.normal(size=len(DISTINCT)), rng.normal(size=len(DISTINCT))
    few[40:] = np.nan
    X = FeatureGroups((ProxyTable(architectures=DISTINCT, columns={"full": full, "few": few}),)).fit(SPACE)
    X = X.transform(DISTINCT)[0] * 3**0.5
    assert X[:40, 1].std() == pytest.approx(1, rel=1e-4)
    assert X[:, 0].std() == pytest.approx(1, rel=0.1)  # over the sample, in which every form is as often as it is drawn


def test_a_table_of_all_is_scaled_over_the_sample():
    space = NASBench201Space()
    everything = space.enumerate()
    full = ProxyTable(architectures=everything, columns={"a": np.random.default_rng(0).normal(size=len(everything))})
    sample = space.sample(SAMPLE, np.random.default_rng(0))
    X = full.fit_transform(sample).astype(np.float64)[:, :1]
    scaled = FeatureGroups((full,)).fit(space).transform(sample)[0]
    np.testing.assert_allclose(scaled, (X - X.mean()) / X.std(), rtol=1e-12)


def test_a_table_of_most_is_scaled_over_the_sample():
    most = table(len(DISTINCT) * 3 // 4)
    sample = SPACE.sample(SAMPLE, np.random.default_rng(0))
    scaled = FeatureGroups((most,)).fit(SPACE).transform(sample)[0]
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(scaled.std(axis=0) * 3**0.5, 1)
    assert 0.8 < FeatureGroups((most,)).fit(SPACE).transform(most.architectures)[0][:, 0].std() * 3**0.5 < 1.3


def test_a_table_keeps_its_scale_in_a_union():
    few = table(50)
    union = FeatureUnion([("counts", OperationCounts()), ("inner", FeatureUnion([("few", few)]))])
    counts, alone, joined = FeatureGroups((OperationCounts(), few, union)).fit(SPACE).transform(few.architectures)
    width = counts.shape[1]
    assert joined.shape[1] == width + 3
    np.testing.assert_allclose(joined[:, :width] * (width + 3) ** 0.5, counts * width**0.5)
    np.testing.assert_allclose(joined[:, width:] * (width + 3) ** 0.5, alone * 3**0.5)


@pytest.mark.parametrize("weight", [100.0, -2.0])
def test_weights_in_a_union_are_scaled_away(weight):
    few = table(50)
    parts = [("counts", OperationCounts()), ("inner", FeatureUnion([("few", few)], transformer_weights={"few": 3.0}))]
    plain, weighted = (FeatureUnion(parts, transformer_weights=weights) for weights in (None, {"inner": weight}))
    X, W = FeatureGroups((plain, weighted)).fit(SPACE).transform(few.architectures)
    width = X.shape[1] - 3
    np.testing.assert_allclose(X[:, width : width + 2].std(axis=0) * X.shape[1] ** 0.5, 1, rtol=1e-4)
    np.testing.assert_allclose(W[:, :width], X[:, :width], rtol=1e-6)
    np.testing.assert_allclose(W[:, width:], np.sign(weight) * X[:, width:], rtol=1e-4, atol=1e-6)


def test_a_union_may_weigh_a_table_with_nothing():
    few = table(50)
    union = FeatureUnion([("counts", OperationCounts()), ("few", few)], transformer_weights={"few": 0.0})
    X, alone = FeatureGroups((union, OperationCounts())).fit(SPACE).transform(few.architectures)
    np.testing.assert_allclose(X, alone)


def test_other_encoders_are_scaled_over_the_sample():
    sample = SPACE.sample(SAMPLE, np.random.default_rng(0))
    scaled = FeatureGroups((GraphFeatures(), table(50))).fit(SPACE).transform(sample)[0]
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(scaled.std(axis=0) * scaled.shape[1] ** 0.5, 1)


def test_a_process_learns_from_a_table_of_few():
    few = table(60)
    y = np.asarray(few.columns["a"])
    process = GaussianProcess(encoders=("graph-features", few)).fit(few.architectures[:40], y[:40])
    assert np.corrcoef(process.predict(few.architectures[40:]), y[40:])[0, 1] > 0.8


def test_joined_columns_have_the_spread_of_the_space():
    groups = FeatureGroups(("one-hot", "operation-counts")).fit(SPACE)
    sample = SPACE.sample(SAMPLE, np.random.default_rng(0))
    X = groups.joined(sample)
    parts = groups.transform(sample)
    assert X.shape == (SAMPLE, sum(part.shape[1] for part in parts))
    np.testing.assert_allclose(X.std(axis=0), 1, rtol=1e-6)
    np.testing.assert_allclose(X[:, -1] / parts[1][:, -1], parts[1].shape[1] ** 0.5)
