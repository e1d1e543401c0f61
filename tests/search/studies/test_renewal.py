from __future__ import annotations

import logging

import optuna
import pytest
from optuna.storages import InMemoryStorage

from augury.search import EvaluationError, Study, make
from augury.search.studies.record import Record
from augury.spaces import ChoiceSpace, InputError, StudyError

SPACE = ChoiceSpace({"first": ("conv", "pool"), "width": (16, 32, 64)})
WIDER = ChoiceSpace({"first": ("conv", "pool", "skip"), "width": (16, 32, 64)})
OTHER = ChoiceSpace({"operation": ("conv", "pool"), "width": (16, 32, 64)})


def evaluate(architecture):
    return {"accuracy": float(architecture.choices["width"]), "loss": 1.0}


def broken(architecture):
    raise EvaluationError("no space left")


def study(storage, **other) -> Study:
    given = {"space": SPACE, "strategy": make("random"), "evaluator": evaluate, "objective": "accuracy"}
    return Study.create_or_load(name="mine", storage=storage, **{**given, **other})


@pytest.fixture(params=["memory", "file"])
def storage(request, tmp_path):
    return InMemoryStorage() if request.param == "memory" else tmp_path / "runs.db"


@pytest.mark.parametrize("direction", ["maximize", "minimize"])
def test_a_mistyped_objective_costs_no_training(storage, caplog, direction):
    with pytest.raises(InputError, match="not among the metrics"):
        study(storage, objective="acuracy").run(3)
    with caplog.at_level(logging.WARNING, "augury"):
        mended = study(storage, direction=direction)
    assert "1 of its evaluations measured that, and count" in caplog.text
    assert len(mended.history) == 1
    trial = mended.optuna_study.best_trial
    assert trial.user_attrs == {**trial.user_attrs, "loss": 1.0, "architecture": str(mended.best.architecture)}
    assert not {"failure", "accuracy"} & trial.user_attrs.keys()
    assert mended.direction == direction
    assert len(mended.run(3).architectures.distinct()) == 3
    with pytest.raises(StudyError, match=f"is to {direction} 'accuracy', not to maximize 'loss'"):
        study(storage, objective="loss")


def test_other_failures_stay_what_they_are(storage):
    with pytest.raises(StudyError, match="in the same way"):
        study(storage, objective="acuracy", evaluator=broken).run(4)
    mended = study(storage)
    assert len(mended.history) == 3
    assert not len(mended.history.succeeded)
    assert len(mended.run(4).succeeded) == 1


def test_a_mistyped_space_is_another_one_as_long_as_nothing_was_measured(storage):
    with pytest.raises(StudyError, match="in the same way"):
        study(storage, evaluator=broken).run(4)
    mended = study(storage, space=OTHER)
    assert not len(mended.history)
    with pytest.raises(InputError, match="not among the metrics"):
        study(storage, space=OTHER, objective="acuracy").run(1)
    with pytest.raises(StudyError, match="give the study's own space"):
        study(storage, objective="acuracy")


def test_a_space_with_more_choices_keeps_what_it_has(storage):
    with pytest.raises(InputError, match="not among the metrics"):
        study(storage, objective="acuracy").run(3)
    wider = study(storage, space=WIDER)
    assert len(wider.history) == 1
    assert len(wider.run(9).architectures.distinct()) == 9


def test_nothing_is_changed_while_an_evaluation_is_under_way():
    storage = InMemoryStorage()
    asked = study(storage, evaluator=None)
    trial = asked.optuna_study.ask()
    asked.optuna_study.sampler.architecture(trial)
    with pytest.raises(StudyError, match="is to maximize 'accuracy'"):
        study(storage, objective="loss")


def test_trials_outlive_what_goes_wrong_meanwhile(monkeypatch):
    storage = InMemoryStorage()
    with pytest.raises(InputError, match="not among the metrics"):
        study(storage, objective="acuracy").run(3)
    monkeypatch.setattr(Record, "write", lambda self, study: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        study(storage)
    spare = next(name for name in optuna.get_all_study_names(storage) if "spare" in name)
    assert [trial.state.name for trial in optuna.load_study(storage=storage, study_name=spare).trials] == ["COMPLETE"]


def test_nothing_else_is_left_behind():
    storage = InMemoryStorage()
    with pytest.raises(InputError, match="not among the metrics"):
        study(storage, objective="acuracy").run(3)
    study(storage)
    assert optuna.get_all_study_names(storage) == ["mine"]
