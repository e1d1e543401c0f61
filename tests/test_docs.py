"""What README and docs name is there."""

import importlib
import re
from pathlib import Path

import pytest
from typer.main import get_command

import augury
from augury.cli import app

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ROOMS = {room: getattr(augury, room) for room in ("encoders", "predictors", "meta", "search")}


def resolve(dotted):
    """The object of a dotted name; raises if a part of it is not there."""
    found, path = augury, "augury"
    for part in dotted.split(".")[1:]:
        path = f"{path}.{part}"
        try:
            found = getattr(found, part)
        except AttributeError:
            found = importlib.import_module(path)
    return found


def anchors(page):
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
class TestPage:
    def test_code_that_it_names_is_there(self, page):
        for dotted in set(re.findall(r"\baugury(?:\.\w+)+", page.read_text())) - {"augury.db"}:
            resolve(dotted)

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
