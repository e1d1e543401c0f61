"""Meta-learning that is done once: fitted meta-learners are kept in the user's cache folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy.typing as npt

from .. import encoders, predictors
from ..data import Task, cache_folder
from ..predictors.parameters import pack
from ..spaces import AuguryError, DataError, InputError, Registry
from ..spaces.factory import space_to_json
from .meta_learner import MetaLearner

__all__ = ["remembered"]

MOST = 20  # files kept, of a few megabytes each
PACKAGES = ("spaces", "encoders", "predictors", "meta")  # what a fitted state comes from


def remembered(learner: MetaLearner, tasks: Iterable[Task]) -> MetaLearner:
    """What ``learner.fit(tasks)`` gives, from the cache if the same was fitted before.

    The same means: the same class and parameters, the same names, architectures and values of the tasks, and the same
    code. A file that is missing or damaged is made anew, and a folder that cannot be written is no error. A learner
    that is not in the registry, or has parameters that JSON cannot hold, is fitted each time, and so is whatever takes
    part of another package, whose code may change unnoticed.

    Args:
        learner: One that is not fitted.
        tasks: The source tasks.

    Raises:
        InputError: ``learner`` is no meta-learner; or as ``fit``.

    >>> import os, tempfile
    >>> from unittest.mock import patch
    >>> from augury.data import Metric
    >>> from augury.meta import make
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"layer": ("a", "b", "c")})
    >>> task = Task("source", space.enumerate(), {"m": Metric([1.0, 3.0, 2.0], "maximize")}, objective="m")
    >>> with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, AUGURY_CACHE=folder):
    ...     learners = [remembered(make("portfolio"), [task]) for _ in range(2)]  # the second one is read
    ...     len(list(Path(folder).iterdir()))
    1
    """
    if isinstance(learner, type) or not hasattr(learner, "fit"):
        name = learner if isinstance(learner, str) else "auto"
        raise InputError(f"remembered takes a meta-learner, such as augury.meta.make({name!r}); got {learner!r}.")
    tasks = list(tasks)
    path = _path(learner, tasks)
    if path is None:
        return learner.fit(tasks)
    with suppress(DataError):
        found = MetaLearner.load(path)
        with suppress(OSError):
            path.touch()  # the least recently used file goes first
        return found
    learner.fit(tasks)
    with suppress(OSError, AuguryError):
        path.parent.mkdir(parents=True, exist_ok=True)
        learner.save(path)
        _forget(path.parent)
        return MetaLearner.load(path)  # the same to the last bit as what the next run gets
    return learner


def _path(learner: MetaLearner, tasks: list[Task]) -> Path | None:
    from . import registry

    try:
        name = registry.name_of(learner)
        arrays: dict[str, npt.NDArray[Any]] = {}
        settings = json.dumps(pack(learner.get_params(deep=False), arrays, {MetaLearner: registry}), sort_keys=True)
    except InputError:
        return None
    if arrays or any(map(_foreign, (learner, *(task.space for task in tasks)))) or _names_a_plugin(settings):
        return None
    digest = hashlib.sha256(f"{_code()} {name} {settings} ".encode())
    for task in tasks:
        # the space's decisions stay in their own order
        digest.update(json.dumps([task.name, len(task), space_to_json(task.space)]).encode())
        digest.update(task.architectures.genotypes.tobytes())
        digest.update(task.y.tobytes())
    return cache_folder() / f"{name}-{digest.hexdigest()[:32]}.safetensors"


def _foreign(thing: object) -> bool:
    """Whether its class is of another package."""
    return type(thing).__module__.partition(".")[0] != __name__.partition(".")[0]


def _names_a_plugin(settings: str) -> bool:
    """Whether parameters, as JSON, may name a part of another package, such as the learner in a guard."""
    from . import registry

    kinds: tuple[Registry[Any], ...] = (encoders.registry, predictors.registry, registry)
    return any(json.dumps(name) in settings for kind in kinds for name in kind.plugins())


@cache
def _code() -> str:
    """A digest of the code that fits: results of an older version must not pass for those of this one."""
    top = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for package in PACKAGES:
        for file in sorted((top / package).rglob("*.py")):
            digest.update(file.relative_to(top).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()


def _forget(folder: Path) -> None:
    files = sorted(folder.glob("*.safetensors"), key=lambda file: -file.stat().st_mtime)
    for file in files[MOST:]:
        file.unlink(missing_ok=True)
