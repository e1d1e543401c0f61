"""However a run ends, the next one continues as if it had not."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from optuna.trial import TrialState

from augury.search.regularized_evolution import RegularizedEvolution
from augury.search.studies.sources import list_studies
from augury.search.studies.study import Study
from augury.spaces import EdgeCellSpace, StudyError

SPACE = EdgeCellSpace(operations=("none", "skip", "conv", "pool"), nodes=3)
STRATEGY = RegularizedEvolution(population=4, tournament=2)

SCRIPT = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # which a background job of a shell ignores
import sys, time
from pathlib import Path
import numpy as np
from augury import search, spaces

def evaluator(architecture):
    log = Path(sys.argv[2])
    with log.open("a") as file:
        file.write(str(architecture) + "\\n")
    if len(log.read_text().splitlines()) >= int(sys.argv[3]):
        time.sleep(float(sys.argv[5]))  # here a signal comes
    value = float(np.dot(architecture.canonical().genotype, (1.0, 0.1, 0.01)))
    return {"valid_accuracy": value, "latency": 10.0 - value}

study = search.Study.create_or_load(
    name="study", storage=sys.argv[1], evaluator=evaluator,
    space=spaces.EdgeCellSpace(operations=("none", "skip", "conv", "pool"), nodes=3),
    strategy=search.make("regularized-evolution", population=4, tournament=2),
)
study.run(8, workers=int(sys.argv[4]))
"""


def metrics(architecture):
    value = float(np.dot(architecture.canonical().genotype, (1.0, 0.1, 0.01)))
    return {"valid_accuracy": value, "latency": 10.0 - value}


def make(storage: Path, evaluator=metrics) -> Study:
    return Study.create_or_load(name="study", storage=storage, space=SPACE, strategy=STRATEGY, evaluator=evaluator)


def told(study: Study) -> list[tuple]:
    history = study.history
    columns = [history.metrics[name].tolist() for name in sorted(history.metrics)]
    rows = zip(history.architectures.format(), history.y.tolist(), *columns, strict=True)
    return [tuple(repr(cell) for cell in row) for row in rows]


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    study = make(tmp_path_factory.mktemp("whole") / "runs.db")
    study.run(8)
    return told(study)


@pytest.mark.parametrize("at", [0, 3, 7])
@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_at_any_evaluation_changes_nothing(tmp_path, uninterrupted, at, kind):
    calls = []

    def interrupted(architecture):
        calls.append(str(architecture))
        if len(calls) == at + 1:
            raise kind
        return metrics(architecture)

    study = make(tmp_path / "runs.db", interrupted)
    with pytest.raises(kind):
        study.run(8)
    assert told(study) == uninterrupted[:at]
    assert len(study.history.pending) == 0
    resumed = make(tmp_path / "runs.db", interrupted)
    resumed.run(8)
    assert told(resumed) == uninterrupted
    assert calls[at] == calls[at + 1]
    assert len(calls) == 9
    withdrawn = [trial for trial in resumed.optuna_study.trials if "augury:withdrawn" in trial.user_attrs]
    assert [trial.user_attrs["augury:withdrawn"] for trial in withdrawn] == [f"interrupted by {kind.__name__}"]


@pytest.mark.parametrize(
    "step", ["create_new_trial", "set_trial_user_attr", "set_trial_state_values", "get_all_trials"]
)
def test_an_interrupt_within_the_book_keeping_changes_nothing(tmp_path, uninterrupted, step, monkeypatch):
    study = make(tmp_path / "runs.db")
    study.run(3)
    storage, calls = study.optuna_study._storage, []
    original = getattr(storage, step)

    def interrupt(*args, **kwargs):
        result = original(*args, **kwargs)
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return result

    monkeypatch.setattr(storage, step, interrupt)
    with pytest.raises(KeyboardInterrupt):
        study.run(8)
    monkeypatch.undo()
    study.run(8)
    assert told(study) == uninterrupted


