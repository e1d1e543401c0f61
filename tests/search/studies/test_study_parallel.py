"""Workers that race for the same architectures never evaluate one twice."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter

import optuna
import pytest
from optuna.trial import TrialState

from augury.search.evaluators import EvaluationWarning
from augury.search.random_search import RandomSearch
from augury.search.studies.claims import Claims
from augury.search.studies.study import Study
from augury.search.studies.trials import counts
from augury.spaces import EdgeCellSpace, StudyError

SPACE = EdgeCellSpace(operations=("none", "skip", "conv"), nodes=3)
FORMS = len(SPACE.enumerate().distinct())

SCRIPT = """
import sys, time
from pathlib import Path
from augury import search, spaces

def evaluator(architecture):
    with open(sys.argv[2], "a") as file:
        file.write(str(architecture.canonical()) + "\\n")
    return {"valid_accuracy": 1.0}

study_class, strategy = search.Study, search.make("random")  # imported now, so that all start at once
while not Path(sys.argv[3]).exists():
    time.sleep(0.001)
study = study_class.create_or_load(
    name="study", storage=sys.argv[1], strategy=strategy, evaluator=evaluator,
    space=spaces.EdgeCellSpace(operations=("none", "skip", "conv"), nodes=3),
)
study.run(int(sys.argv[4]))
"""


def make(storage, evaluator=None) -> Study:
    return Study.create_or_load(
        name="study",
        storage=storage,
        space=SPACE,
        strategy=RandomSearch(),
        evaluator=evaluator or (lambda architecture: {"valid_accuracy": 1.0}),
    )


@pytest.mark.parametrize("budget", [1000, 7])
@pytest.mark.slow
def test_processes_that_start_together_never_meet(tmp_path, budget):
    (tmp_path / "script.py").write_text(SCRIPT)
    arguments = [tmp_path / "script.py", tmp_path / "runs.db", tmp_path / "log", tmp_path / "go", str(budget)]
    processes = [subprocess.Popen([sys.executable, *arguments]) for _ in range(2)]
    time.sleep(1.0)  # for both to be ready
    (tmp_path / "go").touch()
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    evaluated = Counter((tmp_path / "log").read_text().splitlines())
    assert set(evaluated.values()) == {1}
    assert len(evaluated) == min(budget, FORMS)
    study = make(tmp_path / "runs.db")
    assert len(study.history) == len(study.history.architectures.distinct()) == min(budget, FORMS)
    trials = study.optuna_study.trials
    assert [trial.number for trial in trials] == list(range(len(trials)))


@pytest.mark.slow
def test_workers_that_only_fail_end_what_they_have_begun_and_stop(tmp_path):
    def fail(architecture):
        raise RuntimeError(f"no card for {architecture}")

    study = make(tmp_path / "runs.db", fail)
    with pytest.raises(StudyError, match=r"The last 3 evaluations failed in the same way, .* RuntimeError: no card"):
        study.run(20, workers=2)
    assert 3 <= len(study.history) <= 4
    assert len(study.history.pending) == 0


@pytest.mark.slow
def test_workers_share_what_failed(tmp_path):
    def evaluate(architecture):
        time.sleep(0.05)
        if not mark.exists() and "conv" in str(architecture.canonical()):
            raise MemoryError
        return {"valid_accuracy": 1.0}

    mark = tmp_path / "mended"
    study = make(tmp_path / "runs.db", evaluate)
    with pytest.warns(EvaluationWarning):
        before = study.run(FORMS)
    failed = [trial.number for trial in study.optuna_study.trials if trial.state == TrialState.FAIL]
    assert 1 < len(failed) < FORMS
    mark.touch()
    after = study.run(2 * FORMS, workers=2, retry_failed=True)
    assert len(after) == len(before) + len(failed)
    assert len(after.succeeded) == len(after.succeeded.architectures.distinct()) == FORMS


@pytest.mark.slow
def test_workers_share_the_budget(tmp_path):
    log, seen = tmp_path / "log", []

    def evaluator(architecture):
        import os

        with log.open("a") as file:
            file.write(f"{architecture.canonical()};{os.getpid()};{os.environ.get('OMP_NUM_THREADS')}\n")
        return {"valid_accuracy": 1.0}

    study = make(tmp_path / "runs.db", evaluator)
    study.run(2)
    history = study.run(9, workers=2, callbacks=[lambda study, trial: seen.append(trial.number)])
    lines = [line.split(";") for line in log.read_text().splitlines()]
    assert len(lines) == len({form for form, _, _ in lines}) == len(history) == 9
    assert len({process for _, process, _ in lines}) in (2, 3)  # this one, and one or both workers
    assert all(threads is not None for _, _, threads in lines[2:])  # so that workers do not crowd the cores
    assert sorted(seen) == [trial.number for trial in study.optuna_study.trials if counts(trial)][2:]


@pytest.mark.slow
def test_a_worker_process_that_dies_is_reported(tmp_path):
    def evaluator(architecture):
        import os
        import signal

        os.kill(os.getpid(), signal.SIGKILL)

    study = make(tmp_path / "runs.db", evaluator)
    with pytest.raises(StudyError, match=r"A worker process died .*; what is finished is kept: run again"):
        study.run(5, workers=2)
    assert len(study.history) == len(study.history.pending) == 0


class Anchored:
    def __call__(self, architecture):
        return {"valid_accuracy": 1.0}

    def __reduce__(self):
        raise RuntimeError("it is on the device")


def test_what_refuses_to_travel_is_reported(tmp_path):
    with pytest.raises(StudyError, match=r"cannot be sent to a worker process \(it is on the device\)"):
        make(tmp_path / "runs.db", Anchored()).run(2, workers=2)


def test_what_cannot_travel_to_a_worker_is_reported(tmp_path):
    lock = threading.Lock()

    def evaluator(architecture):
        with lock:
            return {"valid_accuracy": 1.0}

    with pytest.raises(StudyError, match=r"cannot be sent to a worker process \(.*lock.*; open files and devices only"):
        make(tmp_path / "runs.db", evaluator).run(5, workers=2)


def _take(study: Study, architecture, monkeypatch, after=lambda: None):
    """Another worker takes an architecture in just the moment when this one has decided on its own."""
    claims = study._claims()
    create = Claims._create

    def create_later(self, chosen):
        monkeypatch.setattr(Claims, "_create", create)
        found = claims._create(architecture or chosen)
        after()
        assert study.optuna_study._storage.get_trial(found).state == TrialState.RUNNING
        return create(self, chosen)

    monkeypatch.setattr(Claims, "_create", create_later)


@pytest.fixture
def in_memory(monkeypatch):
    monkeypatch.setattr(
        "augury.search.studies.claims.alive", lambda worker: True
    )  # this one thread plays several workers
    return make(optuna.storages.InMemoryStorage())


def test_who_comes_second_withdraws_and_asks_again(in_memory, monkeypatch):
    study = in_memory
    equivalent = {}
    for cell in SPACE.enumerate():
        equivalent.setdefault(str(cell.canonical()), []).append(cell)
    first = study._claims().next(100)
    twins = next(cells for cells in equivalent.values() if len(cells) > 1 and first.architecture not in cells)
    _take(study, twins[0], monkeypatch)
    monkeypatch.setattr(study._sampler, "propose", _once(study._sampler.propose, twins[1]))
    second = study._claims().next(100)
    assert second.architecture.canonical() not in (first.architecture.canonical(), twins[0].canonical())
    withdrawn = study.optuna_study.trials[2]
    assert withdrawn.state == TrialState.FAIL
    assert withdrawn.user_attrs["augury:withdrawn"] == "another worker took an equivalent architecture"
    assert withdrawn.user_attrs["architecture"] == str(twins[1])
    assert [trial.state.name for trial in study.optuna_study.trials] == ["RUNNING", "RUNNING", "FAIL", "RUNNING"]
    assert len(study.history.pending) == 3


def test_who_comes_too_late_for_the_budget_withdraws(in_memory, monkeypatch):
    study = in_memory
    other = SPACE.enumerate()[26]
    _take(study, other, monkeypatch)
    monkeypatch.setattr(study._sampler, "propose", _once(study._sampler.propose, SPACE.enumerate()[0]))
    assert study._claims().next(1) is None
    assert study.optuna_study.trials[1].user_attrs["augury:withdrawn"] == "other workers took the rest of the budget"
    assert study.history.pending == other.as_batch()


def test_a_withdrawn_trial_is_in_nobodys_way(in_memory, monkeypatch):
    study = in_memory
    claims = study._claims()
    _take(
        study,
        None,
        monkeypatch,
        after=lambda: study.optuna_study._storage.set_trial_user_attr(0, "augury:withdrawn", ""),
    )
    claim = claims.next(1)
    assert claim is not None
    assert claim.trial_id == 1


def test_a_result_that_comes_after_its_trial_was_given_up_is_dropped(in_memory, caplog):
    from augury.search.studies.outcome import Outcome

    claims = in_memory._claims()
    claim = claims.next(1)
    claims.withdraw(claim.trial_id, "its worker died")
    claims.withdraw(claim.trial_id, "once more")
    claims.finish(claim, Outcome(1.0))
    assert len(in_memory.history) == 0
    assert "came too late" in caplog.text


def test_a_forked_child_that_exits_does_not_give_its_parents_evaluation_up(in_memory, monkeypatch):
    claims = in_memory._claims()
    claim = claims.next(1)
    processes = iter((1, 2))
    monkeypatch.setattr("augury.search.studies.claims.os.getpid", lambda: next(processes))
    with pytest.raises(SystemExit), claims._unless_interrupted(claim):
        raise SystemExit
    assert in_memory.optuna_study.trials[0].state == TrialState.RUNNING


def _once(original, architecture):
    """The first call gives this architecture, later ones what they give."""
    calls = []

    def propose(history):
        calls.append(history)
        return architecture if len(calls) == 1 else original(history)

    return propose
