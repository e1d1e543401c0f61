import numpy as np

from augury.meta.residual_process import KERNELS, ResidualProcess
from augury.predictors.exact_gp import ExactGP

from .toy import EVERYTHING, TRUTH, support

ROWS = np.repeat(support(12), 2)


def test_what_is_equivalent_is_left_out_together():
    rng = np.random.default_rng(0)
    mean = TRUTH[ROWS] / 10
    residual = np.repeat(rng.normal(size=12), 2) + 0.01 * rng.normal(size=24)
    process = ResidualProcess().fit(EVERYTHING[ROWS], mean, residual)
    groups = process._groups(EVERYTHING[ROWS], mean)
    expected = np.zeros(24)
    for row in support(12):
        out = row == ROWS
        others = ExactGP(KERNELS).fit([X[~out] for X in groups], residual[~out], theta=process._gp.theta)
        expected[out] = others.mean([X[out] for X in groups])
    np.testing.assert_allclose(process.leave_one_out(), expected, atol=1e-8)
