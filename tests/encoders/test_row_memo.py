import joblib
import numpy as np

from augury.encoders.one_hot import OneHot
from augury.spaces import NASBench201Space

CELLS = NASBench201Space().enumerate()


def encode(encoder, architectures):
    return encoder.transform(architectures)


def test_an_encoder_that_remembers_much_goes_on_in_another_process():
    encoder, known = OneHot(canonical=False).fit(CELLS), OneHot(canonical=False).fit(CELLS).transform(CELLS)
    for part in (CELLS[:3000], CELLS[3000:3100]):  # the second leaves room for rows to come
        encoder.transform(part)
    some = [CELLS[9000:9020], CELLS[9020:9040]]  # joblib sends large arrays as files that cannot be written
    found = joblib.Parallel(2, max_nbytes=1000)(joblib.delayed(encode)(encoder, part) for part in some)
    np.testing.assert_array_equal(np.concatenate(found), known[9000:9040])
