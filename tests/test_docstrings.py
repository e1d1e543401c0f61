"""Every public name says what it is, what it takes, and shows it."""

import inspect
import re

import pytest

import augury

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
