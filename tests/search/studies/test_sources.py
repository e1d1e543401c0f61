from __future__ import annotations

import numpy as np
import optuna
import pytest

from augury.search.evaluators import EvaluationWarning
from augury.search.strategy import Strategy
from augury.search.studies.sources import StudySummary, list_studies, study_to_task
from augury.search.studies.study import Study
from augury.spaces import ChoiceSpace, EdgeCellSpace, StudyError

SPACE = EdgeCellSpace(operations=("none", "conv", "pool"), nodes=3)


METRICS = {"valid_loss": ("minimize", "nats"), "test_loss": ("minimize", "nats"), "accuracy": ("maximize", "%")}


class InOrder(Strategy):
    def _propose(self, history, n, rng):
        pool = history.space.enumerate()
        pool = pool[pool.distinct()]
        return pool[~np.isin(pool.canonical().keys(), history.seen.canonical().keys())][:n]


class Measured:
    """Says what it measures; fails at the second architecture."""

    def __init__(self):
        self.metrics = METRICS
        self.calls = 0

    def __call__(self, architecture):
        self.calls += 1
        if self.calls == 2:
            raise ArithmeticError
        loss = float(np.dot(architecture.genotype, (1.0, 0.1, 0.01)))
        return {"valid_loss": loss, "test_loss": loss + 1.0, "accuracy": 100.0 - loss, "extra": 5.0}


def make(storage, name="first", **more) -> Study:
    arguments = {"space": SPACE, "strategy": InOrder(), "evaluator": Measured(), "objective": "valid_loss", **more}
    return Study.create_or_load(name=name, storage=storage, **arguments)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("sources") / "runs.db"
    with pytest.warns(EvaluationWarning, match="1 of 4 evaluations failed, the last because: ArithmeticError"):
        make(path).run(4)
    make(path, "second")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    optuna.create_study(storage=f"sqlite:///{path}", study_name="not ours")
    optuna.logging.set_verbosity(optuna.logging.INFO)
    return path


def test_a_study_becomes_a_task(path):
    study = make(path)
    history = study.history.succeeded
    task = study.to_task("source")
    assert (task.name, task.objective, task.test_metric, task.space) == ("source", "valid_loss", "test_loss", SPACE)
    assert task.architectures == history.architectures
    assert task.y.tolist() == history.y.tolist() == (-task.metrics["valid_loss"].values).tolist()
    assert len(task) == 3
    told = {name: (metric.direction, metric.unit) for name, metric in task.metrics.items()}
    assert told == {**METRICS, "extra": ("maximize", "")}
    assert task.metrics["test_loss"].values.tolist() == (1.0 - history.y).tolist()
    assert study.to_task().name == "first"


def test_the_database_alone_is_enough_for_a_task(path):
    expected = make(path).to_task("first")
    loaded = optuna.load_study(study_name="first", storage=f"sqlite:///{path}")
    for task in (study_to_task(path, "first"), study_to_task(loaded), study_to_task(path, "first", space=SPACE)):
        assert task.name == "first"
        assert task.architectures == expected.architectures
        assert {name: (m.values.tolist(), m.direction, m.unit) for name, m in task.metrics.items()} == {
            name: (m.values.tolist(), m.direction, m.unit) for name, m in expected.metrics.items()
        }


def test_what_is_no_source_says_so(path):
    with pytest.raises(StudyError, match="'second' has no successful evaluation to learn from; run it first"):
        study_to_task(path, "second")
    with pytest.raises(StudyError, match=r"'not ours' .*was not made by augury"):
        study_to_task(path, "not ours")
    with pytest.raises(StudyError, match="'not ours' was not made by augury, and does not tell its search space"):
        study_to_task(optuna.load_study(study_name="not ours", storage=f"sqlite:///{path}"))
    with pytest.raises(StudyError, match="no study 'third'; it has: first, not ours, second"):
        study_to_task(path, "third")
    with pytest.raises(StudyError, match="the space given is ChoiceSpace"):
        study_to_task(path, "first", space=ChoiceSpace({"a": ("b",)}))
    with pytest.raises(StudyError, match="There is no storage"):
        study_to_task(path.parent / "other.db", "first")


def test_studies_are_listed(path, caplog):
    assert list_studies(path) == [
        StudySummary("first", "EdgeCellSpace", "valid_loss", "minimize", evaluations=4, failures=1, best=0.0),
        StudySummary("second", "EdgeCellSpace", "valid_loss", "minimize", evaluations=0, failures=0, best=None),
    ]
    assert not caplog.text


def test_a_storage_of_other_programs_studies_is_told(caplog):
    storage = optuna.storages.InMemoryStorage()
    assert list_studies(storage) == []
    assert not caplog.text
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    for number in range(6):
        optuna.create_study(storage=storage, study_name=f"other{number}")
    optuna.logging.set_verbosity(optuna.logging.INFO)
    assert list_studies(storage) == []
    assert "no study that augury made, but others: other0, other1, other2, other3, other4 and 1 more;" in caplog.text


@pytest.mark.parametrize("stored", [{"format": 1}, [], {"format": 2}])
def test_a_damaged_record_is_reported(stored):
    storage = optuna.storages.InMemoryStorage()
    make(storage).optuna_study.set_user_attr("augury", stored)
    message = "written by a later augury" if stored == {"format": 2} else "is damaged"
    with pytest.raises(StudyError, match=message):
        make(storage)
