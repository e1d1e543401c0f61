"""Every public name says what it is, what it takes, and shows it."""

import ast
import inspect
import re
from pathlib import Path

import pytest

import augury

ROOT = Path(__file__).parent.parent
ROOMS = ("spaces", "data", "encoders", "predictors", "meta", "search", "evaluation")
PUBLIC = [(room, name) for room in ROOMS for name in getattr(augury, room).__all__]
DESCRIBED = re.compile(r"^    (\w+(?:, \w+)*):", re.MULTILINE)


def documented(room, name):
    """The object and its own docstring; a class does not inherit one."""
    found = getattr(getattr(augury, room), name)
    return found, inspect.cleandoc((vars(found).get("__doc__") if inspect.isclass(found) else found.__doc__) or "")


def described(doc):
    """The names in the sections of arguments and, of classes that only hold them, attributes."""
    sections = re.findall(r"^(?:Args|Attributes):\n((?:[ ]{4}.*\n|\n)+)", doc + "\n", re.MULTILINE)
    return {name for section in sections for names in DESCRIBED.findall(section) for name in names.split(", ")}


def arguments(found):
    """What a function, or a class's constructor, is called with; an exception takes its message alone."""
    if inspect.isclass(found) and issubclass(found, Exception) and "__init__" not in vars(found):
        return set()
    several = (inspect.Parameter.VAR_POSITIONAL,)  # what a protocol's constructor has
    given = [each for each in inspect.signature(found).parameters.values() if each.kind not in several]
    return {each.name for each in given} - {"args", "kwargs"}


@pytest.mark.parametrize(("room", "name"), PUBLIC, ids=lambda part: part)
def test_public_name_is_documented(room, name):
    found, doc = documented(room, name)
    first, *rest = doc.splitlines()
    assert first.endswith("."), "a sentence on a line of its own"
    assert not re.search(r"\. [A-Z]", first), "one sentence alone"
    assert not rest or not rest[0], "a blank line after the first sentence"
    if inspect.ismodule(found):
        return
    assert ">>> " in doc, "an example"
    if inspect.isclass(found) or inspect.isroutine(found):
        assert arguments(found) <= described(doc)


def test_descriptions_are_found():
    doc = "Adds.\n\nArgs:\n    a, b: Numbers: any.\n        more: of this\n    c: One.\n\nRaises:\n    Error: Never.\n"
    assert described(doc) == {"a", "b", "c"}


def parsed():
    return {path: ast.parse(path.read_text()) for room in ROOMS for path in (ROOT / room).rglob("*.py")}


def identifiers(tree):
    """The names that code defines or uses."""
    for node in ast.walk(tree):
        yield from (str(getattr(node, field)) for field in ("name", "arg", "id", "attr") if hasattr(node, field))


def docstrings(tree):
    """Those of modules, classes and functions, and the texts that stand behind constants and attributes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value


def test_names_in_backticks_are_there():
    files = parsed()
    known = {name for tree in files.values() for name in identifiers(tree)} | {path.stem for path in files}
    for path, tree in files.items():
        for named in re.findall(r"(?<!`)`([\w.]+)`(?!`)", "\n".join(docstrings(tree))):
            assert set(named.split(".")) - {"augury"} <= known, f"{path.relative_to(ROOT)}: {named}"
