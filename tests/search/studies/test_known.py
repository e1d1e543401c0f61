from __future__ import annotations

import numpy as np
import pytest
from optuna.storages import InMemoryStorage

from augury.data import Metric, Task
from augury.search import EvaluationError, Study, make, study_to_task
from augury.spaces import ChoiceSpace, InputError, StudyError

SPACE = ChoiceSpace({"first": ("conv", "pool"), "width": (16, 32, 64)})


def study(**other) -> Study:
    given = {
        "name": "mine", "storage": InMemoryStorage(), "space": SPACE, "strategy": make("random"),
        "objective": "error", "direction": "minimize",
        "evaluator": lambda architecture: {"error": float(architecture.choices["width"])},
    }  # fmt: skip
    return Study.create_or_load(**{**given, **other})


def task(rows=slice(0, 3), **other) -> Task:
    some = SPACE.enumerate()[rows]
    metrics = {
        "error": Metric(np.arange(1.0, len(some) + 1), "minimize"),
        "seconds": Metric(np.where(np.arange(len(some)) == 1, np.nan, 2.0), "minimize"),
    }
    return Task("by hand", some, **{"metrics": metrics, "objective": "error", **other})


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_known_evaluations_are_free_and_never_proposed(workers, tmp_path):
    mine = study(storage=tmp_path / "runs.db")
    assert mine.add_known(task()) == 3
    assert mine.add_known(task(slice(0, 4))) == 1
    history = mine.run(2, workers=workers)
    assert (len(history), mine.known) == (6, 4)
    assert len(history.architectures.distinct()) == 6
    np.testing.assert_array_equal(history.y[:4], [-1.0, -2.0, -3.0, -4.0])
    np.testing.assert_array_equal(history.metrics["seconds"][:4], [2.0, np.nan, 2.0, 2.0])
    assert mine.best.metrics == {"error": 1.0, "seconds": 2.0}
    assert len(mine.to_task()) == 6
    assert mine.add_known(mine.to_task()) == 0
    assert mine.optuna_study.best_value == 1.0


def test_missing_values_are_left_out_and_what_failed_is_taken_over():
    def broken(architecture):
        if architecture.choices["first"] == "conv":
            raise EvaluationError("no space left")
        return {"error": 1.0}

    mine = study(evaluator=broken)
    with pytest.warns(UserWarning, match="3 of 6"):
        mine.run(6)
    values = {"error": Metric([5.0, np.nan, np.nan], "minimize")}
    assert mine.add_known(task(metrics=values)) == 1
    assert len(mine.history.succeeded) == 4


def test_a_program_that_never_works_is_told_nevertheless():
    def broken(architecture):
        raise EvaluationError("no space left")

    mine = study(evaluator=broken)
    mine.add_known(task(slice(0, 2)))
    with pytest.raises(StudyError, match="in the same way"):
        mine.run(9)


def test_by_another_objective_they_count_if_they_have_it():
    storage = InMemoryStorage()
    study(storage=storage).add_known(task())
    other = study(storage=storage, objective="seconds")
    assert other.known == 2
    np.testing.assert_array_equal(np.sort(other.history.metrics["error"]), [1.0, 3.0])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (lambda: "known.csv", "task= takes an instance of Task"),
        (lambda: task(metrics={"loss": Metric(np.ones(3), "minimize")}, objective="loss"), "no metric of the task"),
        (lambda: task(metrics={"error": Metric(np.ones(3), "maximize")}), "is to minimize 'error', .* to maximize"),
        (
            lambda: Task("z", ChoiceSpace({"z": ("a",)}).enumerate(), {"error": Metric([1.0], "minimize")}, "error"),
            "give evaluations of the study's space",
        ),
    ],
)
def test_what_is_not_of_the_same_task_is_refused(given, words):
    with pytest.raises(InputError, match=words):
        study().add_known(given())


def test_another_study_of_the_task_is_known():
    other = study(name="other")
    other.run(3)
    mine = study()
    assert mine.add_known(study_to_task(other.optuna_study)) == 3
    assert len(mine.run(3).architectures.distinct()) == 6


def test_a_metric_called_architecture_does_not_stand_in_its_place():
    def evaluate(architecture):
        return {"error": 2.0, "architecture": 7.0, "failure": 3.0}

    mine = study(evaluator=evaluate)
    mine.add_known(task(metrics={"error": Metric(np.ones(3), "minimize"), "failure": Metric(np.ones(3), "minimize")}))
    mine.run(3)
    frame = mine.to_task().to_frame()
    assert sorted(frame["architecture"]) == sorted(SPACE.enumerate().format())
    assert frame["metric_architecture"].tolist()[3:] == [7.0] * 3
    assert frame["metric_failure"].tolist() == [1.0] * 3 + [3.0] * 3
    assert all(isinstance(trial.user_attrs["architecture"], str) for trial in mine.optuna_study.trials)
    for name in ("architecture", "failure", "augury:known"):
        with pytest.raises(InputError, match="objective cannot be called"):
            study(objective=name)
