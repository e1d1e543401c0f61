from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.frozen import FrozenEstimator
from sklearn.model_selection import GridSearchCV

import augury
from augury.data import Metric, Task
from augury.meta import WarmPredictor, make
from augury.predictors.saving import read_state, write_state
from augury.spaces import ChoiceSpace, DataError, InputError

SPACE = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)})
ALL = SPACE.enumerate()
Y = ALL.genotypes.sum(axis=1).astype(float)
FEW, VALUES = ALL[::9], 70 - Y[::9]


@pytest.fixture(scope="module")
def learner():
    task = Task("source", ALL, {"m": Metric(Y, "maximize")}, objective="m")
    return make("transfer-gp", epochs=5).fit([task])


@pytest.fixture
def warm(learner):
    return WarmPredictor(learner=learner).fit(FEW, VALUES)


def answers(predictor):
    return np.stack(predictor.predict(ALL, return_std=True))


def test_weights_are_kept_in_the_file(learner, tmp_path):
    weights = np.arange(len(FEW)) + 1.0
    warm = WarmPredictor(learner=learner).fit(FEW, VALUES, weights)
    np.testing.assert_array_equal(answers(warm), answers(learner.adapt(FEW, VALUES, weights)))
    assert not np.array_equal(answers(warm), answers(learner.adapt(FEW, VALUES)))
    warm.save(tmp_path / "warm")
    np.testing.assert_array_equal(answers(WarmPredictor.load(tmp_path / "warm")), answers(warm))


def test_later_changes_of_the_values_do_not_reach_the_file(learner, tmp_path):
    values = VALUES.copy()
    warm = WarmPredictor(learner=learner).fit(FEW, values)
    expected = answers(warm)
    values[:] = 0
    warm.save(tmp_path / "warm")
    np.testing.assert_array_equal(answers(WarmPredictor.load(tmp_path / "warm")), expected)


def test_a_clone_shares_the_sources_and_knows_no_evaluation(learner, warm):
    other = clone(warm)
    assert other.learner is learner
    with pytest.raises(NotFittedError):
        other.predict(ALL)
    with pytest.raises(NotFittedError):
        other.save("unfitted.safetensors")
    np.testing.assert_array_equal(answers(other.fit(FEW, VALUES)), answers(warm))
    assert answers(other.fit(FEW[:3], VALUES[:3])).tolist() != answers(warm).tolist()


def test_scikit_learn_chooses_among_learners_that_it_must_not_make_forget(learner, tmp_path):
    opposite = Task("opposite", ALL, {"m": Metric(-Y, "maximize")}, objective="m")
    right = make("portfolio").fit([opposite])
    frozen = [FrozenEstimator(one) for one in (make("portfolio").fit([opposite.select(range(3))]), right)]
    search = GridSearchCV(WarmPredictor(learner=learner), {"learner": frozen}, cv=3).fit(FEW, VALUES)
    assert search.best_index_ == 1
    best = search.best_estimator_
    np.testing.assert_array_equal(answers(best), answers(right.adapt(FEW, VALUES)))
    best.save(tmp_path / "best")
    np.testing.assert_array_equal(answers(WarmPredictor.load(tmp_path / "best")), answers(best))
    assert not best.takes_weights


def test_each_kind_of_file_says_what_loads_it(learner, warm, tmp_path):
    warm.save(tmp_path / "warm")
    assert augury.meta.load(tmp_path / "warm").sources_.names == ("source",)  # the meta-learner alone
    with pytest.raises(
        DataError, match=r"a saved warm predictor, not a predictor; .*augury\.meta\.WarmPredictor\.load"
    ):
        augury.predictors.load(tmp_path / "warm")
    learner.save(tmp_path / "learner")
    with pytest.raises(DataError, match=r"a saved meta-learner, not a warm predictor; .*augury\.meta\.load\(path\)"):
        WarmPredictor.load(tmp_path / "learner")
    augury.predictors.make("bayesian-ridge").fit(FEW, VALUES).save(tmp_path / "ridge")
    with pytest.raises(DataError, match=r"a saved predictor, not a warm predictor; .*augury\.predictors\.load"):
        WarmPredictor.load(tmp_path / "ridge")
    with pytest.raises(DataError, match="no file"):
        WarmPredictor.load(tmp_path / "nothing")


@pytest.mark.parametrize("change", ["none", "short", "other", "nan", "text", "space"])
def test_a_file_that_does_not_go_together_is_refused(warm, tmp_path, change):
    warm.save(tmp_path / "warm")
    header, arrays = read_state(tmp_path / "warm")
    values, genotypes = arrays["evaluations.values"], arrays["evaluations.genotypes"]
    if change == "none":
        del arrays["evaluations.values"]
    elif change == "short":
        arrays["evaluations.values"] = values[1:].copy()
    elif change == "other":
        arrays["evaluations.genotypes"] = genotypes + 5
    elif change == "nan":
        arrays["evaluations.values"] = values * np.nan
    elif change == "text":
        header["warm predictor"] = "text"
    else:
        header["warm predictor"]["space"]["arguments"] = {"decisions": {"layer": ["a", "b"]}}
    write_state(tmp_path / "warm", header, arrays)
    with pytest.raises(DataError, match="not a saved predictor"):
        WarmPredictor.load(tmp_path / "warm")


def test_only_a_fitted_meta_learner_is_taken(learner):
    for given in ("transfer-gp", type(learner), augury.predictors.make("auto")):
        with pytest.raises(InputError, match="learner= takes a fitted meta-learner"):
            WarmPredictor(learner=given).fit(FEW, VALUES)
    with pytest.raises(NotFittedError):
        WarmPredictor(learner=make("transfer-gp")).fit(FEW, VALUES)
