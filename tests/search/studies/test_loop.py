from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from augury.search.studies.claims import Claim
from augury.search.studies.loop import Reporter, evaluate_in_turn
from augury.spaces import ChoiceSpace

SPACE = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool")})


class Claims:
    """Hands out all architectures in order; the first attempts to store a result may be interrupted."""

    def __init__(self, interruptions=0, interruption=KeyboardInterrupt):
        self.interruption = interruption
        self.left = list(enumerate(SPACE.enumerate()))
        self.stored = []
        self.interruptions = interruptions

    def next(self, budget):
        return Claim(*self.left.pop(0)) if len(self.stored) < budget and self.left else None

    def under_way(self, claim):
        return nullcontext()

    def finish(self, claim, outcome):
        if self.interruptions:
            self.interruptions -= 1
            raise self.interruption
        self.stored.append((claim.trial_id, outcome.value))


def evaluator(architecture):
    return {"accuracy": float(sum(architecture.genotype))}


def test_until_nothing_is_left_or_it_may_not_go_on():
    for budget, answers, expected in ((9, [True] * 9, 4), (3, [True] * 9, 3), (9, [True, True, False], 2)):
        claims, reports, answers = Claims(), [], iter(answers)
        evaluate_in_turn(
            claims, evaluator, "accuracy", budget, go_on=lambda a=answers: next(a), report=lambda r=reports: r.append(1)
        )
        assert claims.stored == [(0, 0.0), (1, 1.0), (2, 1.0), (3, 2.0)][:expected]
        assert len(reports) == expected


def test_a_result_that_is_there_is_stored_before_the_run_is_interrupted():
    claims = Claims(interruptions=1)
    with pytest.raises(KeyboardInterrupt):
        evaluate_in_turn(claims, evaluator, "accuracy", 9, go_on=lambda: True, report=lambda: None)
    assert claims.stored == [(0, 0.0)]


def test_a_result_that_cannot_be_stored_is_told(caplog):
    with pytest.raises(OSError, match="full"):
        evaluate_in_turn(Claims(1, OSError("full")), evaluator, "accuracy", 9, go_on=lambda: True, report=lambda: None)
    assert caplog.messages == ["This could not be stored: first=conv, second=conv gave {'accuracy': 0.0}"]


def test_the_reporter_tells_only_what_is_new():
    ended, seen = [SimpleNamespace(number=0)], []
    reporter = Reporter(lambda: ended, [lambda trial: seen.append(trial.number)])
    reporter()
    ended += [SimpleNamespace(number=2), SimpleNamespace(number=1)]
    reporter()
    reporter()
    assert seen == [2, 1]
