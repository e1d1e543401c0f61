from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys

import pytest

import augury
from augury import data
from augury.commands import console

HEAVY = ("torch", "torch_geometric", "xgboost", "pandas", "sklearn", "optuna", "matplotlib", "scipy", "numpy")
NAMES = ("demo", "search", "compare", "design", "fit", "predict", "data")
COMMANDS = ([], *([name] for name in NAMES), ["data", "list"], ["data", "info"])


def test_help_imports_nothing_heavy():
    script = f"""
import json, sys
from augury.cli import app
for command in {COMMANDS!r}:
    try:
        app([*command, "--help"])
    except SystemExit as end:
        assert not end.code, command
print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == []
    for words in (*NAMES, "--sources", "--source-size"):
        assert words in done.stdout


@pytest.mark.parametrize(
    ("command", "components"), [("fit", augury.predictors), ("search", augury.search), ("compare", augury.search)]
)
def test_help_names_all_that_there_are_to_choose_from(run, command, components):
    text = re.sub(r"-\s+", "-", run(command, "--help").out)  # lines may be broken at a hyphen
    for name in components.available():
        assert re.search(rf"(?<![\w-]){name}(?![\w-])", text), name


@pytest.mark.parametrize("command", ["search", "compare", "design", "fit"])
def test_help_names_all_meta_learners(run, command):
    text = re.sub(r"-\s+", "-", run(command, "--help").out)
    for name in augury.meta.available():
        assert re.search(rf"(?<![\w-]){name}(?![\w-])", text), name


def test_version(run):
    assert run("--version").out.strip() == augury.__version__


def test_an_unknown_option_is_told_with_exit_code_2(run):
    result = run("fit", "--tabel", "x.csv")
    assert result.code == 2
    assert "--tabel" in result.err


def test_a_foreseen_error_is_one_line(run):
    result = run("data", "info", "nas-bench-grpah")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(
        "Error: There is no benchmark or graph named 'nas-bench-grpah'. Did you mean 'nas-bench-graph'?"
    )
    assert result.err.count("\n") == 1


def test_an_unforeseen_error_keeps_its_traceback(run, monkeypatch):
    def broken(name):
        raise RuntimeError("a bug")

    monkeypatch.setattr(data, "info", broken, raising=False)
    with pytest.raises(RuntimeError, match="a bug"):
        run("data", "info", "nas-bench-graph")


def test_help_tells_of_predictors_too(run):
    assert "compare  Compare strategies, predictors or meta-learners on tasks." in run("--help").out


def test_an_interrupt_says_how_to_go_on(run, monkeypatch):
    def interrupted(name):
        raise KeyboardInterrupt

    monkeypatch.setattr(data, "info", interrupted, raising=False)
    result = run("data", "info", "a name")
    assert result.code == 2  # unknown names come first
    result = run("data", "info", "nas-bench-graph")
    assert result.code == 130
    assert result.err.endswith("To go on: augury data info nas-bench-graph\n")
    assert result.err.count("\n") == 1


def test_messages_go_to_standard_error(capsys):
    console.say("working")
    console.out().print("found [it]")
    captured = capsys.readouterr()
    assert (captured.err, captured.out) == ("working\n", "found [it]\n")


def test_it_can_be_run_as_a_module():
    done = subprocess.run([sys.executable, "-m", "augury", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == augury.__version__


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_what_the_terminal_cannot_show_is_replaced(monkeypatch, encoding):
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    console.out().print("a → b − c, 1 ± 2, 雪", soft_wrap=True)
    stream.flush()
    spread = "+/-" if encoding == "ascii" else "±"
    assert written.getvalue().decode(encoding) == f"a -> b - c, 1 {spread} 2, ?\n"


def test_help_is_shown_without_unicode():
    done = subprocess.run(
        [sys.executable, "-m", "augury", "fit", "--help"], capture_output=True, check=True,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
    )  # fmt: skip
    assert b"_seed1 ..." in b" ".join(done.stdout.split())
