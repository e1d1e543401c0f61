"""Reading pickles as data: nothing but a given list of stand-ins can be called, and none of them runs foreign code."""

from __future__ import annotations

import io
import os
import pickle
import pickletools
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from ..spaces import DataError, UnsafeFileError

__all__ = ["NUMPY_SCALARS", "read_pickle", "unpickle"]

PLAIN_NUMBERS = frozenset({"f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"})
REMEMBER = ("PUT", "BINPUT", "LONG_BINPUT")
BROKEN = (
    pickle.UnpicklingError, EOFError, ValueError, TypeError, AttributeError, LookupError, OverflowError, MemoryError,
)  # fmt: skip


class _DType:
    """Stands in for ``numpy.dtype``: plain numbers only; NumPy's own can be talked into reading foreign memory."""

    __slots__ = ("code",)

    def __init__(self, code: str, align: object = False, copy: object = True) -> None:
        if code not in PLAIN_NUMBERS:
            raise ValueError(f"a scalar of NumPy type {code!r}, where only plain numbers are read")
        self.code = "<" + code

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.code = (">" if state[1] == ">" else "<") + self.code[1:]


class _MakeDType:
    """``numpy.dtype`` as a pickle calls it; an object without attributes, so that a pickle can change nothing of it."""

    __slots__ = ()

    def __call__(self, *arguments: Any) -> _DType:
        return _DType(*arguments)


class _MakeScalar:
    """``numpy.core.multiarray.scalar`` as a pickle calls it; gives Python numbers."""

    __slots__ = ()

    def __call__(self, dtype: _DType, data: bytes) -> float:
        if not isinstance(dtype, _DType):
            raise TypeError("a scalar without a type")
        (value,) = np.frombuffer(data, dtype=dtype.code).tolist()
        number: float = value
        return number


NUMPY_SCALARS: Mapping[str, Callable[..., object]] = MappingProxyType({
    "numpy.dtype": _MakeDType(),
    "numpy.core.multiarray.scalar": _MakeScalar(),  # as NumPy 1 wrote it
    "numpy._core.multiarray.scalar": _MakeScalar(),
})  # fmt: skip
"""What a pickle of NumPy numbers asks for, and what it gets instead."""


def read_pickle(path: str | os.PathLike[str], allowed: Mapping[str, Callable[..., object]]) -> Any:
    """The contents of a pickle file that needs only what is ``allowed``.

    Args:
        path: The file.
        allowed: Full name of a global, such as ``"numpy.dtype"`` → what stands in for it. An empty mapping admits
            dictionaries, lists, texts and numbers alone.

    Raises:
        UnsafeFileError: The file asks for another global.
        DataError: There is no such file, or it is damaged.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "table.pkl")
    ...     _ = path.write_bytes(pickle.dumps({"accuracy": np.float64(91.5)}))
    ...     read_pickle(path, allowed=NUMPY_SCALARS)
    {'accuracy': 91.5}
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise DataError(f"Cannot read {os.fspath(path)!r}: {error.strerror}; check the path.") from error
    try:
        for opcode, argument, _ in pickletools.genops(data):
            # Python before 3.14 makes room for as many objects as the number says
            if opcode.name in REMEMBER and isinstance(argument, int) and argument > len(data):
                raise ValueError(f"it numbers an object {argument}")
    except BROKEN as error:
        raise _damaged(path, error) from error
    return unpickle(data, allowed, path)


def unpickle(
    data: bytes, allowed: Mapping[str, Callable[..., object]], path: str | os.PathLike[str] = "<bytes>"
) -> Any:
    """`read_pickle` for bytes whose checksum is known: as safe, but damage may use up memory.

    Args:
        data: The file's contents.
        allowed: As for `read_pickle`.
        path: The file's name, for messages.

    Raises:
        UnsafeFileError: The file asks for another global.
        DataError: It is damaged.

    >>> unpickle(pickle.dumps({"accuracy": [91.5, 90.0]}), allowed={})
    {'accuracy': [91.5, 90.0]}
    """
    try:
        return _Reader(data, allowed, path).load()
    except UnsafeFileError:
        raise
    except BROKEN as error:
        raise _damaged(path, error) from error


def _damaged(path: str | os.PathLike[str], error: BaseException) -> DataError:
    reason = " ".join(str(error).split()) or type(error).__name__
    return DataError(f"{os.fspath(path)!r} is truncated or damaged ({reason}); install or download it again.")


class _Reader(pickle.Unpickler):
    def __init__(self, data: bytes, allowed: Mapping[str, Callable[..., object]], path: str | os.PathLike[str]) -> None:
        super().__init__(io.BytesIO(data))
        self._allowed = allowed
        self._path = path

    def find_class(self, module: str, name: str) -> Any:
        asked = f"{module}.{name}"
        if asked not in self._allowed:
            may = ", ".join(sorted(self._allowed)) or "no global at all"
            raise UnsafeFileError(
                f"{os.fspath(self._path)!r} asks to load {asked!r}, which may run code; only {may} may be asked for. "
                "It was not read; don't open it with pickle either unless you trust where it comes from."
            )
        return self._allowed[asked]
