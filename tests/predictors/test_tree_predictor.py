import numpy as np
import pytest
from sklearn.ensemble import RandomForestRegressor
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import FeatureUnion

import augury
from augury.encoders import GraphFeatures, OneHot, fitted
from augury.predictors import RandomForest, XGBoost
from augury.spaces import ChoiceSpace, InputError, NASBench201Space, NASBenchGraphSpace

SPACE = NASBenchGraphSpace()
SMALL = {"random-forest": {"trees": 20}, "xgboost": {"members": 2, "rounds": 10}}


@pytest.mark.parametrize("name", SMALL)
class TestTreePredictor:
    def test_what_counts_comes_first(self, name):
        architectures = SPACE.sample(200, np.random.default_rng(0))
        y = (architectures.canonical().genotypes[:, 1:] == 7).sum(axis=1)
        importances = augury.predictors.make(name, **SMALL[name]).fit(architectures, y).feature_importances()
        assert all("fc" in feature for feature in list(importances)[:3])
        shares = list(importances.values())
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) == pytest.approx(1)
        assert min(shares) > 0

    def test_a_single_cause_has_all_of_it(self, name):
        others = {f"other{i}": ("a", "b") for i in range(5)}
        architectures = ChoiceSpace({"first": ("a", "b")} | others).enumerate()
        y = architectures.genotypes[:, 0] * 5.0
        all_features = {"random-forest": {"max_features": 1.0}, "xgboost": {"column_share": 1.0}}[name]
        predictor = augury.predictors.make(name, encoder="one-hot", **SMALL[name], **all_features)
        importances = predictor.fit(architectures, y).feature_importances()
        # up to what rounding leaves to split
        assert importances.get("first is a", 0) + importances.get("first is b", 0) == pytest.approx(1, abs=1e-6)

    def test_encoders_side_by_side_are_told_apart(self, name):
        architectures = SPACE.sample(200, np.random.default_rng(0))
        y = (architectures.canonical().genotypes[:, 1:] == 7).sum(axis=1)
        union = FeatureUnion([("graph", GraphFeatures()), ("genotype", OneHot())])
        fitted_predictor = augury.predictors.make(name, encoder=union, **SMALL[name]).fit(architectures, y)
        importances = fitted_predictor.feature_importances()
        assert {feature.partition("__")[0] for feature in importances} == {"graph", "genotype"}
        assert sum(importances.values()) == pytest.approx(1)
        assert "fc" in next(iter(importances))

    def test_features_that_are_the_same_are_one(self, name):
        architectures = NASBench201Space().sample(100, np.random.default_rng(0))
        one, same = (f"number of {names} right after the input" for names in ("nor_conv_3x3", "none, nor_conv_3x3"))
        encoder = GraphFeatures().fit(architectures)
        y = encoder.transform(architectures)[:, encoder.feature_names_.index(one)]
        predictor = augury.predictors.make(name, **SMALL[name]).fit(architectures, y)
        importances = predictor.feature_importances()
        assert sum(importances.values()) == pytest.approx(1)
        assert not any("none" in feature for feature in importances)  # no node of a cell is none
        gains = dict(zip(predictor._encoder.get_feature_names_out(), predictor._gains(), strict=True))
        assert min(gains[one], gains[same]) > 0
        assert importances[one] == pytest.approx((gains[one] + gains[same]) / sum(gains.values()))
        union = FeatureUnion([("graph", GraphFeatures()), ("genotype", OneHot())])
        importances = augury.predictors.make(name, encoder=union, **SMALL[name]).fit(architectures, y)
        named = importances.feature_importances()
        assert sum(named.values()) == pytest.approx(1)
        assert not any("none" in feature for feature in named if feature.startswith("graph__"))

    def test_they_survive_saving(self, name, tmp_path):
        architectures = SPACE.sample(40, np.random.default_rng(0))
        predictor = augury.predictors.make(name, **SMALL[name]).fit(architectures, np.arange(40))
        predictor.save(tmp_path / "saved")
        assert augury.predictors.load(tmp_path / "saved").feature_importances() == predictor.feature_importances()

    def test_nothing_learned_nothing_counts(self, name):
        architectures = SPACE.sample(5, np.random.default_rng(0))
        assert augury.predictors.make(name, **SMALL[name]).fit(architectures, np.ones(5)).feature_importances() == {}
        with pytest.raises(NotFittedError):
            augury.predictors.make(name).feature_importances()


