"""What a chain of decisions may be made of, and that the order of decisions counts."""

import json
from enum import StrEnum

import numpy as np
import pytest

from augury.data import Task
from augury.encoders import OneHot
from augury.spaces import ChoiceSpace, EdgeCellSpace, InputError, NASBenchGraphSpace, OperationCost, concatenate
from augury.spaces.factory import space_from_json, space_to_json

UNSORTED = {"width": (8, 16, 32), "operation": ("conv", "pool"), "depth": (1, 2, 3)}
SPACE = ChoiceSpace(UNSORTED)
SORTED = ChoiceSpace(dict(sorted(UNSORTED.items())))


def test_json_keeps_the_order_even_if_it_sorts_names():
    text = json.dumps(space_to_json(SPACE), sort_keys=True)
    again = space_from_json(json.loads(text))
    assert list(again.decisions) == list(UNSORTED)
    assert again == SPACE
    assert again.enumerate().format() == SPACE.enumerate().format()


def test_a_mapping_and_a_list_of_pairs_are_one():
    assert ChoiceSpace(list(UNSORTED.items())) == SPACE
    described = {"type": "ChoiceSpace", "arguments": {"decisions": UNSORTED}}
    assert space_from_json(described) == SPACE
    assert "'width': [8, 16, 32]" in repr(SPACE)


def test_choices_and_decisions_called_input_and_output_are_operations():
    space = ChoiceSpace({"norm": ("input", "output"), "op": ("conv", "pool")})
    graphs = space.from_genotypes([[1, 0]]).graphs()
    assert graphs.labels == ("input", "output", "input", "output", "conv", "pool")
    assert graphs.ops.tolist() == [[0, 3, 4, 1]]
    assert ChoiceSpace({"input": (1, 2)}).enumerate().graphs().ops.tolist() == [[0, 2, 1]] * 2


def test_another_order_is_another_space():
    same = {"b": ("x", "y"), "a": ("x", "y")}
    for one, other in ((SPACE, SORTED), (ChoiceSpace(same), ChoiceSpace(dict(sorted(same.items()))))):
        assert one != other
        assert hash(one) != hash(other)
    with pytest.raises(InputError, match=r"another order, \['width', 'operation', 'depth'\] and \['depth'"):
        concatenate([SPACE.enumerate(), SORTED.enumerate()])


@pytest.mark.parametrize(
    ("one", "other"), [((True, False), (1, 0)), ((1, 2), (1.0, 2.0)), (("1", "2"), (1, 2)), ((1, 2), (2, 1))]
)
def test_choices_of_another_type_are_of_another_space(one, other):
    spaces = [ChoiceSpace({"layer": ("a", "b"), "norm": choices}) for choices in (one, other)]
    assert spaces[0] != spaces[1]
    with pytest.raises(InputError, match="fit it anew"):
        OneHot().fit(spaces[0].enumerate()).transform(spaces[1].enumerate())
    for space in spaces:
        assert space_from_json(json.loads(json.dumps(space_to_json(space)))) == space


def test_numpy_values_are_what_they_stand_for():
    plain = ChoiceSpace({"width": (16, 32, 64), "rate": (0.5, 0.25), "operation": ("conv", "pool")})
    given = {
        "width": np.array([16, 32, 64]),
        np.str_("rate"): [np.float64(0.5), np.float32(0.25)],
        "operation": np.array(["conv", "pool"]),
    }
    space = ChoiceSpace(given, operation_costs={"conv": OperationCost(parameters=np.int64(9))})
    assert space.operations == plain.operations == ("width", "rate", "conv", "pool")
    assert space == ChoiceSpace(plain.decisions, operation_costs={"conv": {"parameters": 9}})
    np.testing.assert_array_equal(space.enumerate().graphs().attributes, plain.enumerate().graphs().attributes)
    assert space_from_json(json.loads(json.dumps(space_to_json(space)))) == space
    assert {type(choice) for choices in space.decisions.values() for choice in choices} == {int, float, str}


def test_members_of_an_enumeration_are_what_they_stand_for():
    class Operation(StrEnum):
        CONV = "conv"
        POOL = "pool"

    space = ChoiceSpace({"layer": tuple(Operation)})
    assert space == ChoiceSpace({"layer": ("conv", "pool")})
    assert space_from_json(json.loads(json.dumps(space_to_json(space)))) == space


def test_numpy_values_make_a_cell():
    cell = EdgeCellSpace(operations=np.array(["none", "conv"]), nodes=np.int64(3))
    assert cell == EdgeCellSpace(operations=("none", "conv"), nodes=3)
    assert space_from_json(json.loads(json.dumps(space_to_json(cell)))) == cell
    assert type(cell.operations[0]) is str


