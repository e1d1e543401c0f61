"""Predictors that are given an encoder itself instead of its name."""

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import FeatureUnion

import augury
from augury.encoders import Encoder, GraphFeatures, LiveProxies, OneHot, ProxyTable, proxies
from augury.predictors import GaussianProcess, RandomForest, XGBoost
from augury.spaces import ChoiceSpace, InputError

SPACE = ChoiceSpace({f"layer{i}": ("conv", "pool", "skip") for i in range(3)})
ARCHITECTURES = SPACE.enumerate()
Y = np.random.default_rng(0).normal(size=27)  # which no structure tells
TABLE = ProxyTable(
    architectures=ARCHITECTURES, columns={"array": Y + 1.0, "half": np.where(np.arange(27) % 2, Y, np.nan)}
)
BOTH = FeatureUnion([("graph", OneHot()), ("table", TABLE)])


def predictors(encoder):
    return [
        RandomForest(trees=20, encoder=encoder),
        XGBoost(members=2, rounds=20, encoder=encoder),
        GaussianProcess(encoders=("one-hot", encoder)),
    ]


@pytest.mark.parametrize("encoder", [TABLE, BOTH, GraphFeatures(subset_size=1, canonical=False)], ids=repr)
@pytest.mark.parametrize("kind", [0, 1, 2])
def test_save_and_load_are_exact(encoder, kind, tmp_path):
    predictor = predictors(encoder)[kind].fit(ARCHITECTURES[:20], Y[:20])
    predictor.save(tmp_path / "saved")
    loaded = augury.predictors.load(tmp_path / "saved")
    expected = np.stack(predictor.predict(ARCHITECTURES, return_std=True))
    np.testing.assert_array_equal(np.stack(loaded.predict(ARCHITECTURES, return_std=True)), expected)
    copied = clone(predictor).fit(ARCHITECTURES[:20], Y[:20])
    np.testing.assert_array_equal(np.stack(copied.predict(ARCHITECTURES, return_std=True)), expected)


@pytest.mark.parametrize("kind", [0, 1, 2])
def test_a_table_that_knows_helps(kind):
    with_table = predictors(TABLE)[kind].fit(ARCHITECTURES[:14], Y[:14]).score(ARCHITECTURES[14:], Y[14:])
    without = predictors("one-hot")[kind].fit(ARCHITECTURES[:14], Y[:14]).score(ARCHITECTURES[14:], Y[14:])
    assert with_table > max(without, 0.3)


def test_the_encoder_can_be_searched_over():
    grid = {"encoder": ["one-hot", TABLE], "trees": [10]}
    found = GridSearchCV(RandomForest(), grid, cv=3, error_score="raise").fit(ARCHITECTURES, Y)
    assert isinstance(found.best_params_["encoder"], ProxyTable)
    nested = RandomForest(encoder=OneHot()).set_params(encoder__canonical=False)
    assert not nested.encoder.canonical


def test_what_is_not_data_is_not_saved(tmp_path):
    batch = proxies.Batch((torch.ones(2, 4),), torch.tensor([0, 1]))
    live = LiveProxies(build=lambda architecture: torch.nn.Linear(4, 2), batch=batch, names=["parameters"])

    class Own(Encoder):
        def _feature_names(self, space):
            return ["one"]

        def _encode(self, architectures):
            return np.ones((len(architectures), 1), dtype=np.float32)

    for encoder in (live, FeatureUnion([("live", live)]), Own()):
        predictor = RandomForest(trees=2, encoder=encoder).fit(ARCHITECTURES[:3], Y[:3])
        with pytest.raises(InputError, match="cannot be saved"):
            predictor.save(tmp_path / "saved")
    predictor = RandomForest(trees=2).fit(ARCHITECTURES[:3], Y[:3])
    with pytest.raises(InputError, match="not data"):
        predictor.set_params(seed=print).save(tmp_path / "saved")
    assert not (tmp_path / "saved").exists()


@pytest.mark.parametrize("kind", [0, 1, 2])
def test_names_need_not_be_sorted(kind, tmp_path):
    space = ChoiceSpace({"width": (8, 16, 32), "operation": ("conv", "pool", "skip"), "depth": (1, 2)})
    rows = space.enumerate()
    y = rows.genotypes @ np.array([9.0, 1.0, -3.0])
    table = ProxyTable(architectures=rows, columns={"z": y**3, "m": np.cos(y), "a": -rows.genotypes[:, 2] - 0.1 * y})
    predictor = predictors(table)[kind].fit(rows[:12], y[:12])
    predictor.save(tmp_path / "saved")
    loaded = augury.predictors.load(tmp_path / "saved")
    assert loaded.space_ == space
    np.testing.assert_array_equal(
        np.stack(loaded.predict(rows, return_std=True)), np.stack(predictor.predict(rows, return_std=True))
    )
    texts = space.parse(["width=32, operation=conv, depth=1", "width=8, operation=skip, depth=2"])
    np.testing.assert_array_equal(loaded.predict(texts), predictor.predict(texts))
    turned = ChoiceSpace(dict(reversed(space.decisions.items())))
    with pytest.raises(InputError, match="same decisions in another order"):
        predictor.predict(turned.enumerate())
