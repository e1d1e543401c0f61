from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import optuna
import pytest

from augury.search.quiet import quiet
from augury.search.studies.reading import connect_to_read
from augury.search.studies.sources import list_studies, study_to_task
from augury.search.studies.storage import open_storage
from augury.search.studies.study import Study
from augury.spaces import ChoiceSpace, StudyError

SPACE = ChoiceSpace({"op": ("conv", "pool")})


@pytest.fixture
def runs(tmp_path) -> Path:
    """Another program's study of one trial, in a folder of its own."""
    (tmp_path / "runs").mkdir()
    path = tmp_path / "runs" / "a b%?.db"
    with quiet():
        study = optuna.create_study(storage=open_storage(path, create=True), study_name="one")
        choices = optuna.distributions.CategoricalDistribution(("conv", "pool"))
        study.add_trial(optuna.trial.create_trial(params={"op": "pool"}, distributions={"op": choices}, value=1.0))
    return path


def database(path: Path, *tables: str) -> Path:
    connection = sqlite3.connect(path)
    for table in tables:
        connection.execute(f"create table {table} (a)")
    connection.commit()
    connection.close()
    return path


READERS = {
    "list": list_studies,
    "task": lambda storage: study_to_task(storage, space=SPACE),
    "load": lambda storage: Study.load(storage=storage),
}


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ((), r"an empty database; give one that holds a study"),
        (
            ("users", "studies", "trials", "wishes"),
            r"another program's .*tables studies, trials, users and 1 more, and n",
        ),
        (("experiments", "runs", "alembic_version"), r"a database of MLflow.*mlflow\.search_runs"),
    ],
)
@pytest.mark.parametrize("url", ["", "sqlite:///"])
def test_another_programs_database_is_refused_and_untouched(tmp_path, read, tables, message, url):
    path = database(tmp_path / "app.db", *tables)
    before = path.read_bytes()
    with pytest.raises(StudyError, match=message) as caught:
        READERS[read](f"{url}{path}")
    assert "app.db" in str(caught.value)
    assert "version of Optuna" not in str(caught.value)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_without_a_byte_is_not_grown(tmp_path):
    (tmp_path / "new.db").touch()
    for read in READERS.values():
        with pytest.raises(StudyError, match="empty database"):
            read(tmp_path / "new.db")
    assert (tmp_path / "new.db").stat().st_size == 0


def test_what_may_only_be_read_is_read(runs, monkeypatch):
    before = runs.read_bytes()
    real = os.access  # root may write everywhere, so the answer is set here
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK and real(path, mode))
    with quiet():
        assert len(study_to_task(runs, "one", space=SPACE)) == len(study_to_task(str(runs), space=SPACE)) == 1
        assert list_studies(runs) == []
    assert runs.read_bytes() == before
    assert list(runs.parent.iterdir()) == [runs]
    with pytest.raises(StudyError, match="may not be read and written"):
        open_storage(runs, create=False)


def test_nothing_can_be_written_by_mistake(runs):
    study = optuna.load_study(storage=open_storage(runs, create=False, read=True), study_name="one")
    with pytest.raises(optuna.exceptions.StorageInternalError):
        study.set_user_attr("a", 1)


def test_what_a_killed_program_left_half_written_is_read_without_it(runs, tmp_path):
    copy, writer = tmp_path / "copy.db", sqlite3.connect(runs)
    writer.execute("pragma cache_size = 1")
    writer.execute("create table more (a)")
    writer.executemany("insert into more values (?)", [("x" * 1000,)] * 200)
    shutil.copy(runs, copy)
    shutil.copy(f"{runs}-journal", f"{copy}-journal")
    writer.close()
    with pytest.raises(sqlite3.OperationalError):
        sqlite3.connect(f"{copy.as_uri()}?mode=ro", uri=True).execute("select * from studies")
    assert len(study_to_task(copy, space=SPACE)) == 1


def test_a_write_ahead_log_is_read(runs):
    writer = sqlite3.connect(runs)
    writer.execute("pragma journal_mode = wal")
    writer.execute("update studies set study_name = 'other'")
    writer.commit()
    assert len(study_to_task(runs, "other", space=SPACE)) == 1
    writer.close()
    assert len(study_to_task(runs, "other", space=SPACE)) == 1


def test_an_older_version_of_optuna_is_told(runs):
    connection = sqlite3.connect(runs)
    connection.execute("drop table trial_heartbeats")
    connection.close()
    with pytest.raises(StudyError, match=r"another version of Optuna.*`optuna storage upgrade`"):
        study_to_task(runs, space=SPACE)


def test_a_file_that_cannot_be_opened_is_told(tmp_path):
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        connect_to_read(str(tmp_path / "none.db"), 0.1)