@pytest.mark.parametrize(
    ("decisions", "message"),
    [
        ({"op": "relu"}, r"'op' are a list, such as \['relu'\]; got 'relu'"),
        ({"a": 3}, r"'a' are a list, such as \[3\]; got 3"),
        ({"a": np.array(3)}, r"'a' are a list"),
        ({"a": None}, "'a' are a list"),
        ({"a": {"x", "y"}}, "'a' are a list"),
        ({"a": {"x": 1}}, "'a' are a list"),
        ({"a": ["x", None]}, "'a': a choice is a text or a finite number; got None"),
        ({"a": [1.0, float("nan")]}, "got nan"),
        ({"a": [[1], [2]]}, r"got \[1\]"),
        ({"a": np.zeros((2, 2))}, "got array"),
        ({3: ("x", "y")}, "name of a decision is a text; got 3"),
        ("abc", "mapping of names to choices.*got 'abc'"),
        (3, "mapping of names to choices.*got 3"),
        ([("a", "b", "c")], "mapping of names to choices"),
        (["ab"], "mapping of names to choices"),
        ([("a", ("x", "y")), ("a", ("x", "z"))], "two decisions named 'a'"),
        ([], "at least one decision"),
        ({"a": range(65_535)}, "has 65,535 choices; 65,534 are allowed"),
        ({"a": (1e39, 1.0)}, "'a' has a number beyond"),
        ({"a": (10**400, 1)}, "'a' has a number beyond"),
        ({"a": ("x", "y ")}, "'y ' begins or ends with a space"),
        ({"a\n": ("x", "y")}, "begins or ends with a space"),
    ],
)
def test_what_is_no_decision_is_told(decisions, message):
    with pytest.raises(InputError, match=message):
        ChoiceSpace(decisions)


@pytest.mark.parametrize(
    ("operations", "nodes", "message"),
    [
        ("abc", 3, r"operations of a cell are a list, such as \['abc'\]; got 'abc'"),
        (None, 3, "operations of a cell are a list"),
        (("none", 3), 3, "are texts; got 3"),
        (("none", "conv|pool"), 3, r"may not hold '\|'.*'conv\|pool'"),
        (("none", "conv"), 2.5, "nodes is a whole number, 2 or more; got nodes=2.5"),
        (("none", "conv"), "3", "nodes is a whole number, 2 or more; got nodes='3'"),
    ],
)
def test_what_is_no_cell_is_told(operations, nodes, message):
    with pytest.raises(InputError, match=message):
        EdgeCellSpace(operations=operations, nodes=nodes)


def test_all_of_the_most_choices_differ():
    assert len(ChoiceSpace({"a": range(65_534)}).enumerate().distinct()) == 65_534


def test_an_operation_may_have_a_plus_in_its_name():
    cells = EdgeCellSpace(operations=("none", "conv+bn", "+"), nodes=3).enumerate()
    assert cells.space.parse(cells.format()) == cells


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a=x, b=1, a=y", "says what 'a' is twice, at last in the part 'a=y'"),
        ("a=x, b=1, foo", "has the part 'foo', which is no choice; write it like 'a=x, b=1'"),
        ("a=x, b=1,", "has the part '', which is no choice"),
        ("a=x, b=1, c=2", "decision named 'c'"),
        ("a=x", "says nothing of 'b'"),
    ],
)
def test_a_text_is_read_whole(text, message):
    space = ChoiceSpace({"a": ("x", "y"), "b": (1, 2)})
    with pytest.raises(InputError, match=message):
        space.parse(text)
    assert space.parse("b = 2 ,a=y").genotypes.tolist() == [[1, 1]]


def test_choices_that_are_numbers_are_told_by_size():
    with pytest.raises(InputError, match=r"Choose one of: 0\.5, 16, 64, 128\.$"):
        ChoiceSpace({"width": (64, 128, 0.5, 16)}).parse("width=31")
    with pytest.raises(InputError, match=r"Choose one of: 128, 16, pool\.$"):
        ChoiceSpace({"width": ("pool", "16", "128")}).parse("width=31")


def test_an_architecture_tells_its_choices():
    space = ChoiceSpace({"op": ("conv", "pool"), "width": (16, 64), "rate": (0.1, 0.5), "bias": (True, False)})
    choices = space.parse("op=pool, width=64, rate=0.1, bias=False")[0].choices
    assert choices == {"op": "pool", "width": 64, "rate": 0.1, "bias": False}
    assert list(map(type, choices.values())) == [str, int, float, bool]


def test_architectures_of_every_space_tell_their_choices():
    cell = EdgeCellSpace(operations=("none", "conv"), nodes=3)
    assert cell.from_genotypes([[1, 0, 1]])[0].choices == {"edge 0→1": "conv", "edge 0→2": "none", "edge 1→2": "conv"}
    layers = NASBenchGraphSpace().parse("|gcn~0|gat~0|skip~1|fc~2|")[0].choices
    assert layers == {"links": "0 0 1 2", "node 1": "gcn", "node 2": "gat", "node 3": "skip", "node 4": "fc"}


