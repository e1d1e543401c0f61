import pickle

import pytest

import augury
from augury.spaces import ChoiceSpace, InputError, Registry, UnknownNameError

from ..plugins import Plugin


@pytest.fixture
def registry():
    entries = {"choice": "choice:ChoiceSpace", "broken": "choice:ChoiceSpace"}
    return Registry("space", "augury.spaces", entries, aliases={"default": "choice"})


def test_names_lead_to_classes(registry):
    assert registry.available() == ("broken", "choice", "default")
    assert registry.load("default") is ChoiceSpace
    space = registry.make("choice", decisions={"a": ("x", "y")})
    assert isinstance(space, ChoiceSpace)
    assert list(registry) == list(registry.available())


def test_an_unknown_name_lists_the_nearest(registry):
    with pytest.raises(UnknownNameError, match=r"no space named 'choise'. Did you mean 'choice'\? Choose one of"):
        registry.make("choise")


def test_a_wrong_argument_is_named(registry):
    with pytest.raises(InputError, match="Cannot make the space 'choice'"):
        registry.make("choice", wrong=1)


def test_an_instance_has_its_name_and_not_an_alias():
    registry = Registry("space", "augury.spaces", {"choice": "choice:ChoiceSpace"}, aliases={"a": "choice"})
    assert registry.name_of(ChoiceSpace({"a": ("x",)})) == "choice"
    with pytest.raises(InputError, match=r"space int has no name .*group augury\.spaces that leads to 'builtins:int'"):
        registry.name_of(3)


@pytest.mark.parametrize("room", ["encoders", "predictors", "meta", "search"])
def test_every_class_has_the_name_that_leads_to_it(room):
    registry = getattr(augury, room).registry
    for name in set(registry.available()) - {"auto"}:
        assert registry.name_of(object.__new__(registry.load(name))) == name


def test_a_name_is_found_without_importing_the_other_classes():
    registry = Registry("space", "augury.spaces", {"a": "no_such_module:A", "choice": "choice:ChoiceSpace"})
    assert registry.name_of(ChoiceSpace({"a": ("x",)})) == "choice"


def test_plug_ins_are_found(registry, monkeypatch):
    monkeypatch.setattr("augury.spaces.registry.entry_points", lambda group: [Plugin("mine", dict)])
    assert "mine" in registry.available()
    assert registry.make("mine", x=1) == {"x": 1}
    assert registry.name_of({}) == "mine"


def test_a_broken_plug_in_does_not_hide_the_names_of_others(registry, monkeypatch):
    class Broken:
        name = "a-broken-one"

        @staticmethod
        def load():
            raise ImportError("no module named 'elsewhere'")

    monkeypatch.setattr("augury.spaces.registry.entry_points", lambda group: [Broken, Plugin("mine", dict)])
    assert registry.name_of(ChoiceSpace({"a": ("x",)})) in ("choice", "broken")
    assert registry.name_of({}) == "mine"


def test_an_instance_is_no_name(registry):
    with pytest.raises(InputError, match=r"The space is given by its name here, such as 'broken'.*got ChoiceSpace\("):
        registry.make(ChoiceSpace({"a": ("x",)}))
    with pytest.raises(InputError, match="given by its name"):
        registry.load(["choice"])


def test_errors_come_back_from_other_processes():
    error = UnknownNameError("space", "choise", ["choice"])
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is UnknownNameError
    assert str(again) == str(error)
