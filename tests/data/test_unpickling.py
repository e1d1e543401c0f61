import io
import os
import pickle
import struct

import numpy as np
import pytest

from augury.data.unpickling import NUMPY_SCALARS, read_pickle, unpickle
from augury.spaces import DataError, UnsafeFileError


class RunsCode:
    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return os.mkdir, (self.marker,)


def test_plain_data_comes_back():
    table = {"333132": {"val_acc": [91.5, 90.25], "name": "x"}, 7: (None, True, b"bytes")}
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert (
            unpickle(pickle.dumps(table, protocol=protocol), {} if protocol > 2 else {"_codecs.encode": _encode})
            == table
        )


def _encode(text, encoding):
    assert encoding == "latin1"
    return text.encode("latin1")


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_numpy_scalars_come_back_as_numbers(protocol):
    allowed = {**NUMPY_SCALARS, "_codecs.encode": _encode}
    scalars = [np.float64(0.1), np.float32(1.5), np.int64(-(2**62)), np.uint8(200), np.float64("nan")]
    read = unpickle(pickle.dumps(scalars, protocol=protocol), allowed)
    assert read[:4] == [0.1, 1.5, -(2**62), 200]
    assert np.isnan(read[4])
    assert {type(value) for value in read} == {float, int}


def test_big_endian_scalars_come_back():
    value = np.array([1.25], dtype=">f8")[0]
    assert unpickle(pickle.dumps(np.dtype(">f8").type(value)), NUMPY_SCALARS) == 1.25
    # hand-written, since NumPy itself stores scalars in native order
    stream = (
        b"\x80\x03cnumpy.core.multiarray\nscalar\n"
        b"cnumpy\ndtype\nX\x02\x00\x00\x00f8K\x00K\x01\x87R(K\x03X\x01\x00\x00\x00>NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
        b"C\x08" + struct.pack(">d", 0.7733) + b"\x86R."
    )
    assert unpickle(stream, NUMPY_SCALARS) == 0.7733
    assert (
        unpickle(
            stream.replace(b"\x00>N", b"\x00<N").replace(struct.pack(">d", 0.7733), struct.pack("<d", 0.7733)),
            NUMPY_SCALARS,
        )
        == 0.7733
    )


def test_names_of_numpy_1_bring_no_warning():
    stream = pickle.dumps(np.float64(2.5), protocol=3).replace(b"numpy._core.multiarray", b"numpy.core.multiarray")
    assert b"numpy.core" in stream
    assert unpickle(stream, NUMPY_SCALARS) == 2.5  # warnings are errors here


def test_a_foreign_global_is_refused_and_does_not_run(tmp_path):
    path = tmp_path / "cora.bench"
    path.write_bytes(pickle.dumps({"a": RunsCode(str(tmp_path / "ran"))}))
    with pytest.raises(UnsafeFileError, match=r"cora\.bench.*(posix|nt)\.mkdir") as caught:
        read_pickle(path, NUMPY_SCALARS)
    assert "\n" not in str(caught.value)
    assert "numpy.dtype" in str(caught.value)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "stream",
    [
        b"cbuiltins\neval\n(X\x01\x00\x00\x001tR.",  # GLOBAL, REDUCE
        b"\x80\x04\x8c\x08builtins\x8c\x04exec\x93.",  # STACK_GLOBAL
        b"(ibuiltins\neval\n.",  # INST
        b"\x80\x04\x8c\x05numpy\x8c\x0fdtype.__class__\x93.",  # an attribute of something allowed
        b"\x80\x04\x8c\x06numpy.\x8c\x05dtype\x93.",
        b"cnumpy\nload\n.",
        b"cnumpy.core.multiarray\n_reconstruct\n.",
        b"ccopyreg\n_reconstructor\n.",
    ],
)
def test_no_way_of_naming_a_global_gets_past(stream):
    with pytest.raises(UnsafeFileError):
        unpickle(stream, NUMPY_SCALARS)


def test_numpys_own_dtype_is_not_within_reach():
    """An object dtype, or one whose flags a pickle sets, lets bytes be read as pointers."""
    for stream in (
        pickle.dumps(np.dtype("O"), protocol=3),
        pickle.dumps(np.dtype([("a", "f8")]), protocol=3),
        pickle.dumps(np.dtype("V8"), protocol=3),
        pickle.dumps(np.datetime64("2020"), protocol=3),
        pickle.dumps(np.str_("text"), protocol=3),
    ):
        with pytest.raises(DataError):
            unpickle(stream, NUMPY_SCALARS)


def test_what_stands_in_cannot_be_changed():
    state = b"}X\x01\x00\x00\x00aK\x01s"
    for start in (b"\x80\x03cnumpy\ndtype\n", b"\x80\x03cnumpy.core.multiarray\nscalar\n"):
        for argument in (state, b"N" + state + b"\x86"):
            with pytest.raises(DataError):
                unpickle(start + argument + b"b.", NUMPY_SCALARS)


def test_every_truncation_is_told():
    whole = pickle.dumps({"accuracy": [np.float64(0.5), 1.5], "name": "x" * 300}, protocol=4)
    for length in range(len(whole) - 1):
        with pytest.raises(DataError) as caught:
            unpickle(whole[:length], NUMPY_SCALARS, "some.pkl")
        assert "some.pkl" in str(caught.value)
        assert not isinstance(caught.value, UnsafeFileError)


def test_no_damage_brings_another_error(tmp_path):
    path = tmp_path / "damaged.pkl"
    whole = bytearray(pickle.dumps({i: {"perf": np.float64(i), "text": str(i)} for i in range(20)}, protocol=3))
    rng = np.random.default_rng(0)
    for _ in range(500):
        damaged = bytearray(whole)
        for place in rng.integers(len(damaged), size=rng.integers(1, 4)):
            damaged[place] = rng.integers(256)
        path.write_bytes(damaged)
        try:
            read_pickle(path, NUMPY_SCALARS)
        except DataError as error:
            assert "\n" not in str(error)  # noqa: PT017


@pytest.mark.parametrize("opcode", [b"p2147483647\n", b"r\xff\xff\xff\x7f"])
def test_a_damaged_number_does_not_use_up_memory(tmp_path, opcode):
    path = tmp_path / "large.pkl"
    path.write_bytes(b"\x80\x02}" + opcode + b".")
    with pytest.raises(DataError, match="numbers an object 2147483647"):
        read_pickle(path, {})


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(DataError, match="No such file"):
        read_pickle(tmp_path / "none.pkl", {})
    with pytest.raises(DataError, match="Cannot read"):
        read_pickle(tmp_path, {})


def test_scalars_of_the_wrong_length_are_damage():
    good = io.BytesIO(pickle.dumps(np.float64(1), protocol=3)).getvalue()
    assert good.count(b"C\x08") == 1
    for wrong in (b"C\x00", b"C\x07\0\0\0\0\0\0\0", b"C\x10" + 16 * b"\0"):
        with pytest.raises(DataError):
            unpickle(good[: good.index(b"C\x08")] + wrong + b"\x86R.", NUMPY_SCALARS)
