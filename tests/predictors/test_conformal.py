import math

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import FeatureUnion

import augury
from augury.encoders import OneHot, ProxyTable
from augury.predictors import ConformalPredictor, GaussianProcess, Predictor, conformal_quantile
from augury.predictors.conformal import _folds
from augury.spaces import ChoiceSpace, InputError, NASBenchGraphSpace

SPACE = NASBenchGraphSpace()


@pytest.fixture(scope="module")
def data():
    """Values whose noise grows with the number of ``gat``, and is far from normal."""
    rng = np.random.default_rng(0)
    architectures = SPACE.sample(800, rng)
    ops = architectures.genotypes[:, 1:]
    y = (ops == 1).sum(axis=1) + (0.3 + (ops == 0).sum(axis=1)) * (rng.exponential(size=800) - 1)
    return architectures, y


class Overconfident(Predictor):
    """Says the training mean, and that it is nearly sure."""

    def _fit(self, architectures, z):
        self._mean = z.mean()

    def _predict(self, architectures):
        return np.full(len(architectures), self._mean), np.full(len(architectures), 0.01)

    def _state(self):
        return {"mean": np.asarray([self._mean])}

    def _restore(self, arrays):
        self._mean = arrays["mean"][0]


@pytest.fixture
def overconfident():
    class Inside(ConformalPredictor):
        def _new_predictor(self):
            return Overconfident(target=self.target)

    return Inside


def test_a_quantile_by_hand():
    residuals = [5.0, 1.0, 9.0, 3.0, 7.0, 2.0, 8.0, 4.0, 6.0]
    assert conformal_quantile(residuals, 0.9) == 9.0  # the 9th of 9
    assert conformal_quantile(residuals, 0.5) == 5.0
    assert conformal_quantile(residuals, 0.51) == 6.0
    assert conformal_quantile(residuals, 0.91) == math.inf
    assert conformal_quantile([], 0.5) == math.inf


@pytest.mark.parametrize("level", [0.0, 1.0, -0.2, 90, math.nan])
def test_a_quantile_has_a_level_between_0_and_1(level):
    with pytest.raises(InputError, match=r"between 0 and 1, as 0\.9; got"):
        conformal_quantile([1.0, 2.0, 3.0], level)


def test_a_quantile_orders_infinity_and_refuses_nan():
    assert conformal_quantile([math.inf, 2.0, 1.0], 0.5) == 2.0
    with pytest.raises(InputError, match="1 of 3 are NaN"):
        conformal_quantile([1.0, math.nan, 3.0], 0.5)


def test_folds_are_equal_in_size_and_keep_equivalent_architectures_together():
    architectures = SPACE.sample(400, np.random.default_rng(0))
    fold = _folds(architectures, 5, np.random.default_rng(0))
    keys = architectures.canonical().keys()
    assert all(len(set(fold[keys == key])) == 1 for key in np.unique(keys))
    distinct = fold[architectures.distinct()]
    assert np.ptp(np.bincount(distinct)) <= 1
    few = architectures[architectures.distinct()][:3]
    assert sorted(_folds(few, 5, np.random.default_rng(0))) == [0, 1, 2]


def test_the_mean_is_that_of_the_predictor_inside(data):
    architectures, y = data
    ours = ConformalPredictor(predictor="bayesian-ridge").fit(architectures[:60], y[:60])
    theirs = augury.predictors.make("bayesian-ridge").fit(architectures[:60], y[:60])
    mean, std = ours.predict(architectures, return_std=True)
    expected, uncorrected = theirs.predict(architectures, return_std=True)
    np.testing.assert_allclose(mean, expected, rtol=1e-9)
    np.testing.assert_allclose(std / uncorrected, std[0] / uncorrected[0], rtol=1e-9)


def test_the_jackknife_plus_by_hand(overconfident):
    # leaving one of 0, 1, 2, 6, 11 out, the others' means are 5, 4.75, 4.5, 3.5, 2.25, the residuals 5, 3.75, 2.5, 2.5, 8.75
    architectures = SPACE.parse([f"|gat~0|gat~1|gat~2|{op}~3|" for op in ("gat", "gcn", "gin", "cheb", "sage")])
    predictor = overconfident(folds=5, target="standard").fit(architectures, [0.0, 1.0, 2.0, 6.0, 11.0])
    # lower ends 0, 1, 2, 1, −6.5 and upper ends 10, 8.5, 7, 6, 11; of 5 and a coverage of 2/3, the 4th
    low, high = predictor.predict_interval(architectures[:1], coverage=2 / 3)
    assert low == pytest.approx([0.0])
    assert high == pytest.approx([10.0])
    low, high = predictor.predict_interval(architectures[:1], coverage=5 / 6)
    assert low == pytest.approx([-6.5])
    assert high == pytest.approx([11.0])
    assert predictor.predict_interval(architectures[:1], coverage=0.9) == (-np.inf, np.inf)


