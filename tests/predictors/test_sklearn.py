"""What scikit-learn offers works on Architectures, with no array in between."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, KFold, cross_val_predict, cross_val_score, learning_curve
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline, make_union
from sklearn.preprocessing import StandardScaler

import augury
from augury.encoders import GraphFeatures, OneHot, Path
from augury.evaluation import kendall_tau
from augury.predictors import BayesianRidge, RandomForest
from augury.spaces import InputError, NASBenchGraphSpace


@pytest.fixture(scope="module")
def data():
    architectures = NASBenchGraphSpace().sample(120, np.random.default_rng(0))
    ops = architectures.canonical().genotypes[:, 1:]
    return architectures, (ops == 1).sum(axis=1) - 2.0 * (ops == 7).sum(axis=1)


def test_cross_validation(data):
    architectures, y = data
    scores = cross_val_score(BayesianRidge(), architectures, y, cv=KFold(4, shuffle=True, random_state=0))
    assert scores.shape == (4,)
    assert scores.min() > 0.5


def test_cross_validated_predictions_are_those_of_each_fold(data):
    architectures, y = data
    folds = KFold(3)
    mean = cross_val_predict(BayesianRidge(), architectures, y, cv=folds)
    for train, test in folds.split(architectures):
        expected = BayesianRidge().fit(architectures[train], y[train]).predict(architectures[test])
        np.testing.assert_allclose(mean[test], expected, rtol=1e-9)


def test_a_score_of_one_s_own(data):
    architectures, y = data

    def tau(predictor, some, values):
        return kendall_tau(values, predictor.predict(some))

    assert cross_val_score(BayesianRidge(), architectures, y, cv=3, scoring=tau).min() > 0.5


def test_a_grid_search_finds_the_better_encoder(data):
    architectures, y = data
    noise = np.random.default_rng(1).normal(size=len(y))
    grid = {"min_samples_leaf": [1, 100], "target": ["standard", "normal-scores"]}
    search = GridSearchCV(RandomForest(trees=10), grid, cv=3, error_score="raise").fit(architectures, y + 0.1 * noise)
    assert search.best_params_["min_samples_leaf"] == 1  # a leaf of 100 tells nobody apart
    assert search.predict(architectures[:5]).shape == (5,)


def test_learning_curves(data):
    architectures, y = data
    sizes, _, held_out = learning_curve(BayesianRidge(), architectures, y, cv=3, train_sizes=[5, 60])
    assert sizes.tolist() == [5, 60]
    assert held_out[1].mean() > held_out[0].mean()


@pytest.mark.parametrize("name", augury.predictors.available())
def test_a_clone_goes_its_own_way(name):
    original = augury.predictors.make(name)
    clone(original).set_params(target="standard")
    assert original.target == "normal-scores"


def test_a_clone_has_learned_nothing(data):
    assert not hasattr(clone(BayesianRidge().fit(*data)), "space_")


def test_an_encoder_before_a_regressor_of_theirs(data):
    architectures, y = data
    pipeline = Pipeline([("encode", OneHot()), ("scale", StandardScaler()), ("regress", Ridge())])
    mean = pipeline.fit(architectures[:80], y[:80]).predict(architectures[80:])
    X = OneHot().fit_transform(architectures)
    scaler = StandardScaler().fit(X[:80])
    expected = Ridge().fit(scaler.transform(X[:80]), y[:80]).predict(scaler.transform(X[80:]))
    np.testing.assert_allclose(mean, expected, rtol=1e-5, atol=1e-6)
    assert pipeline[:-1].get_feature_names_out()[-1] == "node 4 is skip"


def test_encoders_side_by_side(data):
    architectures, y = data
    union = FeatureUnion([("features", GraphFeatures()), ("paths", Path(length=2)), ("genotype", OneHot())])
    pipeline = make_pipeline(union, RandomForestRegressor(20, random_state=0))
    assert cross_val_score(pipeline, architectures, y, cv=3).min() > 0.3
    X = union.fit_transform(architectures)
    parts = [encoder.fit_transform(architectures) for encoder in (GraphFeatures(), Path(length=2), OneHot())]
    np.testing.assert_array_equal(X, np.concatenate(parts, axis=1))
    names = union.get_feature_names_out()
    assert len(names) == X.shape[1]
    assert "features__number of gcn" in names


def test_a_grid_over_an_encoder_s_arguments(data):
    architectures, y = data
    pipeline = Pipeline([("encode", GraphFeatures()), ("regress", Ridge())])
    grid = {"encode__subset_size": [1, 2], "encode__canonical": [True, False], "regress__alpha": [0.1, 10.0]}
    search = GridSearchCV(pipeline, grid, cv=2, error_score="raise").fit(architectures, y)
    assert set(search.best_params_) == set(grid)
    other = GridSearchCV(
        Pipeline([("encode", OneHot()), ("regress", Ridge())]),
        {"encode": [OneHot(), GraphFeatures(), make_union(OneHot(), GraphFeatures())]},
        cv=2,
        error_score="raise",
    )
    assert other.fit(architectures, y).predict(architectures).shape == (120,)


def test_an_array_instead_of_architectures_is_refused(data):
    architectures, y = data
    with pytest.raises(InputError, match="takes Architectures"):
        make_pipeline(OneHot(), Ridge()).fit(architectures.genotypes, y)
