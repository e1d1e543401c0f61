"""Names where the thing itself is needed, and numbers that are none: an error that tells the argument."""

from __future__ import annotations

import numpy as np
import pytest
from optuna.storages import InMemoryStorage

from augury import predictors
from augury.data import Metric, Task
from augury.evaluation import compare
from augury.search import (
    CommandEvaluator,
    History,
    Strategy,
    StrategySampler,
    Study,
    TableEvaluator,
    list_studies,
    make,
    simulate,
)
from augury.spaces import ChoiceSpace, InputError, NASBench201Space

SPACE = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool")})
OTHER = NASBench201Space().enumerate()[:1]
TASK = Task("mine", SPACE.enumerate(), {"accuracy": Metric(np.arange(4.0), "maximize")}, objective="accuracy")


class Proposing(Strategy):
    def __init__(self, *, given) -> None:
        self.given = given

    def _propose(self, history, n, rng):
        return self.given


def study(**other) -> Study:
    given = {
        "name": "mine", "storage": InMemoryStorage(), "space": SPACE, "strategy": make("random"),
        "evaluator": lambda architecture: {"valid_accuracy": 1.0},
    }  # fmt: skip
    return Study.create_or_load(**{**given, **other})


SLIPS = {
    "a strategy's name": (lambda: study(strategy="bayesian"), r"strategy= .* augury\.search\.make\('bayesian'\)"),
    "a strategy's class": (lambda: study(strategy=type(make("random"))), "strategy= takes an instance of Strategy"),
    "a strategy's name to load": (lambda: Study.load(storage=InMemoryStorage(), strategy="random"), "strategy= takes"),
    "a strategy's name to simulate": (lambda: simulate("random", TASK, 3, 0), r"strategy= .*make\('random'\)"),
    "a strategy's name to sample": (lambda: StrategySampler("random", SPACE), "strategy= takes"),
    "a space's name": (lambda: study(space="nas-bench-201"), r"space= .* got 'nas-bench-201'"),
    "a space's class": (lambda: study(space=NASBench201Space), "space= takes an instance of SearchSpace"),
    "a space's name to sample": (lambda: StrategySampler(make("random"), "nas-bench-201"), "space= takes"),
    "a list of texts for numbers": (lambda: History(SPACE.enumerate(), ["good"] * 4), r"y takes numbers, .* got \['good'"),
    "too few y": (lambda: History(SPACE.enumerate(), [1.0]), r"4 architectures need as many y; y has shape \(1,\)"),
    "too few of a metric": (
        lambda: History(SPACE.enumerate(), [1.0] * 4, {"latency": [1.0]}), r"4 architectures need as many metrics\['lat"
    ),
    "what is pending in another space": (
        lambda: History(SPACE.enumerate(), [1.0] * 4, pending=OTHER), r"pending= of NASBench201Space.* of one space"
    ),
    "candidates of another space": (
        lambda: History(SPACE.enumerate(), [1.0] * 4, candidates=OTHER), r"candidates= of NASBench201Space"
    ),
    "texts for a history's candidates": (
        lambda: History(SPACE.enumerate(), [1.0] * 4, candidates=["conv"]), "candidates= takes an instance of Archi"
    ),
    "texts for a history": (lambda: History(["first=conv, second=conv"], [1.0]), "architectures= takes an instance of"),
    "no history": (lambda: make("random").propose(None, 1, np.random.default_rng(0)), "history= takes .* got None"),
    "half an architecture": (
        lambda: make("random").propose(History.empty(SPACE), 1.5, np.random.default_rng(0)), r"whole number; got n=1\.5"
    ),
    "no candidates": (lambda: study(candidates=SPACE.enumerate()[:0]), "candidates= is empty; give the architectures"),
    "a meta-learner's name": (lambda: make("bayesian", meta="auto"), r"meta= .* augury\.meta\.make\('auto'\)\.fit"),
    "a meta-learner set later": (
        lambda: simulate(make("bayesian").set_params(meta="auto"), TASK, 3, 0), "meta= takes an instance of MetaLearner"
    ),
    "a number for a predictor": (lambda: simulate(make("bayesian", predictor=3, initial=1), TASK, 3, 0), "predictor="),
    "a predictor that there is not": (lambda: make("bayesian", predictor="foo").check(), "no predictor named 'foo'"),
    "an acquisition that there is not": (lambda: simulate(make("bayesian", acquisition="transfr"), TASK, 1, 0), "transfr"),
    "arguments for a predictor": (lambda: study(strategy=make("bayesian", predictor={"a": 1})).run(1), "predictor= takes"),
    "a predictor's own argument": (
        lambda: study(strategy=make("bayesian", predictor=predictors.make("gin", loss="foo"))).run(1), "named 'foo'"
    ),
    "a text for a truth value": (lambda: make("tpe", multivariate="no").check(), "True or False .* got multivariate='no'"),
    "no storage": (lambda: study(storage=None), "storage= takes the path .* got None"),
    "no storage to list": (lambda: list_studies(None), "storage= takes the path .* got None"),
    "a command for an evaluator": (lambda: study(evaluator="python x"), r"evaluator= .*CommandEvaluator\("),
    "a text for a time": (lambda: study().run(1, timeout="a"), "timeout= takes a number of seconds, .* got 'a'"),
    "a time before now": (lambda: study().run(1, timeout=-1), "timeout= takes a number of seconds, .* got -1"),
    "a time that is none": (lambda: study().run(1, timeout=float("nan")), "timeout= takes .* got nan"),
    "a text proposed": (lambda: simulate(Proposing(given="conv"), TASK, 1), "Proposing proposed 'conv'; let _propose"),
    "another space proposed": (
        lambda: simulate(Proposing(given=NASBench201Space().enumerate()[:1]), TASK, 1), "proposed architectures of NASBe"
    ),
    "an empty name": (lambda: study(name=""), "name= is empty"),
    "nothing to parse": (lambda: SPACE.parse(None), "parsed from texts, or from dictionaries; got None"),
    "a number to parse": (lambda: SPACE.parse(5), "parsed from texts, or from dictionaries; got 5"),
    "a class to compare": (
        lambda: compare({"a": type(make("random"))}, {"mine": TASK}, 1, [0]), r"strategies\['a'\]= .* RandomSearch\(\)"
    ),
    "a folder that cannot be": (
        lambda: compare({"a": make("random")}, {"mine": TASK}, 1, [0], checkpoint="/proc/xx"), "Cannot make the folder"
    ),
    "no name": (lambda: study(name=None), "name= takes"),
    "texts for candidates": (lambda: study(candidates=["conv"]), "candidates= takes"),
    "a seed below 0": (lambda: simulate(make("random"), TASK, 3, -1), "non-negative integer; got seed=-1"),
    "half a seed": (lambda: study(seed=0.5), r"non-negative integer; got seed=0\.5"),
    "a task's name": (lambda: simulate(make("random"), "cora", 3, 0), "task= takes an instance of Task"),
    "a task's name for a table": (lambda: TableEvaluator("cora"), "task= takes an instance of Task"),
    "a text for a budget": (lambda: study().run("5"), "budget= takes a whole number of at least 1; got '5'"),
    "half a budget": (lambda: simulate(make("random"), TASK, 2.5, 0), r"budget= .* got 2\.5"),
    "one callback": (lambda: study().run(1, callbacks=print), "callbacks= takes a list"),
    "no command": (lambda: CommandEvaluator(None), "command= takes"),
    "a text for a limit": (lambda: CommandEvaluator("x {architecture}", timeout_seconds="3"), "timeout_seconds='3'"),
}  # fmt: skip


def test_lists_are_numbers_of_a_history():
    history = History(SPACE.enumerate(), [1, 2, None, 4], {"latency": [1, 2, 3, 4]})
    assert history.succeeded.y.tolist() == [1.0, 2.0, 4.0]
    assert history.succeeded.metrics["latency"].tolist() == [1.0, 2.0, 4.0]


@pytest.mark.parametrize(("call", "words"), SLIPS.values(), ids=SLIPS)
def test_the_argument_is_named(call, words):
    with pytest.raises(InputError, match=words):
        call()
