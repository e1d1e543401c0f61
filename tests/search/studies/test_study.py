from __future__ import annotations

import math

import numpy as np
import optuna
import pytest
from optuna.storages import InMemoryStorage
from optuna.trial import TrialState

from augury import search
from augury.data import Metric, Task
from augury.search.evaluators import EvaluationWarning, TableEvaluator
from augury.search.regularized_evolution import RegularizedEvolution
from augury.search.strategy import Strategy
from augury.search.studies.storage import open_storage
from augury.search.studies.study import Study
from augury.spaces import ChoiceSpace, EdgeCellSpace, InputError, StudyError

from ...plugins import Plugin

SPACE = EdgeCellSpace(operations=("none", "skip", "conv", "pool"), nodes=3)  # 64 cells
STRATEGY = RegularizedEvolution(population=4, tournament=2)


def value(architecture):
    """Any fixed function that tells cells apart."""
    return float(np.dot(architecture.canonical().genotype, (1.0, 0.1, 0.01)))


def metrics(architecture):
    return {"valid_accuracy": value(architecture), "latency": 10.0 - value(architecture)}


def make(storage=None, *, name="study", evaluator=metrics, strategy=None, space=SPACE, **more) -> Study:
    return Study.create_or_load(
        name=name,
        storage=storage or InMemoryStorage(),
        space=space,
        strategy=strategy or STRATEGY,
        evaluator=evaluator,
        **more,
    )


def told(study: Study) -> list[tuple]:
    """What a history says, in a form that compares exactly."""
    history = study.history
    columns = [history.metrics[name].tolist() for name in sorted(history.metrics)]
    rows = zip(history.architectures.format(), history.y.tolist(), *columns, strict=True)
    return [tuple(repr(cell) for cell in row) for row in rows]


def test_evaluations_are_stored_as_they_were(tmp_path):
    history = make(tmp_path / "runs.db").run(5)
    assert len(history) == 5
    for architecture, y, latency in zip(history.architectures, history.y, history.metrics["latency"], strict=True):
        assert (y, latency) == (value(architecture), 10.0 - value(architecture))
    assert history.metrics["valid_accuracy"].tolist() == history.y.tolist()
    assert len(history.pending) == 0


def test_every_form_is_evaluated_once_and_then_the_run_ends():
    history = make().run(1000)
    assert len(history) == len(SPACE.enumerate().distinct())
    assert len(history.architectures.distinct()) == len(history)


@pytest.mark.filterwarnings("ignore::augury.search.evaluators.EvaluationWarning")
@pytest.mark.parametrize("name", search.available())
def test_a_study_of_a_table_is_what_simulate_says(name):
    rows = SPACE.enumerate()
    loss = np.asarray([value(row) for row in rows])
    loss[::7] = np.nan
    columns = {"loss": Metric(loss, "minimize", "nats"), "size": Metric(np.arange(64.0), "maximize")}
    task = Task("table", rows[:40], {name: metric.select(slice(40)) for name, metric in columns.items()}, "loss")
    strategy = search.make(name)
    expected = search.simulate(strategy, task, budget=14, seed=5)
    history = make(
        strategy=strategy, evaluator=TableEvaluator(task), objective="loss", candidates=task.architectures, seed=5
    ).run(14)
    assert history.architectures == expected.architectures
    for found, given in ((history.y, expected.y), *((history.metrics[n], expected.metrics[n]) for n in columns)):
        np.testing.assert_array_equal(found, given)


def test_budget_counts_what_is_in_the_storage(tmp_path):
    storage = tmp_path / "runs.db"
    evaluated = []

    def count(architecture):
        evaluated.append(architecture)
        return metrics(architecture)

    make(storage, evaluator=count).run(4)
    assert len(make(storage, evaluator=count).run(6)) == 6
    assert len(make(storage, evaluator=count).run(3)) == 6
    assert len(evaluated) == 6