def test_few_residuals_correct_at_the_level_they_tell_of(overconfident):
    # the same; the largest residual of five stands for the level 5/6, so that mean ± Φ⁻¹(11/12) std reaches as far
    architectures = SPACE.parse([f"|gat~0|gat~1|gat~2|{op}~3|" for op in ("gat", "gcn", "gin", "cheb", "sage")])
    y = np.asarray([0.0, 1.0, 2.0, 6.0, 11.0])
    predictor = overconfident(folds=5, target="standard").fit(architectures, y)
    _, std = predictor.predict(architectures, return_std=True)
    # each fold's deviation is a hundredth of that of its own values, the whole's of all
    spread = np.asarray([y[np.arange(5) != i].std() for i in range(5)])
    largest = max(np.asarray([5, 3.75, 2.5, 2.5, 8.75]) / spread)
    np.testing.assert_allclose(std, y.std() * largest / norm.ppf(11 / 12), rtol=1e-9)


@pytest.mark.parametrize("level", [0.5, 0.9])
def test_however_wrong_the_deviation_was_the_level_is_met(data, overconfident, level):
    architectures, y = data
    _, std = (
        overconfident(level=level, target="standard")
        .fit(architectures[:200], y[:200])
        .predict(architectures, return_std=True)
    )
    mean = overconfident(level=level, target="standard").fit(architectures[:200], y[:200]).predict(architectures)
    inside = np.abs(y - mean)[200:] <= norm.ppf(0.5 + level / 2) * std[200:]
    assert inside.mean() == pytest.approx(level, abs=0.06)


@pytest.mark.parametrize("inside", ["bayesian-ridge", "gaussian-process"])
def test_intervals_hold_what_they_promise(data, inside):
    """Over 20 training sets of 40, which spares the test one unlucky draw."""
    architectures, y = data
    promised = (0.5, 0.8, 0.95)
    shares = []
    for seed in range(20):
        order = np.random.default_rng(seed).permutation(800)
        train, test = order[:40], order[40:240]
        predictor = ConformalPredictor(predictor=inside, folds=5).fit(architectures[train], y[train])
        ends = [predictor.predict_interval(architectures[test], coverage) for coverage in promised]
        shares.append([np.mean((low <= y[test]) & (y[test] <= high)) for low, high in ends])
    held = np.mean(shares, axis=0)
    assert (held > np.asarray(promised) - 0.05).all()
    assert (held < np.asarray(promised) + 0.07).all()


def test_one_split_by_hand(data, overconfident):
    architectures, y = data
    keep = np.flatnonzero(architectures.distinct())[:20]
    architectures, y = architectures[keep], y[keep]
    predictor = overconfident(calibration_share=0.5, target="standard").fit(architectures, y)
    held = predictor._fold == 1
    assert held.sum() == 10
    # the mean is that of the others; all deviations are alike, so that they cancel, and |y − mean| alone counts
    mean = y[~held].mean()
    away = np.sort(np.abs(y[held] - mean))
    np.testing.assert_allclose(predictor.predict(architectures), mean, rtol=1e-9)
    for coverage, rank in ((0.9, 10), (0.8, 9), (0.75, 9), (0.5, 6), (0.05, 1)):  # ⌈11 coverage⌉
        assert rank == math.ceil(11 * coverage)
        low, high = predictor.predict_interval(architectures[:2], coverage)
        np.testing.assert_allclose(low, mean - away[rank - 1], rtol=1e-9)
        np.testing.assert_allclose(high, mean + away[rank - 1], rtol=1e-9)
    assert np.isinf(predictor.predict_interval(architectures[:2], 0.95)).all()  # of 11, the 11th
    # at the level 0.9, mean ± Φ⁻¹(0.95) std reaches as far as the tenth
    _, std = predictor.predict(architectures, return_std=True)
    np.testing.assert_allclose(std, away[9] / norm.ppf(0.95), rtol=1e-9)


