"""Files that are whole or not there at all."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["whole_file"]


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Where to write what takes the place of a file once the block has ended well.

    Args:
        path: The file; folders are made as needed.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with whole_file(f"{folder}/new/page.html") as unfinished:
    ...         _ = unfinished.write_text("whole")
    ...     [(file.name, file.read_text()) for file in Path(folder, "new").iterdir()]
    [('page.html', 'whole')]
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{uuid.uuid4().hex}{path.suffix}")
    try:
        yield unfinished
        unfinished.replace(path)  # atomic within one folder
    finally:
        unfinished.unlink(missing_ok=True)
