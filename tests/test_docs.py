"""What README and docs name is there."""

import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.main import get_command

import augury
from augury.cli import app
from augury.spaces.factory import space_from_json

from .plugins import Plugin

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ROOMS = {room: getattr(augury, room) for room in ("encoders", "predictors", "meta", "search")}


def anchors(page):
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
class TestPage:
    def test_code_that_it_names_is_there(self, page):
        named = set(re.findall(r"\baugury(?:\.\w+)+", page.read_text())) - {"augury.db"}
        script = "\n".join(["import augury", *sorted(named)])  # and nothing else is imported
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
        assert not done.returncode, done.stderr

    def test_components_that_it_makes_are_there(self, page):
        for room, name in re.findall(r"\b(\w+)\.make\(\"([\w-]+)\"", page.read_text()):
            assert name in ROOMS[room].available(), name

    def test_files_and_sections_that_it_names_are_there(self, page):
        text = page.read_text()
        for target, _, section in (link.partition("#") for link in re.findall(r"\]\((?!http)([^)]+)\)", text)):
            file = page.parent / target if target else page
            assert file.exists(), target
            assert not section or section in anchors(file), section
        for path in re.findall(r"`(?:python )?((?:benchmarks|examples|docs)/[\w./]*)", text):
            assert (ROOT / path).exists(), path

    def test_options_that_it_names_are_there(self, page):
        commands = get_command(app).commands
        groups = [commands, *(command.commands for command in commands.values() if hasattr(command, "commands"))]
        known = {
            option
            for group in groups
            for command in group.values()
            for parameter in command.params
            for option in parameter.opts
        } | {"--help"}
        for script in (ROOT / "benchmarks").glob("*.py"):
            known |= set(re.findall(r"\"(--[\w-]+)\"", script.read_text()))
        assert set(re.findall(r"(?<![\w-])--[a-z][\w-]+", page.read_text())) <= known


def test_the_space_in_json_is_one():
    (block,) = re.findall(r"```json\n(.*?)```", (ROOT / "docs" / "extending.md").read_text(), re.DOTALL)
    assert list(space_from_json(json.loads(block)).decisions) == ["first", "second", "width"]


@pytest.mark.slow
def test_the_code_of_own_parts_runs(tmp_path, monkeypatch):
    scope = {}
    for block in re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "extending.md").read_text(), re.DOTALL):
        exec(compile(block, "extending.md", "exec"), scope)
    assert len(scope["study"].history) == 3
    assert len(scope["task"]) == 1
    assert scope["frame"].groupby("strategy").size().to_dict() == {"genetic": 8, "greedy": 8, "tpe": 8}
    assert scope["Shape"]().fit_transform(scope["layers"].parse("first=conv, second=pool, width=32")).tolist() == [
        [32, 1]
    ]
    assert scope["shape"].n_features_ == 2
    own = scope["nearest"]
    assert scope["mean"][0] == pytest.approx(0.5)  # of the values 0 and 1, its own and that of the first beside it
    with monkeypatch.context() as patch:
        patch.setattr("augury.spaces.registry.entry_points", lambda group: [Plugin("nearest", scope["Nearest"])])
        own.save(tmp_path / "own")
        again = augury.predictors.load(tmp_path / "own")
    assert again.get_params() == {"k": 2, "target": "normal-scores"}
    for one in (own, again):
        answers = np.stack(one.predict(scope["layers"].enumerate(), return_std=True))
        np.testing.assert_array_equal(answers, np.stack([scope["mean"], scope["std"]]))


CATALOGUE = ROOT / "docs" / "catalogue.md"
TABLES = {
    "Encoders": augury.encoders,
    "Predictors": augury.predictors,
    "Meta-learners": augury.meta,
    "Search strategies": augury.search,
}


def rows(section):
    """The cells of each row of a section's tables, without their headings."""
    (text,) = re.findall(rf"^## {section}$(.*?)(?=^## |\Z)", CATALOGUE.read_text(), re.MULTILINE | re.DOTALL)
    cells = [
        [cell.strip() for cell in line.strip("| ").split(" | ")] for line in re.findall(r"^\|.*$", text, re.MULTILINE)
    ]
    return [row for row in cells if row[0] not in ("name", "class") and not row[0].startswith("---")]


def code(cell):
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.parametrize("section", TABLES)
class TestTable:
    def test_every_registered_name_has_a_row(self, section):
        room = TABLES[section]
        named = [name for row in rows(section) for name in code(row[0])]
        assert len(set(named)) == len(named)
        assert {name for name in named if name[0].islower()} == set(room.available())

    def test_papers_are_in_the_references(self, section):
        keys = set(re.findall(r"^@\w+\{(\w+),", (ROOT / "docs" / "references.bib").read_text(), re.MULTILINE))
        assert {key for row in rows(section) for key in code(row[2])} <= keys

    def test_arguments_are_those_of_the_class(self, section):
        room = TABLES[section]
        for name, _, _, arguments in rows(section):
            first = code(name)[0]
            made = room.registry.load(first) if first[0].islower() else getattr(room, first)
            alike = {other for other in code(arguments) if other in room.available()}  # "as `gin`, and `heads`"
            named = set(re.findall(r"`([a-z_]+)`", arguments)) - alike
            assert named <= set(inspect.signature(made).parameters), name


class TestCatalogue:
    def test_it_names_every_figure_of_predictors(self):
        figures = {name for name in augury.evaluation.__all__ if name.startswith("plot_")}
        assert figures == set(re.findall(r"\bplot_\w+", CATALOGUE.read_text()))

    @pytest.mark.slow
    def test_its_code_runs(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        scope = {}
        for block in re.findall(r"```python\n(.*?)```", CATALOGUE.read_text(), re.DOTALL):
            exec(compile(block, "catalogue.md", "exec"), scope)
            if "ax = " in block:
                scope.pop("ax").figure.canvas.draw()
        assert (tmp_path / "predictions.png").stat().st_size
