"""Saved state as data: named arrays and a JSON header in one safetensors file; loading runs nothing."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from ..spaces import DataError, InputError

__all__ = ["check_kind", "read_state", "write_state"]

FORMAT = "augury 1"
DIGEST = "sha256"
LOADERS = {  # what a header tells of → what loads it
    "predictor": "augury.predictors.load",
    "warm predictor": "augury.meta.WarmPredictor.load",
    "meta-learner": "augury.meta.load",
}


def write_state(
    path: str | os.PathLike[str], header: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]
) -> None:
    """Write a header and arrays; the file appears whole or not at all, in place of what a symbolic link leads to.

    Raises:
        InputError: The file cannot be written there.
    """
    try:
        target = _regular(path)
        contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
        told = {**header, DIGEST: _digest(header, contiguous)}
        # one entry, as safetensors writes several in any order
        state = save(contiguous, metadata={FORMAT: json.dumps(told, sort_keys=True)})
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            part = Path(folder) / "state"
            part.write_bytes(state)  # with the permissions of any new file
            if target.exists():
                shutil.copymode(target, part)
            os.replace(part, target)
    except (OSError, SafetensorError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"Cannot write {os.fspath(path)!r} ({reason}); choose a folder with room that you may write to."
        ) from error


def _regular(path: str | os.PathLike[str]) -> Path:
    """Where to write; raises `InputError` if something that is no file is there, `OSError` if nobody can tell."""
    target = Path(os.path.realpath(path))
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return target
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "a device or a pipe"
        raise InputError(f"Cannot write {os.fspath(path)!r}, which is {what}; give the path of a file.")
    return target


def read_state(path: str | os.PathLike[str]) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """The header and arrays that `write_state` wrote.

    Raises:
        DataError: There is no such file, or it is not one of these.
    """
    if os.path.isdir(path):
        raise DataError(f"{os.fspath(path)!r} is a folder; give the path of the file that was passed to save.")
    try:
        with safe_open(os.fspath(path), framework="numpy") as file:
            metadata = file.metadata() or {}
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        header = json.loads(metadata[FORMAT]) if FORMAT in metadata else None
    except FileNotFoundError as error:
        raise DataError(f"There is no file {os.fspath(path)!r}; give the path that was passed to save.") from error
    except (SafetensorError, ValueError, KeyError, OSError) as error:
        raise DataError(f"{os.fspath(path)!r} is damaged or not a saved state ({error}); save it again.") from error
    if not isinstance(header, dict):
        raise DataError(
            f"{os.fspath(path)!r} was not saved by this version of augury; give the path that was passed to save."
        )
    told = header.pop(DIGEST, None)  # which an earlier augury did not write
    if told is not None and told != _digest(header, arrays):
        raise DataError(f"{os.fspath(path)!r} is damaged: it is not what was written; save it again.")
    return header, arrays


def _digest(header: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> str:
    """A checksum of all there is, so that no changed bit passes for something learned."""
    plain = json.loads(json.dumps(header))  # as it is read: texts for the keys, lists for tuples
    digest = hashlib.sha256(json.dumps(plain, sort_keys=True).encode())
    for name, array in sorted(arrays.items()):
        digest.update(f"{name} {array.dtype.str} {array.shape} ".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def check_kind(path: str | os.PathLike[str], header: Mapping[str, Any], wanted: str) -> None:
    """Raise `DataError` if a file holds something else than what is wanted, as a meta-learner for a predictor."""
    for kind, loader in LOADERS.items():
        if kind in header and wanted not in header:
            raise DataError(f"{os.fspath(path)!r} is a saved {kind}, not a {wanted}; load it with {loader}(path).")
