"""Finding studies in a storage, and making them there."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import optuna

from ...spaces import StudyError
from ..quiet import quiet
from .record import Record
from .storage import Storage, describe, open_storage, storage_errors

__all__ = ["create_stored", "find_stored", "load_stored", "other_names", "stored_names"]


def create_stored(
    storage: Storage, name: str, record: Record, direction: Literal["maximize", "minimize"]
) -> tuple[optuna.Study, Record]:
    """The study of that name and its record; both are made if they are not there.

    Args:
        storage: Where.
        name: The study's name.
        record: What a new study's record says.
        direction: ``"maximize"`` or ``"minimize"``.

    Raises:
        StudyError: The storage cannot be opened, or the study there is not one of augury's.
    """
    opened = open_storage(storage, create=True)
    with storage_errors(storage), quiet():
        study = optuna.create_study(storage=opened, study_name=name, direction=direction, load_if_exists=True)
        _check_rows(study, storage)
        if Record.read(study) is None and len(study.directions) == 1 and not study.get_trials(deepcopy=False):
            record.write(study)  # another process may do the same; what stands there at the end is what counts
        return study, _record(study, storage)


def load_stored(storage: Storage, name: str | None, *, read: bool = False) -> tuple[optuna.Study, Record]:
    """The study of that name and its record.

    Args:
        storage: Where.
        name: The study's name; None for the only one there.
        read: Whether nothing will be written there.

    Raises:
        StudyError: The storage cannot be opened, or has no such study of augury's.
    """
    study = find_stored(storage, name, read=read)
    with storage_errors(storage):
        return study, _record(study, storage)


def find_stored(storage: Storage, name: str | None, *, read: bool = False) -> optuna.Study:
    """The study of that name, whoever made it.

    Args:
        storage: Where.
        name: The study's name; None for the only one there.
        read: Whether nothing will be written there.

    Raises:
        StudyError: The storage cannot be opened, or has no such study.
    """
    opened = open_storage(storage, create=False, read=read)
    with storage_errors(storage), quiet():
        with _rows(storage):
            names = sorted(optuna.get_all_study_names(opened))
        if name is None and len(names) == 1:
            name = names[0]
        if not names and name is None:
            raise StudyError(f"The storage {describe(storage)} has no study yet; give one that holds a study.")
        if name not in names:
            wanted = "several studies; name one of them" if name is None else f"no study {name!r}; it has"
            raise StudyError(f"The storage {describe(storage)} has {wanted}: {', '.join(names) or 'none'}.")
        study = optuna.load_study(storage=opened, study_name=name)
        _check_rows(study, storage)
        return study


def stored_names(storage: Storage) -> list[str]:
    """The names of augury's studies in a storage; other Optuna studies are left out.

    Raises:
        StudyError: The storage cannot be opened.
    """
    return _names(storage, own=True)


def other_names(storage: Storage) -> list[str]:
    """The names of the studies in a storage that augury did not make.

    Raises:
        StudyError: The storage cannot be opened.
    """
    return _names(storage, own=False)


def _names(storage: Storage, *, own: bool) -> list[str]:
    opened = open_storage(storage, create=False, read=True)
    with storage_errors(storage), quiet():
        with _rows(storage):
            studies = opened.get_all_studies()
        return sorted(study.study_name for study in studies if Record.marks(study.user_attrs) == own)


@contextmanager
def _rows(storage: Storage, name: str | None = None) -> Iterator[None]:
    """Turns what Optuna makes of a row that it cannot read, in a database that is none the worse, into `StudyError`."""
    try:
        yield
    except (AssertionError, LookupError, TypeError, ValueError) as error:
        what = f"The storage {describe(storage)}" if name is None else f"The study {name!r} in {describe(storage)}"
        raise StudyError(
            f"{what} has a damaged row ({error!r}); restore a copy of the database, or give another name."
        ) from error


def _check_rows(study: optuna.Study, storage: Storage) -> None:
    """Read all that is stored of a study once."""
    with _rows(storage, study.study_name):
        for trial in study.get_trials(deepcopy=False):
            list(map(math.isfinite, trial.values or ()))  # SQLite takes a text for a number, too
        study.user_attrs  # noqa: B018


def _record(study: optuna.Study, storage: Storage) -> Record:
    record = Record.read(study)
    if record is None:
        raise StudyError(
            f"The study {study.study_name!r} in {describe(storage)} was not made by augury; give another name."
        )
    return record
