"""Results of an earlier comparison in the same place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from ..evaluation.whole_file import whole_file

__all__ = ["record", "replaced"]


def record(file: Path, settings: Mapping[str, str]) -> None:
    """Write to a JSON file beside a comparison's results what they are of."""
    with whole_file(file) as unfinished:
        unfinished.write_text(json.dumps(dict(settings)), "utf-8")


def replaced(file: Path, settings: Mapping[str, str]) -> str | None:
    """What to say before the results beside a file are replaced by those of other settings; None if there are none.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "comparison.json"
    ...     record(file, {"objective": "latency", "tasks": "a, b"})
    ...     replaced(file, {"objective": "accuracy", "tasks": "a, b"}).removeprefix(folder)
    ' holds results with objective latency, not objective accuracy; they will be replaced.'
    """
    try:
        found = json.loads(file.read_text("utf-8"))
        other = {name: (found.get(name), value) for name, value in settings.items() if found.get(name) != value}
    except (OSError, ValueError, AttributeError):  # none, or none of ours
        return None
    if not other:
        return None
    was = ", ".join(f"{name} {before}" for name, (before, _) in other.items())
    now = ", ".join(f"{name} {value}" for name, (_, value) in other.items())
    return f"{file.parent} holds results with {was}, not {now}; they will be replaced."