def test_a_second_run_in_parts_equals_one_run(tmp_path):
    whole = make(tmp_path / "whole.db", seed=3)
    whole.run(9)
    for budget in (2, 3, 7, 9):
        part = make(tmp_path / "parts.db", seed=3)
        part.run(budget)
    assert told(part) == told(whole)
    other = make(seed=4)
    other.run(9)
    assert told(other) != told(whole)


def test_failures_are_recorded_with_the_reason_and_the_search_goes_on():
    def fail(architecture):
        number = len(calls)
        calls.append(architecture)
        if number == 0:
            raise ZeroDivisionError("by nought\nin two lines")
        if number == 1:
            return {"valid_accuracy": math.nan, "latency": 2.0}
        if number == 2:
            return 0.5
        if number == 3:
            return {"valid_accuracy": math.inf}
        if number == 4:
            return {"valid_accuracy": np.float32(0.5), "latency": math.nan, "note": "fine"}
        return {"latency": 1.0}

    calls = []
    study = make(evaluator=fail)
    with pytest.warns(EvaluationWarning, match="5 of 6 evaluations failed, the last because: the objective") as warned:
        history = study.run(6)
    assert warned[0].filename == __file__
    trials = study.optuna_study.trials
    assert [trial.state.name for trial in trials] == ["FAIL"] * 4 + ["COMPLETE", "FAIL"]
    assert [trial.user_attrs.get("failure") for trial in trials] == [
        "ZeroDivisionError: by nought in two lines",
        "the objective 'valid_accuracy' is nan (null in JSON)",
        "the evaluator returned float, not metrics by name",
        "the objective 'valid_accuracy' is inf",
        None,
        "the objective 'valid_accuracy' is not among the metrics ['latency']",
    ]
    assert "in fail" in trials[0].user_attrs["augury:traceback"]
    np.testing.assert_array_equal(history.y, [*[np.nan] * 4, 0.5, np.nan])
    np.testing.assert_array_equal(history.metrics["latency"], [np.nan, 2.0, np.nan, np.nan, np.nan, 1.0])
    assert len(history.architectures.distinct()) == 6


def test_an_evaluator_that_can_never_succeed_stops_the_run():
    def refuse(architecture):
        raise InputError("of another space")

    study = make(evaluator=refuse)
    with pytest.raises(InputError, match="of another space"):
        study.run(5)
    assert len(study.history) == 0
    assert len(study.history.pending) == 0


def test_an_evaluation_without_the_objective_stops_the_run_and_is_kept():
    study = make(evaluator=lambda architecture: {"latency": 3.0, "size": 2})
    with pytest.raises(InputError, match=r"'valid_accuracy' is not among the metrics \['latency', 'size'\]; name one"):
        study.run(5)
    assert len(study.history) == 1
    assert {name: values.tolist() for name, values in study.history.metrics.items() if name != "valid_accuracy"} == {
        "latency": [3.0],
        "size": [2.0],
    }


def test_three_failures_of_one_kind_before_any_success_stop_the_run():
    mended = []

    def fail(architecture):
        if mended:
            return metrics(architecture)
        raise KeyError(f"no key in {architecture}")

    study = make(evaluator=fail)
    for ended in (3, 6):  # what others there are is tried when it is run again
        with pytest.raises(
            StudyError, match=r"The last 3 evaluations failed in the same way, .* because: KeyError: 'no"
        ):
            study.run(20)
        assert len(study.history) == ended
        assert len(study.history.pending) == 0
    mended.append(True)
    assert len(study.run(8)) == 8
    mended.clear()
    with pytest.warns(EvaluationWarning, match="4 of 4 evaluations failed"):  # it may succeed, as it has
        assert len(study.run(12)) == 12


def test_failures_of_several_kinds_may_end():
    errors = iter([KeyError, ValueError, KeyError, KeyError, KeyError, KeyError])

    def fail(architecture):
        raise next(errors)

    study = make(evaluator=fail)
    with pytest.raises(StudyError, match="The last 3 evaluations"):
        study.run(20)
    assert len(study.history) == 5


