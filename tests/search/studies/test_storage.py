from __future__ import annotations

import os
import sqlite3

import optuna
import pytest

from augury.search.quiet import quiet
from augury.search.studies import storage as module
from augury.search.studies.storage import absolute, describe, open_storage, storage_errors
from augury.spaces import InputError, MissingDependencyError, StudyError


def test_a_path_becomes_an_sqlite_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    opened = open_storage("runs.db", create=True)
    assert (tmp_path / "runs.db").is_file()
    assert opened.get_heartbeat_interval() == module.HEARTBEAT_SECONDS
    monkeypatch.chdir("/")
    assert optuna.get_all_study_names(opened) == []


@pytest.mark.parametrize("name", ["a b.db", "100%.db", "what?.db", "{brace}.db", "ünï#1.db"])
def test_odd_names_are_names(tmp_path, name):
    open_storage(tmp_path / name, create=True)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_url_and_a_path_are_the_same_file(tmp_path):
    optuna.create_study(storage=open_storage(tmp_path / "runs.db", create=True), study_name="one")
    again = open_storage(f"sqlite:///{tmp_path / 'runs.db'}", create=False)
    assert optuna.get_all_study_names(again) == ["one"]


def test_one_of_optunas_storages_is_taken_as_it_is():
    given = optuna.storages.InMemoryStorage()
    assert open_storage(given, create=False) is given


def _refused(path, message, create=True):
    with pytest.raises(StudyError, match=message) as caught:
        open_storage(path, create=create)
    assert "\n" not in str(caught.value)


def test_what_is_not_an_sqlite_database_is_refused_and_untouched(tmp_path):
    (tmp_path / "notes.txt").write_text("not a database, but dear to somebody")
    _refused(tmp_path / "notes.txt", "is not an SQLite database; give another path")
    assert (tmp_path / "notes.txt").read_text() == "not a database, but dear to somebody"
    (tmp_path / "damaged.db").write_bytes(b"SQLite format 3\0" + b"\1" * 4096)
    _refused(tmp_path / "damaged.db", "is damaged .*restore it from a copy")


def test_a_journal_of_optunas_is_told_what_it_is(tmp_path):
    path = str(tmp_path / "journal.log")
    journal = optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(path))
    with quiet():
        optuna.create_study(storage=journal)
    _refused(path, r"is a journal of Optuna's.*JournalStorage\(.*journal\.log")


def test_folders_and_missing_files(tmp_path):
    _refused(tmp_path, "is a folder; give the path of a file in it")
    _refused(tmp_path / "no" / "runs.db", "in a folder that does not exist; make the folder")
    _refused(tmp_path / "runs.db", "There is no storage .*runs.db", create=False)
    assert not (tmp_path / "runs.db").exists()
    _refused("sqlite://", "in memory is lost at the end")


def test_places_that_may_not_be_written(tmp_path, monkeypatch):
    open_storage(tmp_path / "runs.db", create=True)
    real = os.access  # root may write everywhere, so the answer is set here
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path and real(path, mode))
    _refused(tmp_path / "other.db", "in a folder that may not be written; mend its permissions")
    _refused(tmp_path / "runs.db", "in a folder that may not be written")
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path / "runs.db")
    _refused(tmp_path / "runs.db", "may not be read and written")


def test_a_locked_database_is_waited_for_and_then_reported(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.1)
    open_storage(tmp_path / "runs.db", create=True)
    other = sqlite3.connect(tmp_path / "runs.db")
    other.execute("begin exclusive")
    _refused(tmp_path / "runs.db", "has been locked by another program for 0.1 seconds; close that and run again")
    other.close()


def test_errors_in_the_middle_of_the_work_are_reported(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.1)
    opened = open_storage(tmp_path / "runs.db", create=True)
    study = optuna.create_study(storage=opened)
    other = sqlite3.connect(tmp_path / "runs.db")
    other.execute("begin exclusive")
    with pytest.raises(StudyError, match="locked by another program"), storage_errors("runs.db"):
        study.set_user_attr("a", 1)
    other.close()


def test_urls_that_lead_nowhere():
    with pytest.raises(InputError, match=r"is not a database URL; write 'sqlite:///runs.db'"):
        open_storage("what is this://", create=True)
    with pytest.raises((MissingDependencyError, StudyError), match="postgresql"):
        open_storage("postgresql://someone:secret@localhost:1/base", create=True)


def test_passwords_are_not_shown():
    assert describe("postgresql://someone:secret@host/base") == "'postgresql://someone:***@host/base'"
    assert describe("runs.db") == "'runs.db'"
    assert describe(optuna.storages.InMemoryStorage()) == "InMemoryStorage"


def test_a_relative_path_is_made_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    memory = optuna.storages.InMemoryStorage()
    assert absolute("runs.db") == str(tmp_path / "runs.db")
    assert absolute("sqlite:///runs.db") == "sqlite:///runs.db"
    assert absolute(memory) is memory


def test_quiet_is_quiet_only_within():
    optuna.logging.set_verbosity(optuna.logging.DEBUG)
    with quiet():
        assert optuna.logging.get_verbosity() == optuna.logging.WARNING
    assert optuna.logging.get_verbosity() == optuna.logging.DEBUG
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    with quiet():
        assert optuna.logging.get_verbosity() == optuna.logging.ERROR
    optuna.logging.set_verbosity(optuna.logging.INFO)