def test_the_forest_s_are_scikit_learn_s():
    architectures = SPACE.sample(60, np.random.default_rng(0))
    y = np.random.default_rng(1).normal(size=60)
    ours = RandomForest(trees=10, target="standard", seed=3).fit(architectures, y).feature_importances()
    encoder = fitted("graph-features", SPACE)
    forest = RandomForestRegressor(10, max_features=0.33, random_state=3)
    forest.fit(encoder.transform(architectures), (y - y.mean()) / y.std())
    theirs = dict(zip(encoder.get_feature_names_out(), forest.feature_importances_, strict=True))
    assert ours == pytest.approx({name: share for name, share in theirs.items() if share > 0})


def test_the_mean_is_that_of_the_boosters_and_a_single_one_knows_nothing_of_its_error():
    architectures = SPACE.sample(60, np.random.default_rng(0))
    y = architectures.genotypes[:, 1] + np.random.default_rng(1).normal(size=60)
    X = fitted("graph-features", SPACE).transform(architectures)
    for members in (1, 3):
        predictor = XGBoost(members=members, rounds=5, target="standard").fit(architectures[:40], y[:40])
        answers = [booster.inplace_predict(X) for booster in predictor._boosters]
        mean = predictor.predict(architectures)
        np.testing.assert_allclose(mean, y[:40].mean() + y[:40].std() * np.mean(answers, axis=0), rtol=1e-6)
    np.testing.assert_allclose(
        XGBoost(members=1, target="standard").fit(architectures, y).predict(architectures, True)[1], y.std()
    )


def test_boosters_share_by_their_gain():
    architectures = SPACE.sample(60, np.random.default_rng(0))
    y = architectures.genotypes[:, 1].astype(float)
    predictor = XGBoost(members=2, rounds=5).fit(architectures, y)
    tables = [booster.trees_to_dataframe() for booster in predictor._boosters]
    names = fitted("graph-features", SPACE).feature_names_
    gains: dict[str, float] = {}
    for table in tables:
        for feature, gain in table[table.Feature != "Leaf"][["Feature", "Gain"]].itertuples(index=False):
            name = names[int(feature[1:])]
            gains[name] = gains.get(name, 0.0) + gain
    total = sum(gains.values())
    found = predictor.feature_importances()
    expected = {name: gain / total for name, gain in gains.items() if gain > 0}
    assert found == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("name", "argument"),
    [("random-forest", "max_features"), ("extra-trees", "max_features"), ("xgboost", "column_share")],
)
@pytest.mark.parametrize("value", ["foo", 7.5, 0, True])
def test_what_is_no_share_is_told(name, argument, value):
    architectures = NASBench201Space().sample(9, np.random.default_rng(0))
    with pytest.raises(InputError, match=f"{argument} is a share, .* got {argument}={value!r}"):
        augury.predictors.make(name, **{argument: value}).fit(architectures, np.arange(9.0))


@pytest.mark.parametrize("name", ["random-forest", "extra-trees"])
def test_a_share_of_1_is_all_features(name):
    architectures = NASBench201Space().sample(30, np.random.default_rng(0))
    one, whole = (
        augury.predictors.make(name, trees=5, max_features=share).fit(architectures, np.arange(30.0))
        for share in (1, 1.0)
    )
    np.testing.assert_array_equal(one.predict(architectures), whole.predict(architectures))


@pytest.mark.parametrize("name", ["random-forest", "extra-trees"])
def test_a_root_or_a_logarithm_of_the_features_is_a_share_too(name):
    architectures = NASBench201Space().sample(30, np.random.default_rng(0))
    few, more = (
        augury.predictors.make(name, trees=5, max_features=share, encoder="one-hot").fit(architectures, np.arange(30.0))
        for share in ("log2", 4 / 30)  # log₂ of 30 is 4.9, of which 4 are looked at
    )
    np.testing.assert_array_equal(few.predict(architectures), more.predict(architectures))
