import numpy as np
import pytest

from augury.meta.transfer_predictor import TransferPredictor

from .test_contributions import TwoSources
from .toy import EVERYTHING, support

FEW = support(12)


@pytest.mark.parametrize(("along", "turned"), [(-1.0, True), (-0.01, False), (0.01, False), (1.0, False)])
def test_only_evaluations_that_speak_for_it_turn_sources_around(along, turned):
    """What lies across the consensus speaks for neither sign, and a hundredth of the consensus hardly does."""
    model = TwoSources()
    consensus = model.consensus(model.transform(EVERYTHING[FEW])[0])
    other = np.sin(7.0 * np.arange(12.0))
    beside = np.column_stack([np.ones(12), consensus])
    across = other - beside @ np.linalg.lstsq(beside, other, rcond=None)[0]
    y = along * consensus + (abs(along) < 1) * across
    made = TransferPredictor(model=model, encoders=(), trust=0.5, turnable=True, target="standard")
    assert made.fit(EVERYTHING[FEW], y)._slope == (-0.5 if turned else 0.5)
