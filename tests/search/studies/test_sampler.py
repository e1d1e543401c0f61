from __future__ import annotations

import numpy as np
import optuna
import pytest
from optuna.trial import TrialState, create_trial

from augury.search.history import History
from augury.search.strategy import Strategy
from augury.search.studies.parameters import Parameters
from augury.search.studies.sampler import StrategySampler
from augury.search.studies.trials import WITHDRAWN
from augury.spaces import Architectures, ChoiceSpace, InputError, StudyError

SPACE = ChoiceSpace({"first": ("conv", "pool"), "width": (16, 32, 64)})
PARAMETERS = Parameters(SPACE, SPACE.decisions)


class Noting(Strategy):
    """Proposes any fresh architecture, and takes note of what it was shown."""

    def __init__(self, *, notes: list[History]) -> None:
        self.notes = notes

    def _propose(self, history: History, n: int, rng: np.random.Generator) -> Architectures:
        self.notes.append(history)
        everything = history.space.enumerate()
        fresh = everything[~np.isin(everything.keys(), history.seen.keys())]
        return fresh[rng.permutation(len(fresh))[:n]]


@pytest.fixture(autouse=True)
def silence():
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    yield
    optuna.logging.set_verbosity(before)


def test_an_attribute_called_as_the_objective_is_not_its_value():
    sampler, study = make("minimize")

    def objective(trial):
        trial.set_user_attr("accuracy", 90.0)
        if sampler.architecture(trial).genotype[1] == 2:
            raise optuna.TrialPruned
        return sampler.architecture(trial).genotype[1]

    study.optimize(objective, n_trials=6)
    history = sampler.history(study)
    width = history.architectures.genotypes[:, 1]
    np.testing.assert_array_equal(history.y, np.where(width == 2, np.nan, -width))
    np.testing.assert_array_equal(history.metrics["accuracy"], -history.y)


def make(direction="maximize", **more):
    sampler = StrategySampler(Noting(notes=[]), SPACE, objective="accuracy", parameters=PARAMETERS, **more)
    return sampler, optuna.create_study(sampler=sampler, direction=direction)


def test_optunas_own_loop_searches_with_the_strategy():
    sampler, study = make()

    def objective(trial):
        architecture = sampler.architecture(trial)
        trial.set_user_attr("latency", 2.5)
        trial.set_user_attr("note", "text is no metric")
        trial.set_user_attr("flag", True)
        return architecture.genotype[1]

    study.optimize(objective, n_trials=6)
    history = sampler.history(study)
    assert sorted(history.architectures.format()) == sorted(SPACE.enumerate().format())
    assert history.y.tolist() == history.architectures.genotypes[:, 1].tolist()
    assert {name: values.tolist() for name, values in history.metrics.items()} == {
        "accuracy": history.y.tolist(),
        "latency": [2.5] * 6,
    }
    assert [trial.user_attrs["architecture"] for trial in study.trials] == history.architectures.format()
    assert [trial.params["width"] for trial in study.trials] == [
        (16, 32, 64)[i] for i in history.architectures.genotypes[:, 1]
    ]
    with pytest.raises(StudyError, match="may be proposed is evaluated; stop the study"):
        study.optimize(objective, n_trials=1)


def test_suggesting_the_parameters_one_by_one_gives_the_same():
    sampler, study = make()
    trial = study.ask()
    chosen = (trial.suggest_categorical("first", ("conv", "pool")), trial.suggest_categorical("width", (16, 32, 64)))
    assert f"first={chosen[0]}, width={chosen[1]}" == str(sampler.architecture(trial))
    assert len(sampler.strategy.notes) == 1
    with pytest.raises(InputError, match="'depth' is not a parameter of ChoiceSpace"):
        trial.suggest_int("depth", 1, 3)


def test_what_the_strategy_is_shown():
    sampler, study = make("minimize")
    started = study.ask()
    sampler.architecture(started)
    study.ask()  # has no parameters yet, so nothing is known to be under way
    study.add_trial(_trial(TrialState.COMPLETE, (0, 0), value=3.0))
    study.add_trial(_trial(TrialState.FAIL, (0, 1), failure="it broke"))
    study.add_trial(_trial(TrialState.FAIL, (0, 2)))  # a vanished worker says nothing of the architecture
    study.add_trial(_trial(TrialState.FAIL, (1, 0), failure="it broke", **{"augury:withdrawn": "its worker died"}))
    study.add_trial(_trial(TrialState.COMPLETE, (1, 1), value=float("inf")))
    study.add_trial(create_trial(value=1.0))  # of somebody else's space
    study.add_trial(_trial(TrialState.RUNNING, (1, 2), **{"augury:withdrawn": "interrupted"}))
    sampler.architecture(study.ask())
    shown = sampler.strategy.notes[-1]
    assert shown.architectures.genotypes.tolist() == [[0, 0], [0, 1], [1, 1]]
    np.testing.assert_array_equal(shown.y, [-3.0, np.nan, np.nan])
    np.testing.assert_array_equal(shown.metrics["accuracy"], [3.0, np.nan, np.nan])
    assert shown.pending.format() == [study.trials[started.number].user_attrs["architecture"]]


def test_randomness_depends_on_the_seed_and_on_what_is_known_only():
    def proposed(seed, withdrawn):
        sampler, study = make(seed=seed)
        for _ in range(withdrawn):  # they move the trials' numbers, and nothing else
            study.add_trial(_trial(TrialState.FAIL, (0, 0), **{"augury:withdrawn": "interrupted"}))
        study.optimize(lambda trial: sum(sampler.architecture(trial).genotype), n_trials=4)
        return sampler.history(study).architectures.format()

    assert proposed(0, 0) == proposed(0, 3)
    assert len({tuple(proposed(seed, 0)) for seed in range(5)}) > 1


def test_a_failure_in_optunas_loop_is_an_evaluation():
    sampler, study = make()

    def objective(trial):
        sampler.architecture(trial)
        raise ZeroDivisionError

    study.optimize(objective, n_trials=3, catch=(ZeroDivisionError,))
    history = sampler.history(study)
    assert len(history.architectures.distinct()) == 3
    assert np.isnan(history.y).all()


def test_studies_of_several_objectives_are_refused():
    sampler = make()[0]
    study = optuna.create_study(directions=["maximize", "minimize"], sampler=sampler)
    with pytest.raises(InputError, match="has 2 objectives, and a strategy searches by one; make it with direction="):
        sampler.history(study)
    called = []
    for begin in (study.ask, lambda: study.optimize(called.append, n_trials=3)):
        with pytest.raises(InputError, match="has 2 objectives"):
            begin()
    assert not called
    assert [trial.state for trial in study.trials] == [TrialState.FAIL] * 2
    assert all("several objectives" in trial.user_attrs[WITHDRAWN] for trial in study.trials)


def test_parameters_and_candidates_of_another_space_are_refused():
    other = ChoiceSpace({"a": ("b", "c")})
    for arguments in ({"candidates": other.enumerate()}, {"parameters": Parameters(other)}):
        with pytest.raises(InputError, match="give those of one space"):
            StrategySampler(Noting(notes=[]), SPACE, **arguments)


def _trial(state, genotype, value=None, **user_attrs):
    return create_trial(
        state=state,
        value=value,
        params=PARAMETERS.values(genotype),
        distributions=PARAMETERS.distributions,
        user_attrs=user_attrs,
    )