def test_what_failed_is_evaluated_again_when_asked_for(tmp_path):
    def evaluate(architecture):
        calls.append(str(architecture))
        if broken and calls[-1] in broken:
            raise MemoryError
        return metrics(architecture)

    calls, broken = [], set()
    study = make(tmp_path / "runs.db", evaluator=evaluate)
    study.run(2)
    broken |= set(make().run(4).architectures[2:].format())  # the last two that there will be
    with pytest.warns(EvaluationWarning, match="2 of 2 evaluations failed"):
        study.run(4)
    first, second = calls[2:]
    assert broken == {first, second}
    broken.remove(first)

    del calls[:]
    with pytest.warns(EvaluationWarning, match="1 of 3 evaluations failed"):
        history = study.run(7, retry_failed=True)
    assert calls[:2] == [first, second]
    assert len(set(calls)) == 3
    assert history.architectures.format()[2:6] == [first, second, first, second]
    assert np.isfinite(history.y).tolist() == [True, True, False, False, True, False, True]
    assert history.y[4] == value(history.architectures[4])
    assert [trial.user_attrs.get("failure") for trial in study.optuna_study.trials][2:6] == [
        "MemoryError", "MemoryError", None, "MemoryError",
    ]  # fmt: skip

    del calls[:]
    broken.clear()
    study.run(9)
    assert not {first, second} & set(calls)
    del calls[:]
    study.run(10, retry_failed=True)
    assert calls == [second]
    study.run(11, retry_failed=True)
    assert len(calls) == 2 == len(set(calls))
    assert first not in calls


def test_a_minimised_objective_keeps_its_direction():
    study = make(objective="latency", direction="minimize")
    history = study.run(8)
    assert study.optuna_study.direction.name == "MINIMIZE"
    assert history.y.tolist() == (-history.metrics["latency"]).tolist()
    assert study.best.metrics["latency"] == history.metrics["latency"].min() == study.optuna_study.best_value


def test_best_is_the_first_of_the_largest():
    study = make(evaluator=lambda architecture: {"valid_accuracy": 1.0, "parameters": 7})
    with pytest.raises(StudyError, match="succeeded yet"):
        _ = study.best
    history = study.run(3)
    architecture, found = study.best
    assert architecture == history.architectures[0]
    assert found == {"valid_accuracy": 1.0, "parameters": 7.0}


def test_direction_and_objective_come_from_the_evaluator():
    def evaluator(architecture):
        return {"error": 1.0}

    evaluator.metrics = {"error": ("minimize", "%")}
    study = make(evaluator=evaluator, objective="error")
    assert (study.direction, study.metrics) == ("minimize", {"error": ("minimize", "%")})
    with pytest.raises(InputError, match=r"gives \['error'\], not 'valid_accuracy'"):
        make(evaluator=evaluator)
    with pytest.raises(InputError, match="leave it out"):
        make(evaluator=evaluator, objective="error", direction="maximize")
    with pytest.raises(InputError, match="got 'up'"):
        make(direction="up")


def test_another_space_objective_or_direction_is_refused(tmp_path):
    storage = tmp_path / "runs.db"
    make(storage).run(1)
    other = EdgeCellSpace(operations=("none", "skip"), nodes=3)
    with pytest.raises(StudyError, match=r"searches EdgeCellSpace.*'pool'.*give the study's own space"):
        make(storage, space=other)
    with pytest.raises(StudyError, match=r"searches EdgeCellSpace.*the space given is ChoiceSpace"):
        make(storage, space=ChoiceSpace({"a": ("b", "c")}))
    with pytest.raises(StudyError, match="to maximize 'valid_accuracy', not to maximize 'latency'"):
        make(storage, objective="latency")
    with pytest.raises(StudyError, match="to maximize 'valid_accuracy', not to minimize"):
        make(storage, direction="minimize")
    assert make(storage, name="another", space=other).name == "another"


