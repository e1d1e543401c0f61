from __future__ import annotations

import numpy as np

from augury.predictors.saving import read_state, write_state


def test_the_same_state_is_the_same_bytes(tmp_path):
    arrays = {"b": np.arange(3.0), "a": np.zeros(2)}
    written = set()
    for _ in range(20):
        write_state(tmp_path / "state", {"name": "x", "size": 3}, arrays)
        written.add((tmp_path / "state").read_bytes())
    assert len(written) == 1
    header, found = read_state(tmp_path / "state")
    assert header == {"name": "x", "size": 3}
    assert {name: array.tolist() for name, array in found.items()} == {"a": [0, 0], "b": [0, 1, 2]}