def test_one_split_holds_just_what_its_rank_says(data, overconfident):
    # of 9 residuals the 8th, which the tenth falls below in 8 of 10 draws, whatever the distribution
    architectures, y = data
    keep = np.flatnonzero(architectures.distinct())
    rng = np.random.default_rng(0)
    inside = []
    for seed in range(300):
        rows = rng.choice(keep, size=38, replace=False)
        train, test = rows[:18], rows[18:]
        predictor = overconfident(calibration_share=0.5, target="standard", seed=seed).fit(
            architectures[train], y[train]
        )
        low, high = predictor.predict_interval(architectures[test], 0.8)
        inside.append(np.mean((low <= y[test]) & (y[test] <= high)))
    assert np.mean(inside) == pytest.approx(0.8, abs=0.03)


def test_one_split_is_one_fit(data, monkeypatch, tmp_path):
    architectures, y = data
    fits = []
    usual = augury.predictors.BayesianRidge._fit
    monkeypatch.setattr(
        augury.predictors.BayesianRidge, "_fit", lambda self, a, z: (fits.append(len(a)), usual(self, a, z))[1]
    )
    predictor = ConformalPredictor(predictor="bayesian-ridge", calibration_share=0.25, seed=3)
    predictor.fit(architectures[:80], y[:80])
    held = predictor._fold == 1
    assert fits == [80 - held.sum()]
    keys = architectures[:80].canonical().keys()
    assert not set(keys[held]) & set(keys[~held])
    assert len(set(keys[held])) == round(0.25 * len(set(keys)))
    predictor.save(tmp_path / "saved")
    loaded = augury.predictors.load(tmp_path / "saved")
    np.testing.assert_array_equal(
        loaded.predict_interval(architectures, 0.8), predictor.predict_interval(architectures, 0.8)
    )
    np.testing.assert_array_equal(loaded.predict(architectures, True), predictor.predict(architectures, True))


@pytest.mark.parametrize("n", [1, 2, 3])
def test_one_split_of_few(data, n):
    architectures, y = data
    predictor = ConformalPredictor(predictor="bayesian-ridge", calibration_share=0.9).fit(architectures[:n], y[:n])
    mean, std = predictor.predict(architectures, return_std=True)
    assert np.isfinite([mean, std]).all()
    assert len(predictor._residuals) == n - 1


def test_wider_coverage_wider_interval(data):
    architectures, y = data
    predictor = ConformalPredictor(predictor="bayesian-ridge").fit(architectures[:60], y[:60])
    narrow, wide = (np.stack(predictor.predict_interval(architectures[60:], c)) for c in (0.5, 0.95))
    assert (narrow[0] >= wide[0]).all()
    assert (narrow[1] <= wide[1]).all()
    assert (narrow[0] <= narrow[1]).all()


def test_ends_that_cross_meet_in_the_middle(data, overconfident):
    architectures = data[0][np.flatnonzero(data[0].distinct())[:4]]
    predictor = overconfident(folds=2, target="standard")
    fold = predictor.fit(architectures, np.arange(4.0))._fold
    y = np.zeros(4)
    y[fold == 0], y[fold == 1] = [1, 5], [3, -1]
    # the other fold's mean is 1 for those of the first, which are 0 and 4 off, and 3 for the second: 0 and 4, too
    low, high = predictor.fit(architectures, y).predict_interval(architectures, coverage=0.2)
    np.testing.assert_allclose([low, high], 2.0)  # of 1, -3, 3, -1 the largest is 3, of 1, 5, 3, 7 the smallest 1
    low, high = predictor.predict_interval(architectures, coverage=0.4)
    np.testing.assert_allclose(low, 1.0)
    np.testing.assert_allclose(high, 3.0)


def with_a_table():
    """A random forest on features and on a table, whose values go into the file."""
    known = SPACE.sample(50, np.random.default_rng(4))
    table = ProxyTable(architectures=known, columns={"proxy": np.arange(50.0)})
    return {"trees": 10, "encoder": FeatureUnion([("genotype", OneHot()), ("table", table)])}


@pytest.mark.parametrize(
    ("inside", "parameters"),
    [
        ("random-forest", with_a_table()),
        ("xgboost", {"members": 2, "rounds": 5}),
        ("gcn", {"members": 2, "hidden": 8, "layers": 1, "steps": 10}),
    ],
)
def test_intervals_survive_saving(data, inside, parameters, tmp_path):
    architectures, y = data
    predictor = ConformalPredictor(predictor=inside, parameters=parameters, folds=3)
    predictor.fit(architectures[:40], y[:40]).save(tmp_path / "saved")
    loaded = augury.predictors.load(tmp_path / "saved")
    expected = predictor.predict_interval(architectures, 0.8)
    np.testing.assert_array_equal(loaded.predict_interval(architectures, 0.8), expected)


