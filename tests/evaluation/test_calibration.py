import numpy as np
import pytest
from scipy import stats

from augury.evaluation import (
    calibration_curve,
    calibration_error,
    coverage,
    interval_score,
    nll,
    sharpness,
)
from augury.spaces import InputError


def test_a_curve_by_hand():
    # distances in deviations: 0, ½, 1, 2; central normal intervals reach 0.674 at 50 %, 1.282 at 80 %, 1.960 at 95 %
    curve = calibration_curve(
        [3.0, 4.0, 1.0, 11.0], [3.0, 3.0, 3.0, 3.0], [1.0, 2.0, 2.0, 4.0], levels=[0.5, 0.8, 0.95]
    )
    assert curve.levels.tolist() == [0.5, 0.8, 0.95]
    assert curve.observed.tolist() == [0.5, 0.75, 0.75]
    error = calibration_error([3.0, 4.0, 1.0, 11.0], [3.0] * 4, [1.0, 2.0, 2.0, 4.0], levels=[0.5, 0.8, 0.95])
    assert error == pytest.approx((0.0 + 0.05 + 0.20) / 3)


def test_the_curve_is_coverage_level_by_level():
    rng = np.random.default_rng(0)
    y, mean, std = rng.normal(size=200), rng.normal(size=200), rng.uniform(0.5, 2, size=200)
    curve = calibration_curve(y, mean, std)
    assert curve.observed.tolist() == [coverage(y, mean, std, level) for level in curve.levels]
    assert (np.diff(curve.observed) >= 0).all()


def test_the_true_distribution_is_calibrated_and_half_of_its_width_is_not():
    std = np.random.default_rng(0).uniform(0.5, 2, size=20_000)
    y = std * stats.norm.ppf((np.random.default_rng(1).permutation(20_000) + 0.5) / 20_000)
    assert calibration_error(y, np.zeros_like(y), std) < 0.003
    narrow = calibration_curve(y, np.zeros_like(y), std / 2, levels=[0.9])
    assert narrow.observed[0] == pytest.approx(2 * stats.norm.cdf(1.645 / 2) - 1, abs=0.002)


def test_sharpness_is_in_units_of_y():
    assert sharpness([3.0, 4.0]) == pytest.approx(np.sqrt(12.5))
    assert sharpness(1000 * np.asarray([3.0, 4.0])) == pytest.approx(1000 * np.sqrt(12.5))


def test_the_likelihood_is_that_of_scipy():
    y, mean, std = [0.0, 2.0], [1.0, 2.5], [2.0, 0.5]
    assert nll(y, mean, std) == pytest.approx(-stats.norm.logpdf(y, mean, std).mean())


def test_an_interval_score_by_hand():
    # widths 2, 4, 1; misses 0, 1 below, ½ above; 2 ÷ 0.1 = 20 for each unit
    score = interval_score([0.5, -1.0, 2.5], [0.0, 0.0, 1.0], [2.0, 4.0, 2.0], level=0.9)
    assert score == pytest.approx((2 + (4 + 20) + (1 + 10)) / 3)


def test_the_true_quantiles_have_the_best_interval_score():
    y = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    scores = [interval_score(y, np.full_like(y, -w), np.full_like(y, w), 0.9) for w in (1.4, 1.6449, 1.9)]
    assert scores[1] == min(scores)


def test_mistakes_are_told():
    with pytest.raises(InputError, match="between 0 and 1"):
        calibration_curve([0.0], [0.0], [1.0], levels=[0.5, 1.0])
    with pytest.raises(InputError, match="between 0 and 1"):
        calibration_curve([0.0], [0.0], [1.0], levels=[])
    with pytest.raises(InputError, match="0 or more"):
        calibration_error([0.0], [0.0], [-1.0])
    with pytest.raises(InputError, match="0 or more"):
        sharpness([1.0, -1.0])
    with pytest.raises(InputError, match="one length"):
        calibration_curve([0.0], [0.0, 1.0], [1.0, 1.0])
    with pytest.raises(InputError, match=r"number 1 is from 2\.0 to 1\.0"):
        interval_score([0.0, 0.0], [0.0, 2.0], [1.0, 1.0])
    with pytest.raises(InputError, match="between 0 and 1"):
        interval_score([0.0], [0.0], [1.0], level=90)
