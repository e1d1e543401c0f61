import json
from contextlib import suppress
from functools import cache

import numpy as np
import pytest
from safetensors import safe_open
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import FeatureUnion

import augury
from augury.encoders import OneHot
from augury.predictors import Predictor
from augury.predictors.saving import read_state, write_state
from augury.spaces import DataError, InputError

from .components import PREDICTORS, SPACES

SPACE = SPACES["nas-bench-graph"]


@cache
def examples():
    """150 architectures; the fewer ``fc`` and the more ``gcn``, the better."""
    architectures = SPACE.sample(150, np.random.default_rng(0))
    ops = architectures.genotypes[:, 1:]
    y = 70.0 + (ops == 1).sum(axis=1) - 2.0 * (ops == 7).sum(axis=1) + 0.01 * np.arange(150)
    return architectures, y


@pytest.fixture
def data():
    return examples()


def make(name, **changes):
    return augury.predictors.make(name, **(PREDICTORS[name][0] | changes))


@cache
def fitted(name):
    """Fitted to the first fifty; only to be asked."""
    architectures, y = examples()
    return make(name).fit(architectures[:50], y[:50])


def test_every_predictor_is_listed():
    aliases = {"auto"}
    assert set(PREDICTORS) == set(augury.predictors.available()) - aliases
    for alias in aliases:
        assert isinstance(augury.predictors.make(alias), Predictor)


