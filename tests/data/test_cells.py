from __future__ import annotations

import copy
import io
import pickle

import numpy as np
import pandas as pd
import pytest

from augury.data.cells import MISSING, WrittenNumber, as_written, column_of

TEXTS = ["1", "-1", "+1", "007", "1.10", "1e-3", "1E5", " 2", "true", "NA", "nan", "", "1_0", "x", "inf", "0x1"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_cell_is_what_pandas_reads_and_knows_its_text(text):
    cells = column_of([text, text])
    read = pd.read_csv(io.StringIO(f"a,b\n{text},\n{text},\n"), dtype_backend="numpy_nullable")["a"]
    assert cells.isna().tolist() == read.isna().tolist()
    if text not in MISSING:
        assert cells.tolist() == [x if isinstance(x, str) or text == "true" else float(x) for x in read]
        assert [str(cell) for cell in cells] == [text, text]
    elif text:
        assert [str(cell) for cell in column_of([text, "x"])] == [text, "x"]


def test_a_written_number_is_a_number_wherever_it_goes():
    cells = column_of(["10.0", "9.50", "NA"])
    assert np.asarray(cells, dtype=float)[:2].tolist() == pd.to_numeric(cells)[:2].tolist() == [10.0, 9.5]
    assert (cells.max(), cells.sort_values().index.tolist()) == (10.0, [1, 0, 2])
    for same in (copy.deepcopy(cells), pickle.loads(pickle.dumps(cells)), pd.concat([cells[:1], cells[1:]])):
        assert as_written(same) == ["10.0", "9.50", "NA"]
    assert repr(WrittenNumber("1.10")) == "1.10"