def test_a_killed_process_changes_nothing(tmp_path, uninterrupted):
    script, storage, log = tmp_path / "script.py", tmp_path / "runs.db", tmp_path / "log"
    script.write_text(SCRIPT)
    process = subprocess.Popen([sys.executable, script, storage, log, "4", "1", "60"])
    _wait_for(lambda: log.exists() and len(log.read_text().splitlines()) == 4, process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    study = make(storage)
    assert told(study) == uninterrupted[:3]
    assert study.history.pending.format() == [log.read_text().splitlines()[3]]
    study.run(8)
    assert told(study) == uninterrupted
    assert len(study.history.pending) == 0
    reasons = [trial.user_attrs.get("augury:withdrawn") for trial in study.optuna_study.trials]
    assert reasons == [None] * 3 + ["its worker died"] + [None] * 5


@pytest.mark.slow
def test_ctrl_c_reaches_worker_processes(tmp_path):
    script, storage, log = tmp_path / "script.py", tmp_path / "runs.db", tmp_path / "log"
    script.write_text(SCRIPT)
    process = subprocess.Popen([sys.executable, script, storage, log, "4", "2", "60"], stderr=subprocess.DEVNULL)
    _wait_for(lambda: log.exists() and len(log.read_text().splitlines()) >= 5, process)  # both sleep
    process.send_signal(signal.SIGINT)
    process.wait(timeout=30)
    study = make(storage)
    assert len(study.history.pending) == 0
    assert not any(trial.state == TrialState.RUNNING for trial in study.optuna_study.trials)
    before = told(study)
    assert len(before) <= 3
    study.run(8)
    assert told(study)[: len(before)] == before
    assert len(study.history) == len(study.history.architectures.distinct()) == 8


@pytest.mark.slow
def test_workers_whose_parent_is_killed_finish_what_they_do_and_leave(tmp_path):
    script, storage, log = tmp_path / "script.py", tmp_path / "runs.db", tmp_path / "log"
    script.write_text(SCRIPT)
    process = subprocess.Popen([sys.executable, script, storage, log, "4", "2", "2"], stderr=subprocess.DEVNULL)
    _wait_for(lambda: log.exists() and len(log.read_text().splitlines()) >= 4, process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    study = make(storage)
    for _ in range(200):
        if not len(study.history.pending):
            break
        time.sleep(0.1)
    begun = log.read_text().splitlines()
    assert sorted(study.history.architectures.format()) == sorted(begun)
    assert np.isfinite(study.history.y).all()
    assert 4 <= len(begun) < 8
    study.run(8)
    assert len(study.history.architectures.distinct()) == 8
    assert log.read_text().splitlines() == begun


def _wait_for(condition, process: subprocess.Popen) -> None:
    for _ in range(600):
        if condition():
            return
        assert process.poll() is None, "the process ended early"
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    pytest.fail("the process did not come so far within 30 seconds")


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE trials SET state = 'FOO'",
        "UPDATE trials SET datetime_complete = 'yesterday'",
        "UPDATE trial_user_attributes SET value_json = '{half'",
        "UPDATE trial_params SET distribution_json = '{half'",
        "UPDATE trial_params SET param_value = 99",
        "UPDATE trial_values SET value = NULL",
        "UPDATE trial_values SET value = 'good'",
        "UPDATE study_user_attributes SET value_json = '{half'",
    ],
)
def test_a_damaged_row_is_told_by_name(tmp_path, damage):
    path = tmp_path / "runs.db"
    make(path).run(2)
    with sqlite3.connect(path) as database:
        database.execute(damage)
    for again in (lambda: make(path), lambda: Study.load(storage=path), lambda: list_studies(path)):
        with pytest.raises(StudyError, match=r"has a damaged row.*restore a copy of the database") as caught:
            again()
        assert "\n" not in str(caught.value)
