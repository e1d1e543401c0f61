"""Decoded benchmarks as plain arrays in the user's cache folder; a convenience that may fail without harm."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import platformdirs

from ..spaces import DataError
from .npz import read_npz

__all__ = ["CACHE_VARIABLE", "cache_folder", "cached"]

CACHE_VARIABLE = "AUGURY_CACHE"
FORMAT = 1
DIGEST = "digest"

Arrays = dict[str, npt.NDArray[Any]]


def cache_folder() -> Path:
    """Where decoded benchmarks are kept: ``$AUGURY_CACHE``, else the user's cache folder on this system.

    >>> from unittest.mock import patch
    >>> with patch.dict(os.environ, AUGURY_CACHE="elsewhere"):
    ...     str(cache_folder())
    'elsewhere'
    """
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen) if chosen else platformdirs.user_cache_path("augury", appauthor=False)


def cached(name: str, key: str, build: Callable[[], Arrays]) -> Arrays:
    """What ``build`` gives, from the cache if it is there.

    A missing, truncated or otherwise damaged file is built anew and replaced in one step, so that any number of
    processes may do this at once; a folder that cannot be written is no error.

    Args:
        name: A short name for the file.
        key: Changes whenever the result of ``build`` would: the SHA-256 of its source and a version of its code.
        build: Makes the arrays; none of them may hold objects.
    """
    path = cache_folder() / f"{name}-{hashlib.sha256(f'{FORMAT} {key}'.encode()).hexdigest()[:32]}.npz"
    found = _read(path)
    if found is None:
        found = build()
        with suppress(OSError):  # a full disk or a read-only folder: the next call builds again
            _write(path, found)
    return found


def _read(path: Path) -> Arrays | None:
    try:
        arrays = read_npz(path)
        told = bytes(arrays.pop(DIGEST))
    except (DataError, KeyError, TypeError):
        return None
    return arrays if told == _digest(arrays) else None


def _write(path: Path, arrays: Arrays) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as file:
            np.savez(file, allow_pickle=False, **{**arrays, DIGEST: np.frombuffer(_digest(arrays), dtype=np.uint8)})
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _digest(arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype.str} {array.shape} ".encode())
        digest.update(array.tobytes())
    return digest.digest()
