from __future__ import annotations

import os
import sys

import numpy as np
import optuna
import pytest

from augury.commands.databases import split_study
from augury.search import Study
from augury.search.quiet import quiet

from .conftest import LAYERS

SCRIPT = """
import json, sys
with open("calls.txt", "a") as calls:
    print(sys.argv[1], file=calls)
print(json.dumps({"accuracy": 1.0 + sys.argv[1].count("conv")}))
"""


@pytest.fixture
def program(tmp_path, space_file):
    (tmp_path / "train.py").write_text(SCRIPT)
    command = f"{sys.executable} train.py {{architecture}}"
    search = ("search", "--command", command, "--space", "space.json", "--objective", "accuracy")
    return (*search, "--strategy", "random", "--name", "mine", "--budget", "6")


@pytest.fixture
def table(tmp_path):
    rows = [f'"{text}",{50 + i}' for i, text in enumerate(LAYERS.enumerate()[::2].format())]
    (tmp_path / "known.csv").write_text("\n".join(["architecture,accuracy", *rows, f'"{LAYERS.enumerate()[1]}",']))
    return "known.csv"


def calls(tmp_path):
    return (tmp_path / "calls.txt").read_text().splitlines()


def test_a_search_continues_from_evaluations_of_the_same_task(run, program, table, tmp_path):
    first = run(*program, "--known", table, "--report", "page.html")
    assert first.code == 0, first.err
    assert "1 of 10 rows of known.csv have no 'accuracy', and are left out" in first.err
    assert "9 evaluations of study 'mine' were known beforehand, 9 of them new" in first.err
    assert "do not count against --budget" in first.err
    assert "6/6  best 58.00" in first.err
    assert "Best of 6 evaluations, and of 9 known beforehand:" in first.out
    assert len(calls(tmp_path)) == 6
    assert not set(calls(tmp_path)) & set(LAYERS.enumerate()[::2].format())
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "6 evaluations by random and 9 known beforehand; the best accuracy is 58.00" in page
    again = run(*program, "--known", table)
    assert "known beforehand, 0 of them new" in again.err
    assert "has its 6 evaluations" in again.err
    study = Study.load(storage="augury.db")
    assert (study.known, len(study.history)) == (9, 15)
    rest = run(*program, "--budget", "20")  # without the option they are still known
    assert "All 18 architectures of the space are evaluated" in rest.err
    assert len(calls(tmp_path)) == 9


def test_a_mistyped_program_may_still_be_mended(run, program, table):
    mistyped = ("search", "--command", "pyton train.py {architecture}", *program[3:])
    assert "pyton" in run(*mistyped, "--known", table).err
    assert run(*program, "--known", table).code == 0


def test_an_optuna_study_is_continued(run, program, tmp_path):
    def objective(trial):
        for name, choices in LAYERS.decisions.items():
            trial.suggest_categorical(name, choices)
        return 5.0

    for name in ("first", "second"):
        with quiet():
            other = optuna.create_study(
                storage="sqlite:///other.db", study_name=name, direction="maximize",
                sampler=optuna.samplers.RandomSampler(seed=0),
            )  # fmt: skip
            other.optimize(objective, n_trials=4)
        if name == "first":
            assert "4 evaluations of study 'mine' were known beforehand, 4" in run(*program, "--known", "other.db").err
    assert "name one: other.db/first, other.db/second" in run(*program, "--known", "other.db").err
    assert "known beforehand, " in run(*program, "--known", "other.db/second").err


def test_the_study_of_another_name_is_continued(run, program, tmp_path):
    assert run(*program).code == 0
    anew = [*program, "--name", "anew", "--seed", "7"]
    anew.remove("mine"), anew.remove("--name")
    for new in (6, 0):
        assert f"6 evaluations of study 'anew' were known beforehand, {new}" in run(*anew, "--known", "augury.db").err
    assert len(set(calls(tmp_path))) == 12


@pytest.mark.parametrize("database", ["augury.db", "sqlite:///augury.db"])
def test_a_study_with_commas_in_its_name_is_continued(run, program, table, database):
    for name in ("other", "mine,bayesian, warm seed 0"):
        assert run(*program, "--budget", "2", "--name", name).code == 0
    anew = run(*program, "--name", "anew", "--known", f"{table}, {database}/mine,bayesian, warm seed 0 , {table}")
    assert anew.code == 0, anew.err
    assert "11 evaluations of study 'anew' were known beforehand" in anew.err


def test_a_study_on_a_server_is_named_behind_its_database():
    assert split_study("postgresql://me@host.db/base/mine, warm") == ("postgresql://me@host.db/base", "mine, warm")
    assert split_study("postgresql://me@host.db/base") == ("postgresql://me@host.db/base", None)


def test_a_database_that_may_only_be_read_is_continued(run, program, tmp_path, monkeypatch):
    assert run(*program, "--study", "old.db").code == 0
    real = os.access  # root may write everywhere, so the answer is set here
    monkeypatch.setattr(
        os, "access", lambda path, mode: not (mode & os.W_OK and "old" in str(path)) and real(path, mode)
    )
    assert "6 evaluations of study 'mine' were known" in run(*program, "--seed", "7", "--known", "old.db").err


def test_when_everything_is_known_that_is_told(run, program, tmp_path):
    rows = [f'"{text}",{50 + i}' for i, text in enumerate(LAYERS.enumerate().format())]
    (tmp_path / "all.csv").write_text("\n".join(["architecture,accuracy", *rows]))
    result = run(*program, "--known", "all.csv")
    assert result.code == 0
    assert "All 18 architectures of the space are evaluated" in result.err
    assert "Best of 0 evaluations, and of 18 known beforehand:" in result.out
    assert not (tmp_path / "calls.txt").exists()


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ("other.txt", "no table or database named 'other.txt'"),
        (" , ", "The list of --known is empty"),
        ("missing.csv", "is not there"),
        ("missing.db", "There is no storage"),
        ("wrong.csv", "no column for --objective named 'accuracy'"),
    ],
)
def test_what_is_nothing_known(run, program, tmp_path, known, words):
    (tmp_path / "wrong.csv").write_text(f'architecture,acuracy\n"{LAYERS.enumerate()[0]}",1\n')
    result = run(*program, "--known", known)
    assert result.code == 2
    assert words in result.err
    assert not (tmp_path / "augury.db").exists()
    assert not (tmp_path / "calls.txt").exists()


def test_metrics_in_the_other_direction_are_refused(run, program, tmp_path):
    assert run(*program).code == 0
    other = [*program, "--minimize", "--name", "less", "--study", "less.db"]
    assert "is to maximize 'accuracy', not to minimize it" in run(*other, "--known", "augury.db").err
    assert np.isfinite(Study.load(storage="augury.db").history.y).all()