def test_of_another_space_no_more_is_told_than_what_differs():
    storage = InMemoryStorage()
    chain = {"width": (16, 32), "layer": ("conv", "pool"), "depth": (1, 2)}
    make(storage, space=ChoiceSpace(chain), evaluator=lambda architecture: {"valid_accuracy": 1.0}).run(1)
    with pytest.raises(StudyError) as raised:
        make(storage, space=ChoiceSpace({**chain, "layer": ("conv", "skip")}))
    assert str(raised.value) == (
        "The study searches ChoiceSpace(layer=['conv', 'pool'], …), and the space given is ChoiceSpace(layer=['conv', "
        "'skip'], …); give the study's own space, or another study name."
    )
    with pytest.raises(StudyError, match=r"searches ChoiceSpace\(depth=\[1, 2\], …\), .* is ChoiceSpace\(…\);"):
        make(storage, space=ChoiceSpace({"width": (16, 32), "layer": ("conv", "pool")}))
    with pytest.raises(StudyError, match=r"searches ChoiceSpace, and the space given is EdgeCellSpace;"):
        make(storage)


UNSORTED = ChoiceSpace({"width": (8, 16, 32), "operation": ("conv", "pool"), "depth": (1, 2, 3)})


def test_decisions_need_not_be_sorted(tmp_path):
    study = make(tmp_path / "runs.db", space=UNSORTED)
    study.run(4)
    loaded = Study.load(storage=tmp_path / "runs.db")
    assert loaded.space == UNSORTED
    assert loaded.history.architectures.format() == study.history.architectures.format()
    turned = ChoiceSpace(dict(reversed(UNSORTED.decisions.items())))
    with pytest.raises(StudyError, match=r"same decisions in another order, \['width', 'operation', 'depth'\] and"):
        make(tmp_path / "runs.db", space=turned)


def test_truth_values_are_no_numbers(tmp_path):
    norm = ChoiceSpace({"norm": (True, False)})
    make(tmp_path / "runs.db", space=norm, evaluator=lambda architecture: {"valid_accuracy": 1.0}).run(1)
    assert Study.load(storage=tmp_path / "runs.db").space == ChoiceSpace({"norm": (True, False)})
    with pytest.raises(StudyError, match=r"\[1, 0\].*the study's own space"):
        make(tmp_path / "runs.db", space=ChoiceSpace({"norm": (1, 0)}))


def test_a_record_with_a_mapping_of_decisions_is_read():
    storage = InMemoryStorage()
    study = make(storage, space=UNSORTED).optuna_study
    stored = study.user_attrs["augury"]
    stored["space"]["config"]["decisions"] = dict(stored["space"]["config"]["decisions"])
    study.set_user_attr("augury", stored)
    assert make(storage, space=UNSORTED).space == UNSORTED
    assert Study.load(storage=storage).space == UNSORTED
    stored["space"]["config"]["decisions"] = dict(sorted(stored["space"]["config"]["decisions"].items()))
    study.set_user_attr("augury", stored)
    with pytest.raises(StudyError, match="same decisions in another order"):
        Study.load(storage=storage)


def test_a_study_of_optunas_own_is_refused(tmp_path):
    url = f"sqlite:///{tmp_path / 'runs.db'}"
    own = optuna.create_study(storage=url, study_name="study", direction="maximize")
    own.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=1)
    with pytest.raises(StudyError, match="not made by augury"):
        make(url)
    optuna.create_study(storage=url, study_name="two", directions=["maximize", "minimize"])
    with pytest.raises(StudyError, match="not made by augury"):
        make(url, name="two")


