"""JSON objects in what programs print."""

import math
import time

import pytest

from augury.search.printed_metrics import last_object, numbers_of


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", None),
        ("accuracy: 91.5", None),
        ('[{"a": 1}]', None),
        ('{"a": 1} and more', None),
        ('result {"a": 1}', None),
        ("{'a': {}}", None),
        ('{"a": 1', None),
        ('[epoch\r  {"a": 1}  \r\n', {"a": 1.0}),
        ('{"a": 1\n{"a": 2}', {"a": 2.0}),
        ('{"a": oops, "b":\n{"c": 3}}', None),
        ('{"a": 1}\n{"b": 2}\n{"c": 3', {"b": 2.0}),
        ('{"a": "}\\"{"}', {"a": '}"{'}),
        ('{"a": 1}\n' + '{"a":' * 100_000, {"a": 1.0}),
        ("{\n}", {}),
    ],
)
def test_the_last_that_begins_and_ends_its_lines(text: str, found: dict[str, object] | None) -> None:
    assert last_object(text) == found


def test_what_is_no_number_of_json_is_one_of_python() -> None:
    assert last_object('{"a": Infinity, "b": ' + "1" * 5000 + "}") == {"a": math.inf, "b": math.inf}


@pytest.mark.parametrize(
    "line", ["{", '{"a":', '{"a": 1}', '{"a": tensor(1)}', '{"a": [1, 2,', "{'loss': 0.1}", " " * 50, '{"a": 1, "b": {']
)
def test_a_very_long_output_is_read_in_a_moment(line: str) -> None:
    start = time.perf_counter()
    last_object(f"{line}\n" * 200_000)
    assert time.perf_counter() - start < 3


def test_numbers_and_what_is_none() -> None:
    numbers, others = numbers_of({"a": 1, "b": "2.5", "c": None, "d": {"x": 1}, "e": "high", "f": [1]})
    assert (numbers.pop("a"), numbers.pop("b")) == (1.0, 2.5)
    assert math.isnan(numbers.pop("c"))
    assert not numbers
    assert list(others) == ["d", "e", "f"]
