"""Reading ``.npz`` files of plain arrays, whatever state they are in."""

from __future__ import annotations

import os
import zipfile
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

from ..spaces import DataError

__all__ = ["read_npz"]

BROKEN = (
    OSError, ValueError, LookupError, EOFError, MemoryError, NotImplementedError, RuntimeError, zipfile.BadZipFile,
    zlib.error, AttributeError, TypeError,  # a .npy file, which holds one array without a name
)  # fmt: skip


def read_npz(path: str | os.PathLike[str]) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a file by name; objects, which would be pickles, are refused.

    Raises:
        DataError: The file is not there, or not such a file.
    """
    try:
        # opened here, since NumPy leaves it open if it is damaged
        with open(path, "rb") as opened, np.load(opened, allow_pickle=False) as found:
            return {name: found[name] for name in found.files}
    except BROKEN as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise DataError(
            f"{os.fspath(path)!r} is not a .npz file of plain arrays ({reason}); write it with numpy.savez."
        ) from error