def test_one_inside_the_other(data, tmp_path):
    architectures, y = data
    outer = ConformalPredictor(predictor="conformal", parameters={"predictor": "bayesian-ridge", "folds": 3}, folds=2)
    outer.fit(architectures[:40], y[:40]).save(tmp_path / "saved")
    loaded = augury.predictors.load(tmp_path / "saved")
    np.testing.assert_array_equal(loaded.predict(architectures), outer.predict(architectures))


@pytest.mark.parametrize("inside", ["random-forest", "extra-trees", "bayesian-ridge"])
@pytest.mark.parametrize("share", [None, 0.5])
def test_two_values_give_no_spread_beyond_theirs(data, inside, share):
    architectures, _ = data
    predictor = ConformalPredictor(predictor=inside, calibration_share=share).fit(architectures[:2], [70.0, 73.0])
    _, std = predictor.predict(architectures, return_std=True)
    assert ((std > 0.3) & (std < 30)).all()


def test_a_single_architecture_bounds_nothing(data):
    architectures, _ = data
    predictor = ConformalPredictor(predictor="bayesian-ridge").fit(architectures[:1], [3.0])
    low, high = predictor.predict_interval(architectures[:2])
    assert np.isinf([low, high]).all()


def test_mistakes_are_told(data):
    architectures, y = data
    with pytest.raises(InputError, match="2 or more folds"):
        ConformalPredictor(folds=1).fit(architectures[:9], y[:9])
    with pytest.raises(InputError, match="level between 0 and 1"):
        ConformalPredictor(level=90).fit(architectures[:9], y[:9])
    for share in (0.0, 1.0, 20):
        with pytest.raises(InputError, match="calibration_share lies between 0 and 1"):
            ConformalPredictor(calibration_share=share).fit(architectures[:9], y[:9])
    fitted = ConformalPredictor(predictor="bayesian-ridge", folds=2).fit(architectures[:9], y[:9])
    with pytest.raises(InputError, match="coverage lies between 0 and 1"):
        fitted.predict_interval(architectures, coverage=95)
    with pytest.raises(InputError, match="not ndarray"):
        fitted.predict_interval(architectures.genotypes)
    with pytest.raises(InputError, match="was fitted on"):
        fitted.predict_interval(ChoiceSpace({"first": ("a", "b")}).enumerate())
    with pytest.raises(NotFittedError):
        ConformalPredictor().predict_interval(architectures)
    with pytest.raises(InputError, match="Cannot make the predictor"):
        ConformalPredictor(parameters={"leaves": 3}).fit(architectures[:9], y[:9])


@pytest.mark.parametrize("share", [None, 0.4])
def test_an_instance_is_as_good_as_its_name_and_parameters(data, share, tmp_path):
    architectures, y = data[0][:60], data[1][:60]
    given = GaussianProcess(encoders=("one-hot",), target="standard")
    named = {"predictor": "gaussian-process", "parameters": {"encoders": ("one-hot",)}}
    first, second = (
        ConformalPredictor(**inside, calibration_share=share, target="standard").fit(architectures, y)
        for inside in ({"predictor": given}, named)
    )
    expected = first.predict_interval(data[0][60:90])
    np.testing.assert_array_equal(expected, second.predict_interval(data[0][60:90]))
    assert not hasattr(given, "space_")
    first.save(tmp_path / "conformal")
    loaded = augury.predictors.load(tmp_path / "conformal")
    np.testing.assert_array_equal(loaded.predict_interval(data[0][60:90]), expected)
    assert loaded.predictor.get_params() | {"encoders": ("one-hot",)} == given.get_params()


def test_one_of_my_own_inside(data, tmp_path):
    predictor = ConformalPredictor(predictor=Overconfident()).fit(data[0][:50], data[1][:50])
    assert predictor.predict(data[0][:50]) == pytest.approx(np.mean(data[1][:50]), abs=1.0)
    with pytest.raises(InputError, match=r"predictor=Overconfident cannot be saved.*augury\.predictors"):
        predictor.save(tmp_path / "conformal")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"predictor": GaussianProcess}, "predictor= takes the name of a predictor, .* of Predictor; got <class"),
        ({"predictor": GaussianProcess(target="standard")}, "learns 'standard', and target='normal-scores'; say"),
        ({"predictor": GaussianProcess(), "target": "standard"}, "learns 'normal-scores', and target='standard'; say"),
        ({"predictor": GaussianProcess(), "parameters": {}}, "leave them out"),
    ],
)
def test_what_cannot_be_inside(data, wrong, message):
    with pytest.raises(InputError, match=message):
        ConformalPredictor(**wrong).fit(data[0][:20], data[1][:20])