NUMBERS = ChoiceSpace({"width": (16, 32), "rate": (0.001, 0.01), "kind": ("1", "1.0"), "mixed": ("auto", 8)})


@pytest.mark.parametrize(
    ("text", "genotype"),
    [
        ("width=32.0, rate=1e-3, kind=1, mixed=8.0", [1, 0, 0, 1]),
        ("width=+16, rate=1E-02, kind=1.0, mixed=auto", [0, 1, 1, 0]),
    ],
)
def test_numbers_in_texts_are_compared_as_numbers(text, genotype):
    assert NUMBERS.parse(text).genotypes.tolist() == [genotype]


@pytest.mark.parametrize("wrong", ["width=16.1", "width=nan", "rate=0.0010000001", "kind=1e0", "mixed=True"])
def test_what_is_no_choice_is_told(wrong):
    right = {"width": "16", "rate": "0.01", "kind": "1", "mixed": "auto"}
    name, _, value = wrong.partition("=")
    with pytest.raises(InputError, match=f"no choice of '{name}' named '{value}'"):
        NUMBERS.parse(", ".join(f"{name}={choice}" for name, choice in (right | {name: value}).items()))


def test_a_choice_that_is_written_so_goes_before_one_that_is_as_large():
    space = ChoiceSpace({"a": (1, 1.0)})
    assert space.parse(["a=1", "a=1.0", "a=1e0"]).genotypes.ravel().tolist() == [0, 1, 0]
    given = ["a=True", "a=1", "a=1e0", {"a": True}, {"a": 1.0}]
    assert ChoiceSpace({"a": (True, 1)}).parse(given).genotypes.ravel().tolist() == [0, 1, 1, 0, 1]
    assert ChoiceSpace({"a": (2, 1)}).parse(given).genotypes.ravel().tolist() == [1] * 5
    assert ChoiceSpace({"a": (False, True)}).parse(given).genotypes.ravel().tolist() == [1] * 5


def test_each_choice_is_written_once_however_many_are_read():
    class Counted(int):
        written = 0

        def __str__(self):
            Counted.written += 1
            return int.__repr__(self)

    space = ChoiceSpace({"width": [Counted(i) for i in range(1000)]})
    made = Counted.written
    for given in ([f"width={i}e0" for i in range(1000)], [{"width": float(i)} for i in range(1000)]):
        assert space.parse(given) == space.enumerate()
    table = {"width": np.arange(1000.0), "accuracy": np.zeros(1000)}
    task = Task.from_table(table, space=space, metrics={"accuracy": "maximize"}, objective="accuracy", name="mine")
    assert task.architectures == space.enumerate()
    assert Counted.written - made < 10 * 1000


def test_of_numbers_that_are_nearly_alike_the_nearest_is_meant():
    space = ChoiceSpace({"a": (1.0, 1.0000000004, -2, 0)})
    given = ["a=1e0", "a=1.00000000039", "a=1.00000000001", "a=-1.999999999999", "a=0.0"]
    assert space.parse(given).genotypes.ravel().tolist() == [0, 1, 0, 2, 3]


def test_dictionaries_are_read():
    space = ChoiceSpace({"op": ("conv", "pool"), "width": (16, 32), "bias": (True, False)})
    given = [
        {"width": 32, "op": "conv", "bias": False},
        {"op": np.str_("pool"), "width": np.float64(16), "bias": "True"},
    ]
    assert space.parse(given).genotypes.tolist() == [[0, 1, 1], [1, 0, 0]]
    assert space.parse(given[0]).genotypes.tolist() == [[0, 1, 1]]
    assert space.parse([given[1], "op=pool, width=32, bias=True"]).genotypes.tolist() == [[1, 0, 0], [1, 1, 0]]
    every = space.enumerate()
    assert space.parse(one.choices for one in every) == every
    cells = EdgeCellSpace(operations=("none", "conv"), nodes=3).enumerate()
    assert cells.space.parse([one.choices for one in cells]) == cells


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"a": "z", "b": 1}, "Architecture 1: There is no choice of 'a' named 'z'"),
        ({"a": "x", "b": [1]}, r"no choice of 'b' named \[1\]"),
        ({"a": "x", "c": 1}, "no decision named 'c'"),
        ({"a": "x"}, r"\{'a': 'x'\} says nothing of 'b'; choose one of \[1, 2\]"),
        (3, "parsed from texts, or from dictionaries; got 3"),
    ],
)
def test_dictionaries_that_are_none_of_the_space_are_told(given, message):
    space = ChoiceSpace({"a": ("x", "y"), "b": (1, 2)})
    with pytest.raises(InputError, match=message):
        space.parse(["a=x, b=1", given])
