from __future__ import annotations

import optuna
import pandas as pd
import pytest

from augury.data import Task, read_table
from augury.data.trial_tables import finished, objective_column
from augury.search import study_to_task
from augury.search.quiet import quiet
from augury.spaces import ChoiceSpace, DataError

SPACE = ChoiceSpace({"op": ("conv", "pool", "skip"), "rate": ("0.10", "0.1", "1e-3")})


@pytest.fixture
def study() -> optuna.Study:
    """Of trials with every end there is; those that did not end well have values all the same, as a pruned one may."""
    with quiet():
        study = optuna.create_study(direction="maximize", study_name="mixed")
    drawn_from = {name: optuna.distributions.CategoricalDistribution(c) for name, c in SPACE.positions().items()}
    for number, state in enumerate(("COMPLETE", "PRUNED", "FAIL", "RUNNING", "COMPLETE", "WAITING")):
        reported = {0: 100.0 + number} if state == "PRUNED" else {}
        begun = {} if state == "WAITING" else {"op": "pool", "rate": SPACE.positions()["rate"][number % 3]}
        study.add_trial(
            optuna.trial.create_trial(
                state=optuna.trial.TrialState[state], value=float(number) if state == "COMPLETE" else None, params=begun,
                distributions={name: drawn_from[name] for name in begun}, intermediate_values=reported,
            )
        )  # fmt: skip
    return study


def from_table(frame, **more) -> Task:
    arguments = {"space": SPACE, "metrics": {"value": "maximize"}, "objective": "value", "name": "mine", **more}
    return Task.from_table(frame, **arguments)


def test_a_table_of_a_study_is_what_the_study_is(study, tmp_path):
    study.trials_dataframe().assign(value=range(6)).to_csv(tmp_path / "t.csv")
    expected = study_to_task(study, space=SPACE)
    for frame in (read_table(tmp_path / "t.csv"), study.trials_dataframe()):
        task = from_table(frame)
        assert task.architectures == expected.architectures
        assert task.y.tolist() == expected.y.tolist() == [0.0, 4.0]


def test_a_table_of_mlflows_runs_is_one_of_trials_too():
    frame = pd.DataFrame({"run_id": ["a", "b", "c"], "status": ["FINISHED", "FAILED", "RUNNING"], "value": [1, 2, 3]})
    frame = frame.assign(**{"params.op": "conv", "params.rate": "0.1"})
    assert from_table(frame).y.tolist() == [1.0]
    with pytest.raises(DataError, match="None of the trials of the table 'mine' has ended well"):
        from_table(frame[1:])


def test_a_state_may_be_something_else():
    frame = pd.DataFrame({"number": [0, 1], "state": ["COMPLETE", "Ohio"]})
    assert finished(frame, frame[["number"]]).all()
    frame["state"] = ["COMPLETE", "FAIL"]
    assert finished(frame, frame).all()  # a decision or metric is called so
    assert finished(frame[["state"]], frame[["state"]].rename(columns={"state": "x"})).all()
    assert not finished(frame, frame[["number"]]).all()


def test_an_objective_is_found_as_it_is_written():
    optunas = ["number", "value", "params_op", "user_attrs_acc"]
    assert objective_column(["acc", "metrics.acc", *optunas], "acc", unnamed=True) == "acc"
    assert objective_column(["metrics.acc", *optunas], "acc", unnamed=True) == "metrics.acc"
    assert objective_column(["value_acc", "params_op"], "acc", unnamed=False) == "value_acc"
    assert objective_column(["values_acc", "values_ms", "params_op"], "ms", unnamed=False) == "values_ms"
    assert objective_column(optunas, "acc", unnamed=True) == "user_attrs_acc"
    assert objective_column(optunas, "loss", unnamed=True) == "value"
    assert objective_column(optunas, "loss", unnamed=False) == "loss"
    assert objective_column(["value", "op"], "loss", unnamed=True) == "loss"
