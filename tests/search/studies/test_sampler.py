from __future__ import annotations

import numpy as np
import optuna
import pytest
from optuna.trial import TrialState, create_trial

from augury.search.history import History
from augury.search.strategy import Strategy
from augury.search.studies.parameters import Parameters
from augury.search.studies.sampler import StrategySampler
from augury.search.studies.trials import WITHDRAWN, counts, live
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


def test_a_trial_for_which_nothing_is_left_is_no_evaluation():
    sampler, study = make()
    study.optimize(lambda trial: sampler.architecture(trial).genotype[1], n_trials=6)
    with pytest.raises(StudyError, match="stop the study"):
        study.optimize(sampler.architecture, n_trials=1)
    with pytest.raises(StudyError, match="stop the study"):
        sampler.architecture(study.ask())
    assert not any(counts(trial) or live(trial) for trial in study.trials[6:])
    assert "stop the study" in study.trials[-1].user_attrs[WITHDRAWN]


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


def numbers_suggested(trial):
    first = trial.suggest_categorical("first", ["conv", "pool"])
    rate = trial.suggest_float("rate", 0.1, 0.3, step=0.1)
    return trial.suggest_int("width", 16, 64, step=16) * rate + (first == "conv")


@pytest.mark.parametrize("own", [True, False], ids=["suggested by hand", "suggested by the sampler"])
@pytest.mark.parametrize("begun", [0, 12])
def test_a_study_of_numbers_from_ranges_is_gone_on_with(own, begun):
    space = ChoiceSpace({"first": ("conv", "pool"), "width": (16, 32, 64), "rate": (0.1, 0.2, 0.3)})
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.RandomSampler(seed=0))
    study.optimize(numbers_suggested, n_trials=begun)
    sampler = study.sampler = StrategySampler(Noting(notes=[]), space)
    known = sampler.history(study).architectures
    assert len(known) == sum(trial.params["width"] != 48 for trial in study.trials)
    assert len({trial.params["rate"] for trial in study.trials}) == (3 if begun else 0)  # one is 0.30000000000000004

    def by_sampler(trial):
        choices = sampler.architecture(trial).choices
        return choices["width"] * choices["rate"] + (choices["first"] == "conv")

    study.optimize(numbers_suggested if own else by_sampler, n_trials=5)
    history = sampler.history(study)
    assert len(history) == len(known) + 5
    fresh = history.architectures[len(known) :]
    assert len(fresh.distinct()) == 5
    assert not fresh.isin(known).any()
    for trial, architecture in zip(study.trials[begun:], fresh, strict=True):
        assert trial.user_attrs["architecture"] == str(architecture)
        assert space.parse([{**trial.params}])[0] == architecture
        assert type(trial.params["width"]) is int
        assert type(trial.params["rate"]) is float


@pytest.mark.parametrize(
    ("suggest", "words"),
    [
        (lambda trial: trial.suggest_int("width", 1, 8), r"proposes \d+ for 'width', which is no value of IntDistrib"),
        (lambda trial: trial.suggest_categorical("width", (8, 1)), "which is no value of CategoricalDistribution"),
        (lambda trial: trial.suggest_int("first", 0, 1), "for 'first', which is no value of IntDistribution"),
        (lambda trial: trial.suggest_float("depth", 0, 1), "'depth' is not a parameter"),
    ],
)
def test_what_cannot_be_suggested_costs_no_architecture(suggest, words):
    sampler, study = make()
    with pytest.raises(InputError, match=words):
        study.optimize(suggest, n_trials=1)
    assert not len(sampler.history(study))
    assert WITHDRAWN in study.trials[0].user_attrs
    study.optimize(lambda trial: len(str(sampler.architecture(trial))), n_trials=6)
    assert len(sampler.history(study)) == 6


def test_a_parameter_of_another_kind_than_before_is_told():
    sampler, study = make()
    study.optimize(lambda trial: len(str(sampler.architecture(trial))), n_trials=2)
    with pytest.raises(InputError, match=r"have 'width' as Categorical.*suggested as IntDistribution.*as before"):
        study.optimize(lambda trial: trial.suggest_int("width", 16, 64), n_trials=1)
    assert len(sampler.history(study)) == 2
