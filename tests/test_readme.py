"""What the README says runs."""

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


@pytest.mark.slow
def test_the_first_example_is_short_and_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    first = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[0]
    assert len([line for line in first.splitlines() if line.strip()]) <= 15
    scope = {}
    exec(compile(first, "README.md", "exec"), scope)
    assert float(capsys.readouterr().out.split()[0]) > 66  # percent; the median of the task is below
    assert scope["mean"].shape == scope["std"].shape == (5,)


@pytest.mark.slow
def test_the_second_example_runs_after_the_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first, second = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    scope = {}
    exec(compile(first, "README.md", "exec"), scope)
    exec(compile(second.replace("run(30, workers=2)", "run(3)"), "README.md", "exec"), scope)
    assert os.path.exists("study.db")
    assert len(scope["study"].history) == 3


def test_every_file_it_names_is_there():
    for target in re.findall(r"\]\((?!http)([^)]+)\)", README):
        assert (ROOT / target).exists(), target
    for folder in re.findall(r"^\| `(\w+)/`", README, re.MULTILINE):
        assert (ROOT / folder).is_dir()


def test_every_command_it_names_is_there():
    from typer.testing import CliRunner

    from augury.cli import app

    for command in re.findall(r"^augury ([a-z]+(?: list)?)", README, re.MULTILINE):
        assert CliRunner().invoke(app, [*command.split(), "--help"]).exit_code == 0, command
