"""The database is an ordinary one of Optuna's, for its own functions and for its dashboard."""

from __future__ import annotations

import json
import sqlite3
import threading
import warnings

import matplotlib as mpl
import numpy as np
import optuna
import pytest
from optuna.exceptions import ExperimentalWarning
from optuna.trial import TrialState

from augury.search.evaluators import EvaluationWarning
from augury.search.strategy import Strategy
from augury.search.studies import heartbeat as heartbeat_module
from augury.search.studies.claims import WORKER
from augury.search.studies.heartbeat import heartbeat
from augury.search.studies.liveness import identity
from augury.search.studies.study import Study
from augury.spaces import EdgeCellSpace


class Named(EdgeCellSpace):
    def positions(self):
        return {f"edge {source}->{target}": self.operations for source, target in self.edges}


class InOrder(Strategy):
    def _propose(self, history, n, rng):
        pool = history.space.enumerate()
        pool = pool[pool.distinct()]
        return pool[~np.isin(pool.canonical().keys(), history.seen.canonical().keys())][:n]


SPACE = Named(operations=("none", "conv", "pool"), nodes=3)


def evaluator(architecture):
    if architecture.genotype[0] == 1:
        return {"error": float("nan"), "latency": float("inf")}
    return {"error": 1.0 + sum(architecture.genotype), "latency": 2.0, "test_error": float("nan")}


def make(storage) -> Study:
    return Study.create_or_load(
        name="study",
        storage=storage,
        space=SPACE,
        strategy=InOrder(),
        evaluator=evaluator,
        objective="error",
        direction="minimize",
    )


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("study") / "runs.db"
    with pytest.warns(EvaluationWarning, match="4 of 7"):
        make(path).run(7)
    return path


@pytest.fixture(autouse=True)
def silence():
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    yield
    optuna.logging.set_verbosity(before)


def test_load_study_gives_the_best_in_words(path):
    study = optuna.load_study(study_name="study", storage=f"sqlite:///{path}")
    assert study.direction == optuna.study.StudyDirection.MINIMIZE
    assert study.best_value == make(path).best.metrics["error"] == 1.0
    assert study.best_params == {"edge 0->1": "none", "edge 0->2": "none", "edge 1->2": "none"}
    assert study.best_trial.user_attrs["architecture"] == "|none~0|+|none~0|none~1|"
    assert study.best_trial.user_attrs["latency"] == 2.0


def test_trials_dataframe_has_a_row_an_evaluation(path):
    frame = optuna.load_study(study_name="study", storage=f"sqlite:///{path}").trials_dataframe()
    assert frame["user_attrs_architecture"].tolist() == make(path).history.architectures.format()
    assert {"number", "value", "state", "params_edge 0->1", "user_attrs_latency"} <= set(frame.columns)


def test_plots_work(path):
    mpl.use("Agg")
    study = optuna.load_study(study_name="study", storage=f"sqlite:///{path}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        for plot in (
            optuna.visualization.matplotlib.plot_optimization_history,
            optuna.visualization.matplotlib.plot_edf,
            optuna.visualization.matplotlib.plot_timeline,
        ):
            assert plot(study) is not None
    mpl.pyplot.close("all")


def test_attributes_are_json_that_any_reader_takes(path):
    def refuse(constant):
        raise AssertionError(f"{constant} is not JSON")

    connection = sqlite3.connect(path)
    for table in ("study_user_attributes", "trial_user_attributes"):
        for (text,) in connection.execute(f"select value_json from {table}"):
            json.loads(text, parse_constant=refuse)
    connection.close()


@pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning")  # its own loop, in older versions
def test_optuna_goes_on_with_a_study_of_ours_and_we_with_its_trials(path, tmp_path):
    copied = tmp_path / "copied.db"
    copied.write_bytes(path.read_bytes())
    study = make(copied)
    study.optuna_study.optimize(lambda trial: float(len(study.parameters.choices)), n_trials=1)  # suggests nothing
    sampler = study.optuna_study.sampler
    study.optuna_study.optimize(lambda trial: sum(sampler.architecture(trial).genotype), n_trials=2)
    assert len(study.history) == 9
    assert len(study.run(11)) == 10  # the trial without parameters is the eleventh
    assert len(study.history.architectures.distinct()) == 10


def test_a_silent_worker_on_another_host_is_given_up_and_a_beating_one_is_not(tmp_path):
    study = make(tmp_path / "runs.db")
    claims, found = study._claims(), []
    storage = study.optuna_study._storage
    for _ in range(2):
        claim = claims.next(10)
        found.append(claim)
        storage.set_trial_user_attr(claim.trial_id, WORKER, {**identity(), "host": "elsewhere"})
        with heartbeat(storage, claim.trial_id):
            pass
    lost, busy = found
    connection = sqlite3.connect(tmp_path / "runs.db")
    connection.execute(
        "update trial_heartbeats set heartbeat = datetime('now', '-400 seconds') where trial_id = ?", [lost.trial_id]
    )
    connection.commit()
    connection.close()
    study.run(3)
    history = study.history
    assert history.pending == busy.architecture.as_batch()
    assert history.architectures[0] == lost.architecture
    assert [trial.state for trial in study.optuna_study.trials[:2]] == [TrialState.FAIL, TrialState.RUNNING]
    assert len(history) == 2  # the one under way is the third


def test_the_heart_beats_at_once_and_then_now_and_then(tmp_path, monkeypatch, caplog):
    beats, enough = [], threading.Event()

    class Storage:
        def get_heartbeat_interval(self):
            return 0.01

        def record_heartbeat(self, trial_id):
            beats.append((trial_id, threading.current_thread().name))
            if len(beats) == 2:
                raise OSError("away for a moment")
            if len(beats) == 4:
                enough.set()

    with heartbeat(Storage(), 7):
        assert enough.wait(10)
    assert beats[0] == (7, "MainThread")
    assert {trial for trial, _ in beats} == {7}
    assert "away for a moment" in caplog.text
    count = len(beats)
    threading.Event().wait(0.05)
    assert len(beats) == count
    with heartbeat_module.heartbeat(optuna.storages.InMemoryStorage(), 7):
        pass  # a storage in memory has no heartbeats
