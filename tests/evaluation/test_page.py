from __future__ import annotations

import math

import numpy as np
import pytest

from augury.evaluation.page import number, numbers


@pytest.mark.parametrize("exponent", range(-323, 309, 7))
@pytest.mark.parametrize("sign", [1, -1])
def test_four_digits_are_shown_whatever_the_size(exponent, sign):
    value = sign * float(f"1e{exponent}")
    shown = number(value).replace("−", "-")
    assert float(shown) == pytest.approx(value, rel=1e-3)
    assert len(shown) < 18


def test_nothing_but_zero_is_shown_as_zero():
    assert numbers(np.array([-0.0, 0.0])) == ["0", "0"]
    assert numbers(np.array([1e-10, -1e-300, 0.0])) == ["1.000e−10", "−1.000e−300", "0.000e+00"]
    assert numbers(np.array([70.0, -1e-300, 0.0, 0.004, 0.006]), "s") == [
        "70.00 s", "−1.000e−300 s", "0.00 s", "0.004000 s", "0.01 s"
    ]  # fmt: skip


def test_what_has_decimals_enough_keeps_them():
    assert (number(1e-6), number(2.5e-7), number(0.0), number(math.inf)) == ("0.000001000", "2.500e−07", "0", "inf")
    assert numbers(np.array([])) == []