def test_load_knows_space_and_objective(tmp_path):
    make(tmp_path / "runs.db", objective="latency", direction="minimize").run(3)
    study = Study.load(storage=tmp_path / "runs.db")
    assert (study.name, study.space, study.objective, study.direction) == ("study", SPACE, "latency", "minimize")
    assert len(study.history) == 3
    with pytest.raises(InputError, match="a strategy and an evaluator"):
        study.run(4)
    resumed = Study.load(name="study", storage=tmp_path / "runs.db", strategy=STRATEGY, evaluator=metrics)
    assert len(resumed.run(4)) == 4
    with pytest.raises(StudyError, match="no study 'nope'; it has: study"):
        Study.load(name="nope", storage=tmp_path / "runs.db")
    make(tmp_path / "runs.db", name="second")
    with pytest.raises(StudyError, match="several studies; name one of them: second, study"):
        Study.load(storage=tmp_path / "runs.db")
    open_storage(tmp_path / "new.db", create=True)
    with pytest.raises(StudyError, match="has no study yet"):
        Study.load(storage=tmp_path / "new.db")


def test_a_space_of_the_users_own_must_be_given_to_load_unless_an_entry_point_tells_of_it(tmp_path, monkeypatch):
    class Own(ChoiceSpace):
        pass

    space = Own({"a": ("b", "c")})
    make(tmp_path / "runs.db", space=space)
    with pytest.raises(StudyError, match="a Own, which is not one of augury's spaces; give space="):
        Study.load(storage=tmp_path / "runs.db")
    assert Study.load(storage=tmp_path / "runs.db", space=space).space == space
    monkeypatch.setattr("augury.spaces.factory.entry_points", lambda group: [Plugin("Own", Own)])
    assert Study.load(storage=tmp_path / "runs.db").space == space


def test_candidates_are_the_only_ones_proposed():
    class First(Strategy):
        def _propose(self, history, n, rng):
            assert history.candidates is not None
            return history.candidates[~np.isin(history.candidates.keys(), history.seen.keys())][:n]

    candidates = SPACE.enumerate()[[63, 62]]
    history = make(strategy=First(), candidates=candidates).run(10)
    assert history.architectures == candidates
    with pytest.raises(InputError, match="candidates are of ChoiceSpace"):
        make(candidates=ChoiceSpace({"a": ("b",)}).enumerate())


def test_callbacks_see_each_evaluation_once():
    seen = []
    study = make()
    study.run(2)
    study.run(5, callbacks=[lambda study, trial: seen.append((study.name, trial.number, trial.value))])
    assert seen == [("study", number, y) for number, y in enumerate(study.history.y.tolist()) if number > 1]


def test_nothing_begins_after_the_timeout():
    assert len(make().run(5, timeout=0.0)) == 0
    assert len(make().run(5, timeout=60.0)) == 5


def test_arguments_out_of_range():
    for arguments in ({"budget": 0}, {"budget": 1, "workers": 0}):
        with pytest.raises(InputError, match="at least 1"):
            make().run(**arguments)
    with pytest.raises(InputError, match="non-negative"):
        make(seed=-1)
    with pytest.raises(InputError, match="cannot share a storage in memory"):
        make().run(2, workers=2)


def test_a_strategy_that_repeats_itself_is_told_so():
    class Stubborn(Strategy):
        def _propose(self, history, n, rng):
            return history.space.enumerate()[:1]

    with pytest.raises(StudyError, match=r"Stubborn proposed .* evaluated or under way"):
        make(strategy=Stubborn()).run(2)


def test_what_is_enqueued_comes_first():
    study = make()
    wanted = SPACE.from_genotypes([[2, 3, 2], [3, 3, 3]])
    for genotype in wanted.genotypes:
        study.optuna_study.enqueue_trial(study.parameters.values(genotype))
    study.optuna_study.enqueue_trial(study.parameters.values(wanted.genotypes[0]))
    history = study.run(3)
    assert history.architectures[:2] == wanted
    assert not any(trial.state == TrialState.WAITING for trial in study.optuna_study.trials)


def test_optunas_messages_and_verbosity_are_left_alone(tmp_path, capsys):
    optuna.logging.set_verbosity(optuna.logging.INFO)
    make(tmp_path / "runs.db").run(2)
    assert optuna.logging.get_verbosity() == optuna.logging.INFO
    assert capsys.readouterr() == ("", "")
