"""Encoders side by side with scikit-learn's own FeatureUnion."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import StandardScaler

from augury.encoders import GraphFeatures, OneHot, Path
from augury.spaces import NASBenchGraphSpace

SPACE = NASBenchGraphSpace()


@pytest.fixture
def architectures():
    return SPACE.sample(60, np.random.default_rng(0))


@pytest.fixture
def union():
    return FeatureUnion([("genotype", OneHot()), ("graph", GraphFeatures(subset_size=1)), ("paths", Path(length=2))])


def test_columns_are_those_of_the_parts_in_order(union, architectures):
    X = union.fit_transform(architectures)
    parts = [encoder.transform(architectures) for _, encoder in union.transformer_list]
    np.testing.assert_array_equal(X, np.concatenate(parts, axis=1))
    assert X.dtype == np.float32


def test_names_say_which_part_they_are_of(union, architectures):
    names = union.fit(architectures).get_feature_names_out().tolist()
    assert len(set(names)) == len(names) == union.transform(architectures).shape[1]
    assert names[0] == "genotype__0=0"
    assert "graph__count[gat]" in names
    X = union.transform(SPACE.parse("|gat~0|gat~0|gin~0|gcn~0|"))
    assert X[0, names.index("graph__count[gat]")] == 2


def test_in_a_pipeline(union, architectures):
    pipeline = make_pipeline(union, StandardScaler(), Ridge())
    y = (architectures.graphs().ops == SPACE.labels.index("gat")).sum(axis=1).astype(float)
    names = pipeline[:-1].fit(architectures).get_feature_names_out()
    assert "graph__count[gat]" in names
    assert cross_val_score(pipeline, architectures, y, cv=3, scoring="r2").min() > 0.8


def test_parts_can_be_set_and_weighted(union, architectures):
    pipeline = make_pipeline(union)
    before = pipeline.fit_transform(architectures)
    changed = pipeline.set_params(featureunion__graph__subset_size=2).fit_transform(architectures)
    assert changed.shape[1] > before.shape[1]
    union.set_params(graph__subset_size=1, transformer_weights={"genotype": 2.0})
    np.testing.assert_array_equal(union.fit_transform(architectures)[:, :9], 2 * before[:, :9])


def test_as_a_data_frame(union, architectures):
    frame = union.set_output(transform="pandas").fit_transform(architectures)
    assert frame.columns.tolist() == union.get_feature_names_out().tolist()
    assert len(frame) == 60