@pytest.mark.parametrize("name", PREDICTORS)
class TestPredictor:
    def test_shapes_types_and_same_seed_same_bytes(self, name, data):
        architectures, y = data
        mean, std = fitted(name).predict(architectures, return_std=True)
        assert mean.shape == std.shape == (150,)
        assert mean.dtype == std.dtype == np.float64
        assert (std > 0).all()
        again = make(name).fit(architectures[:50], y[:50])
        np.testing.assert_array_equal(np.stack([mean, std]), np.stack(again.predict(architectures, return_std=True)))
        np.testing.assert_array_equal(again.predict(architectures), mean)

    def test_predictions_do_not_depend_on_their_company(self, name, data):
        architectures, _ = data
        predictor = fitted(name)
        whole = predictor.predict(architectures)
        order = np.random.default_rng(1).permutation(150)
        np.testing.assert_allclose(predictor.predict(architectures[order]), whole[order], rtol=1e-5)
        np.testing.assert_allclose(predictor.predict(architectures[:1]), whole[:1], rtol=1e-5)
        assert predictor.predict(architectures[:0]).shape == (0,)

    def test_equivalent_architectures_get_equal_predictions(self, name, data):
        architectures, _ = data
        predictor = fitted(name)
        expected = predictor.predict(architectures.canonical())
        np.testing.assert_allclose(predictor.predict(architectures), expected, rtol=1e-6)

    def test_learns(self, name, data):
        architectures, y = data
        predictor = make(name).fit(architectures[:100], y[:100])
        assert predictor.score(architectures[100:], y[100:]) > 0.2  # R², 0 for the mean

    def test_units_come_back(self, name, data):
        architectures, y = data
        usual = fitted(name).predict(architectures)
        scaled = make(name).fit(architectures[:50], 1e-4 * y[:50] - 3).predict(architectures)
        np.testing.assert_allclose(scaled, 1e-4 * usual - 3, rtol=1e-5, atol=1e-8)

    @pytest.mark.parametrize("n", [1, 2, 5])
    def test_few_and_constant_values_survive(self, name, data, n):
        architectures, y = data
        for values in (y[:n], np.full(n, 5.0)):
            mean, std = make(name).fit(architectures[:n], values).predict(architectures, return_std=True)
            assert np.isfinite(mean).all()
            assert np.isfinite(std).all()
        np.testing.assert_allclose(mean, 5.0, atol=0.5)

    @pytest.mark.parametrize("target", ["normal-scores", "standard"])
    def test_where_nothing_tells_a_spread_it_is_about_one(self, name, data, target, tmp_path):
        architectures, _ = data
        for values in ([70.0], [70.0] * 5):
            predictor = make(name, target=target).fit(architectures[: len(values)], values)
            predictor.save(tmp_path / "saved")
            for one in (predictor, augury.predictors.load(tmp_path / "saved")):
                _, std = one.predict(architectures, return_std=True)
                assert ((std > 0.2) & (std < 5)).all()

    @pytest.mark.slow
    def test_each_argument_changes_something(self, name, data):
        architectures, y = data

        def answers(**changes):
            return np.stack(
                make(name, **changes).fit(architectures[:50], y[:50]).predict(architectures, return_std=True)
            )

        usual = np.stack(fitted(name).predict(architectures, return_std=True))
        changes = PREDICTORS[name][1]
        assert set(changes) == set(make(name).get_params())
        for argument, value in changes.items():
            assert not np.array_equal(answers(**{argument: value}), usual), argument

    @pytest.mark.parametrize("space", SPACES)
    def test_save_and_load_are_exact(self, name, space, tmp_path):
        architectures = SPACES[space].sample(40, np.random.default_rng(0))
        y = architectures.genotypes.sum(axis=1).astype(float)
        predictor = make(name).fit(architectures[:20], y[:20], sample_weight=1.0 + np.arange(20) % 2)
        predictor.save(tmp_path / "saved")
        loaded = augury.predictors.load(tmp_path / "saved")
        assert type(loaded) is type(predictor)
        assert json.dumps(loaded.get_params()) == json.dumps(predictor.get_params())  # where a tuple is a list
        expected = np.stack(predictor.predict(architectures, return_std=True))
        np.testing.assert_array_equal(np.stack(loaded.predict(architectures, return_std=True)), expected)

    def test_a_damaged_file_is_refused(self, name, data, tmp_path):
        architectures, y = data
        make(name).fit(architectures[:20], y[:20]).save(tmp_path / "saved")
        whole = (tmp_path / "saved").read_bytes()
        damages = [whole[: len(whole) // 2], b"", b"\x80\x04}q\x00.", whole.replace(b'"type', b'"tipe')]
        header, arrays = read_state(tmp_path / "saved")
        for part in ("parameters", "space"):
            for wrong in (None, 3, "os.system", [1]):
                write_state(tmp_path / "damaged", {**header, part: wrong}, arrays)
                damages.append((tmp_path / "damaged").read_bytes())
        for damage in damages:
            (tmp_path / "damaged").write_bytes(damage)
            with pytest.raises(DataError, match=r"save it again|not one of"):
                augury.predictors.load(tmp_path / "damaged")
        with pytest.raises(DataError, match="There is no file"):
            augury.predictors.load(tmp_path / "missing")
        with safe_open(tmp_path / "saved", framework="numpy") as file:  # data alone: no object in it
            assert all(file.get_tensor(key).dtype != object for key in file.keys())  # noqa: SIM118

    def test_what_cannot_have_been_learned_is_refused(self, name, data, tmp_path):
        architectures, y = data
        make(name).fit(architectures[:20], y[:20]).save(tmp_path / "saved")
        header, arrays = read_state(tmp_path / "saved")
        values = next(part for part in arrays if part.endswith("target.values"))
        for part, wrong in (*((part, array[:0]) for part, array in arrays.items()), (values, arrays[values] * np.nan)):
            write_state(tmp_path / "damaged", header, {**arrays, part: wrong})
            with suppress(DataError):  # or it is never looked at
                loaded = augury.predictors.load(tmp_path / "damaged")
                assert np.isfinite(loaded.predict(architectures, return_std=True)).all()

    def test_weights_count(self, name, data):
        architectures, y = data
        architectures, y = architectures[:30], y[:30]

        def answers(weights, some=slice(None)):
            return np.stack(make(name).fit(architectures[some], y[some], weights).predict(architectures, True))

        usual = answers(None)
        np.testing.assert_array_equal(answers(np.full(30, 7.0)), usual)
        odd = 1.0 + 3.0 * (np.arange(30) % 2)
        weighted = answers(odd)
        assert not np.allclose(weighted, usual)
        np.testing.assert_allclose(answers(100.0 * odd), weighted, rtol=1e-5)  # proportions alone count
        half = (np.arange(30) < 15).astype(float)
        np.testing.assert_array_equal(answers(half), answers(None, slice(0, 15)))  # weight 0 is left out

    @pytest.mark.parametrize(
        ("weights", "match"),
        [
            (np.ones(2), "shape"),
            ([1.0, -1.0, 1.0], "row 1"),
            ([1.0, 1.0, np.nan], "row 2"),
            ([0.0, 0.0, 0.0], "0 in every row"),
            (["a", "b", "c"], "one number an architecture"),
        ],
    )
    def test_bad_weights_are_refused(self, name, data, weights, match):
        architectures, y = data
        with pytest.raises(InputError, match=match):
            make(name).fit(architectures[:3], y[:3], sample_weight=weights)

    def test_bad_input_is_refused(self, name, data):
        architectures, y = data
        with pytest.raises(InputError, match="row 1"):
            make(name).fit(architectures[:3], [1.0, np.nan, 2.0])
        with pytest.raises(InputError, match="one value an architecture"):
            make(name).fit(architectures[:3], y[:2])
        with pytest.raises(InputError, match="one value an architecture"):
            make(name).fit(architectures[:0], [])
        with pytest.raises(InputError, match=r"in row 1, of which no variance can be told; leave such rows out"):
            make(name).fit(architectures[:3], [1.0, np.finfo(float).min, 2.0])
        with pytest.raises(InputError, match="array of numbers"):
            make(name).fit(architectures[:2], ["good", "bad"])
        with pytest.raises(InputError, match="not ndarray"):
            make(name).fit(architectures.genotypes, y)
        with pytest.raises(NotFittedError):
            make(name).predict(architectures)
        with pytest.raises(InputError, match="was fitted on"):
            make(name).fit(architectures[:9], y[:9]).predict(SPACES["choice"].sample(1, np.random.default_rng(0)))

    @pytest.mark.parametrize("encoders", ["one-hot", OneHot(), FeatureUnion([("one", OneHot())]), 3], ids=str)
    def test_one_encoder_is_no_tuple_of_them(self, name, data, encoders):
        if "encoders" not in make(name).get_params(deep=False):
            pytest.skip("takes no encoders")
        architectures, y = data
        with pytest.raises(InputError, match=r"encoders is a tuple, even of one, such as \((Feat|One|'one-hot',)"):
            make(name, encoders=encoders).fit(architectures[:9], y[:9])

    def test_no_encoder_is_told_by_those_who_need_one(self, name, data, tmp_path):
        if "encoders" not in make(name).get_params(deep=False):
            pytest.skip("takes no encoders")
        architectures, y = data
        if name in ("bayesian-ridge", "gaussian-process", "mlp-ensemble"):
            with pytest.raises(InputError, match=r"encoders=\(\) .*; name (one|an encoder)"):
                make(name, encoders=()).fit(architectures[:9], y[:9])
        else:
            make(name, encoders=()).fit(architectures[:9], y[:9]).save(tmp_path / "saved")

    def test_scikit_learn_takes_it(self, name, data):
        architectures, y = data
        assert clone(make(name)).get_params() == make(name).get_params()
        scores = cross_val_score(make(name), architectures[:20], y[:20], cv=2)
        assert scores.shape == (2,)
        grid = {"target": ["standard", "normal-scores"]}
        search = GridSearchCV(make(name), grid, cv=2, error_score="raise")
        search.fit(architectures[:20], y[:20], sample_weight=1.0 + np.arange(20) % 3)
        assert search.best_estimator_.predict(architectures[:3]).shape == (3,)
