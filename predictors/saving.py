"""Saved state as data: named arrays and a JSON header in one safetensors file; loading runs nothing."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from ..spaces import DataError, InputError

__all__ = ["read_state", "write_state"]

FORMAT = "augury 1"


def write_state(
    path: str | os.PathLike[str], header: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]
) -> None:
    """Write a header and arrays; the file appears whole or not at all.

    Raises:
        InputError: The file cannot be written there.
    """
    target = Path(path)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            part = Path(folder) / "state"
            contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
            # one entry, as safetensors writes several in any order
            save_file(contiguous, part, metadata={FORMAT: json.dumps(header, sort_keys=True)})
            os.replace(part, target)
    except (OSError, SafetensorError) as error:  # the latter where the disk is full
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"Cannot write {str(target)!r} ({reason}); choose a folder with room that you may write to."
        ) from error


def read_state(path: str | os.PathLike[str]) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """The header and arrays that `write_state` wrote.

    Raises:
        DataError: There is no such file, or it is not one of these.
    """
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
        raise DataError(f"{os.fspath(path)!r} was not saved by this version of augury; save it again.")
    return header, arrays
