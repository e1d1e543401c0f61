from __future__ import annotations

from collections import UserDict

import numpy as np
import pytest
import torch

from augury.search.evaluators import MissingMetricError
from augury.search.studies.outcome import Outcome, evaluate
from augury.spaces import ChoiceSpace, InputError

ONE = ChoiceSpace({"first": ("conv", "pool")}).enumerate()[0]


def outcome(given):
    return evaluate(lambda architecture: given, ONE, "accuracy")


def test_numbers_of_any_kind_are_numbers():
    given = {"accuracy": np.float32(0.5), "latency": np.int64(3), "loss": torch.tensor([0.25]), "done": True}
    found = outcome(given)
    assert found == Outcome(0.5, {"latency": 3.0, "loss": 0.25, "done": 1.0})
    assert {type(number) for number in (found.value, *found.metrics.values())} == {float}


def test_what_is_no_finite_number_is_missing():
    given = {"accuracy": 0.5, "text": "good", "pair": np.ones(2), "none": None, "nan": np.nan, "inf": -np.inf}
    assert outcome(given) == Outcome(0.5, {})


class Unwilling:
    """No number, and what it raises is not what a number would."""

    def __float__(self):
        raise KeyError("no number")

    def __str__(self):
        raise RuntimeError("no text")


def test_an_objective_is_kept_whatever_stands_beside_it():
    assert outcome({"accuracy": 0.5, "large": 10**400, "object": Unwilling()}) == Outcome(0.5, {})


@pytest.mark.parametrize("name", ["augury:withdrawn", "architecture", "failure"])
def test_metrics_are_kept_apart_from_the_book_keeping(name):
    assert outcome({"accuracy": 0.5, name: 1.0}) == Outcome(0.5, {f"metric_{name}": 1.0})


def test_a_mapping_that_cannot_be_read_is_a_failure():
    class Broken(UserDict):
        def __iter__(self):
            raise OSError("gone")

    assert outcome(Broken(accuracy=0.5)).failure == "OSError: gone"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"latency": 1.0}, "the objective 'accuracy' is not among the metrics ['latency']"),
        ({"accuracy": "high", "latency": 1.0}, "the objective 'accuracy' is 'high'"),
        ({"accuracy": None, "latency": 1.0}, "the objective 'accuracy' is None"),
    ],
)
def test_a_missing_objective_is_a_failure_that_keeps_the_other_metrics(given, reason):
    assert outcome(given) == Outcome(None, {"latency": 1.0}, failure=reason)


def test_metrics_of_an_evaluation_that_lacks_some_are_taken():
    def lacks(architecture):
        raise MissingMetricError("no test_accuracy", found)

    found = {"accuracy": 0.5, "latency": 1.0}
    assert evaluate(lacks, ONE, "accuracy") == Outcome(0.5, {"latency": 1.0})
    reason = "the objective 'error' is not among the metrics ['accuracy', 'latency']"
    assert evaluate(lacks, ONE, "error") == Outcome(None, found, failure=reason)


def test_an_exception_is_a_failure_in_one_line_of_bounded_length():
    def fail(error):
        def evaluator(architecture):
            raise error

        return evaluate(evaluator, ONE, "accuracy")

    assert fail(MemoryError()).failure == "MemoryError"
    assert fail(ValueError("two\n  lines")).failure == "ValueError: two lines"
    assert len(fail(ValueError("x" * 10_000)).failure) == 1_000
    assert fail(type("Mute", (ValueError,), {"__str__": Unwilling.__str__})()).failure == "Mute"
    assert "in evaluator" in fail(ValueError("x")).traceback
    with pytest.raises(InputError):
        fail(InputError("no evaluation can succeed"))
    with pytest.raises(KeyboardInterrupt):
        fail(KeyboardInterrupt())


def test_what_an_exception_has_noted_is_kept():
    def fail(error):
        def evaluator(architecture):
            error.add_note("Its standard error ended with:\n" + "CUDA out of memory\n" * 200)
            raise error

        return evaluate(evaluator, ONE, "accuracy").traceback

    assert fail(ValueError("exit code 1")).count("CUDA out of memory\n") == 200
    assert fail(MissingMetricError("no accuracy", {"loss": 1.0})).count("CUDA out of memory\n") == 200
    assert fail(MissingMetricError("no loss", {"accuracy": 1.0})) is None
