"""What the names and paths on a command line stand for."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ..data import Task, load_benchmark
from ..data.tables import is_table
from ..search.studies.storage import file_of
from ..spaces import DataError, InputError, NASBench201Space, NASBenchGraphSpace, SearchSpace, UnknownNameError
from ..spaces.factory import EXAMPLE, space_from_json

if TYPE_CHECKING:
    from ..data import Benchmark

__all__ = [
    "check_writable",
    "find_benchmark_task",
    "find_space",
    "make_folder",
    "refuse_table",
    "same_file",
]

SPACES = {"nas-bench-201": NASBench201Space, "nas-bench-graph": NASBenchGraphSpace}


def find_benchmark_task(text: str) -> tuple[Benchmark, Task]:
    """A benchmark and the task of it that ``"benchmark/task"`` names.

    Raises:
        UnknownNameError: There is none of that name.
        InputError: Only a benchmark is named.
    """
    benchmark_name, _, name = text.partition("/")
    benchmark = load_benchmark(benchmark_name)
    if not name:
        raise InputError(f"{text!r} has several tasks; name one: {', '.join(f'{text}/{task}' for task in benchmark)}.")
    return benchmark, benchmark[name]


def refuse_table(text: str, option: str) -> None:
    """Raises `InputError` if what should be a benchmark is a user's own table, which another option takes."""
    if is_table(text):
        raise InputError(f"{text!r} is a table and no benchmark; give it by {option}, and its search space by --space.")


def find_space(text: str) -> SearchSpace:
    """A search space by name, or from a JSON file as ``augury.spaces.factory.space_to_json`` describes it.

    Raises:
        UnknownNameError: It is neither a name nor a file.
        DataError: The file cannot be read, or describes no space.
    """
    if text in SPACES:
        return SPACES[text]()
    path = Path(text)
    if not path.is_file():
        if path.suffix == ".json":
            raise DataError(f"There is no file {text!r}; give the path of a JSON file that describes a search space.")
        raise UnknownNameError("search space (or JSON file)", text, SPACES)
    try:
        text_in_it = path.read_text("utf-8-sig")  # with the mark that some editors put first
        description = json.loads(text_in_it, object_pairs_hook=_once)
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"{text!r} cannot be read as JSON ({error}); mend it.") from error
    try:
        return space_from_json(description)
    except DataError as error:
        mend = "mend it" if EXAMPLE in str(error) else f"mend it; such a file looks like {EXAMPLE}"
        raise DataError(f"{text!r} describes no search space, so {mend}. {error}") from error


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object, of which JSON's own reader would keep the last of two that have one name."""
    names = [name for name, _ in pairs]
    if twice := [name for name in names if names.count(name) > 1]:
        raise ValueError(f"it says {twice[0]!r} twice")
    return dict(pairs)


def make_folder(path: str) -> Path:
    """A folder, made if it is not there.

    Raises:
        InputError: It cannot be made.
    """
    if not path:
        raise InputError("The path of the folder is empty; give one, or . for the current folder.")
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"Cannot make the folder {path!r} ({error.strerror}); give another one.") from error
    return folder


def check_writable(path: str, *, option: str = "--out", inputs: Iterable[str | None] = ()) -> None:
    """Whether a file can be made there; its folder is, if need be.

    Args:
        path: Where.
        option: The option that gave it, for messages.
        inputs: What the command reads, which must not be overwritten: paths, or texts that are none.

    Raises:
        InputError: It cannot, or it is one of the inputs.
    """
    if not path:
        raise InputError(f"{option} is empty; give the path of a file.")
    folder = os.path.dirname(path) or os.curdir
    if os.path.isdir(path):
        raise InputError(f"Cannot write {path!r}, which is a folder; give the path of a file.")
    if os.path.exists(path) and not os.path.isfile(path):
        raise InputError(f"Cannot write {path!r}, which is a device or pipe; give the path of a file.")
    for given in inputs:
        if given is not None and same_file(path, given):
            raise InputError(f"{option} {path} would overwrite {given!r}, which is read; give another path.")
    make_folder(folder)
    if not os.access(folder, os.W_OK):
        raise InputError(f"Cannot write {path!r}; give a folder you may write to.")


def same_file(one: str, other: str) -> bool:
    """Through links and URLs of SQLite, too; False where one of them is not there."""
    try:
        return os.path.samefile(file_of(one), file_of(other))
    except (OSError, ValueError):  # the latter for a text that can be no path
        return False
