from typing import ClassVar

import pytest

from augury.spaces import ChoiceSpace, InputError
from augury.spaces.arguments import check_architectures, check_numbers


class Thing:
    """Has a default of each kind."""

    _least: ClassVar = {"steps": 0}
    _shares: ClassVar = {"columns": ("root",)}

    def __init__(
        self,
        trees=10,
        steps=5,
        extra=0,
        n_jobs=-1,
        rate=0.1,
        columns=0.3,
        step: float = 0.1,
        pace: "float" = 0.1,
        size: int | None = 3,
        share: int | float = 2,
        name="a",
        other=None,
        first: "int | None" = None,
        budget: "float | None" = None,
    ):
        self.__dict__.update({key: value for key, value in locals().items() if key != "self"})


@pytest.mark.parametrize(
    "fine",
    [
        {},
        {"trees": 1, "steps": 0, "extra": 0, "rate": 0},
        {"n_jobs": -2},
        {"size": None},
        {"rate": None},  # what is no number may have a meaning of its own
        {"share": 0.5},
        {"columns": 1},
        {"columns": "root"},
        {"step": 3, "pace": 0},
        {"name": -1, "other": -1},
        {"first": 0, "budget": 0.5},
        {"budget": 3},
    ],
)
def test_what_may_be(fine):
    check_numbers(Thing(**fine))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"trees": 0}, "trees is a whole number, 1 or more, such as 10; got trees=0"),
        ({"trees": None}, "got trees=None"),
        ({"trees": True}, "got trees=True"),
        ({"steps": -1}, "steps is a whole number, 0 or more, such as 5; got steps=-1"),
        ({"extra": -1}, "extra is a whole number, 0 or more"),
        ({"size": 0}, "size is a whole number, 1 or more"),
        ({"rate": -0.5}, "rate is a finite number, 0 or more, such as 0.1; got rate=-0.5"),
        ({"step": "fast"}, "step is a finite number, 0 or more, such as 0.1; got step='fast'"),
        ({"pace": None}, "pace is a finite number, 0 or more, such as 0.1; got pace=None"),
        (
            {"columns": "all"},
            "columns is a share, a number above 0 and up to 1, such as 0.3, or 'root'; got columns='all'",
        ),
        ({"columns": 7.5}, "got columns=7.5"),
        ({"columns": 0}, "got columns=0"),
        ({"columns": True}, "got columns=True"),
        ({"columns": float("nan")}, "got columns=nan"),
        ({"share": -1}, "share is a finite number, 0 or more"),
        ({"rate": float("nan")}, "got rate=nan"),
        ({"first": -1}, "first is a whole number, 0 or more, or None; got first=-1"),
        ({"first": 1.5}, "got first=1.5"),
        ({"first": "ten"}, "got first='ten'"),
        ({"budget": "ten"}, "budget is a number, or None; got budget='ten'"),
        ({"budget": False}, "got budget=False"),
    ],
)
def test_what_may_not(wrong, message):
    with pytest.raises(InputError, match=message):
        check_numbers(Thing(**wrong))


def test_a_class_may_ask_for_more():
    class Picky(Thing):
        _least: ClassVar = {"steps": 1, "trees": 0}

    class Heir(Picky):
        _least: ClassVar = {"trees": 2}

    check_numbers(Picky(steps=1, trees=0))
    check_numbers(Heir(steps=1, trees=2))
    for wrong in ({"trees": 1}, {"steps": 0}):
        with pytest.raises(InputError, match=f"{next(iter(wrong))} is a whole number, [12] or more"):
            check_numbers(Heir(**wrong))
    with pytest.raises(InputError, match="steps is a whole number, 1 or more"):
        check_numbers(Picky(steps=0))


def test_single_architectures_are_told_how_to_be_batches():
    few = ChoiceSpace({"layer": ("conv", "pool")}).enumerate()
    with pytest.raises(
        InputError, match=r"not Architecture; make a batch of it, by .*\.as_batch\(\) .* slice: .*\[:1\]"
    ):
        check_architectures(few[0], "predict")
    with pytest.raises(
        InputError, match=r"not list of Architecture; make a batch of them, .*concatenate\(.*\[\[0, 1\]\]"
    ):
        check_architectures([few[0], few[1]], "predict")
    with pytest.raises(InputError, match=r"not list; make them with space\.from_genotypes"):
        check_architectures([], "predict")
