"""Studies that Optuna's own samplers made, as sources."""

from __future__ import annotations

import numpy as np
import optuna
import pytest
from optuna.samplers import RandomSampler, TPESampler
from optuna.trial import TrialState, create_trial

from augury import meta, search
from augury.data import Task
from augury.search.studies.parameters import Parameters
from augury.search.studies.sampler import StrategySampler
from augury.search.studies.sources import study_to_task
from augury.spaces import ChoiceSpace, DataError, EdgeCellSpace, InputError, StudyError

SPACE = ChoiceSpace({"operation": ("conv", "pool", "skip"), "width": (8, 16, 32), "rate": (0.1, 0.2, 0.3)})


@pytest.fixture(autouse=True)
def quiet():
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    yield
    optuna.logging.set_verbosity(optuna.logging.INFO)


def score(trial):
    """Fails, is pruned, or is infinite now and then; the steps of the rate add up to 0.30000000000000004."""
    operation = trial.suggest_categorical("operation", SPACE.decisions["operation"])
    width, rate = trial.suggest_categorical("width", (8, 16, 32)), trial.suggest_float("rate", 0.1, 0.3, step=0.1)
    trial.set_user_attr("latency", 2.0 * width)
    trial.set_user_attr("note", "a text is no metric")
    if trial.number == 3:
        raise optuna.TrialPruned
    if trial.number in (4, 5):
        return float("nan") if trial.number == 4 else float("inf")
    if trial.number == 6:
        raise ArithmeticError
    return len(operation) + width / 8 + 10 * rate


def expected(task):
    return [len(SPACE.decisions["operation"][i]) + (1, 2, 4)[j] + k + 1 for i, j, k in task.architectures.genotypes]


@pytest.mark.parametrize("direction", ["minimize", "maximize"])
@pytest.mark.parametrize("stored", [False, True])
def test_a_study_of_optunas_own_sampler_becomes_a_task(tmp_path, direction, stored):
    path = tmp_path / "runs.db"
    storage = f"sqlite:///{path}" if stored else None
    study = optuna.create_study(study_name="tpe", storage=storage, direction=direction, sampler=TPESampler(seed=0))
    study.optimize(score, n_trials=25, catch=ArithmeticError)
    study.ask()  # still running
    tasks = [study_to_task(study, space=SPACE)]
    if stored:
        tasks += [study_to_task(path, "tpe", space=SPACE), study_to_task(storage, space=SPACE)]
    for task in tasks:
        assert (task.name, task.space, task.objective, len(task)) == ("tpe", SPACE, "value", 21)
        assert task.metrics["value"].direction == direction
        np.testing.assert_allclose(task.metrics["value"].values, expected(task))
        np.testing.assert_allclose(task.y, (1 if direction == "maximize" else -1) * task.metrics["value"].values)
        widths = np.asarray(SPACE.decisions["width"])[task.architectures.genotypes[:, 1]]
        np.testing.assert_array_equal(task.metrics["latency"].values, 2.0 * widths)
        assert set(task.metrics) == {"value", "latency"}
    few = SPACE.sample(3, np.random.default_rng(0))
    assert np.isfinite(meta.make("rgpe").fit(tasks[:1]).adapt(few, np.arange(3.0)).predict(few)).all()


def test_cells_are_read_by_the_names_of_their_positions():
    space = EdgeCellSpace(operations=("none", "conv", "pool"), nodes=3)
    study = optuna.create_study(direction="maximize", sampler=RandomSampler(seed=0))
    names = list(space.positions())
    study.optimize(lambda trial: sum(trial.suggest_categorical(n, space.operations) == "pool" for n in names), 10)
    task = study_to_task(study, space=space)
    np.testing.assert_array_equal(task.y, (task.architectures.genotypes == 2).sum(axis=1))


@pytest.mark.parametrize("names", [None, {"a": ("x", "y", "z"), "b": (0, 1, 2), "c": (0, 1, 2)}])
def test_what_our_own_sampler_sampled_is_a_source(names):
    """Under the space's names, or by the text that it leaves with each trial."""
    sampler = StrategySampler(search.make("random"), SPACE, parameters=names and Parameters(SPACE, names))
    study = optuna.create_study(direction="minimize", sampler=sampler)
    study.optimize(lambda trial: float(np.dot(sampler.architecture(trial).genotype, (100, 10, 1))), n_trials=8)
    task = study_to_task(study, space=SPACE)
    np.testing.assert_array_equal(-task.y, task.architectures.genotypes @ (100, 10, 1))
    assert task.architectures == sampler.history(study).architectures


def test_the_objective_is_called_as_the_study_calls_it():
    study = optuna.create_study(direction="maximize")
    with pytest.warns(optuna.exceptions.ExperimentalWarning):
        study.set_metric_names(["valid_accuracy"])
    study.add_trial(trial({"operation": "conv", "width": 16.0, "rate": 0.1}, valid_accuracy=7.0, test_accuracy=4.0))
    task = study_to_task(study, space=SPACE)
    assert (task.objective, task.test_metric, task.y.tolist()) == ("valid_accuracy", "test_accuracy", [5.0])
    assert task.architectures.genotypes.tolist() == [[0, 1, 0]]


def trial(params, value=5.0, **attributes):
    distributions = {name: optuna.distributions.CategoricalDistribution((given,)) for name, given in params.items()}
    return create_trial(params=params, distributions=distributions, value=value, user_attrs=attributes)


def study_of(*trials):
    study = optuna.create_study(study_name="other")
    study.add_trials(trials)
    return study


RIGHT = {"operation": "conv", "width": 8, "rate": 0.1}


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (RIGHT | {"width": 64}, r"its parameter 'width' is 64; allowed is one of \[8, 16, 32\]"),
        (RIGHT | {"width": "9"}, r"its parameter 'width' is '9'; allowed is one of \[8, 16, 32\]"),
        (RIGHT | {"operation": 0}, r"its parameter 'operation' is 0; allowed is one of \['conv', 'pool', 'skip'\]"),
        (
            RIGHT | {"lr": 0.5, "decay": 0.1, "layers": 3},
            r"it has a parameter 'lr'; only \['operation', 'width', 'rate'\] are allowed, and fewer others .* not 3",
        ),
        ({"operation": "skip", "rate": 0.1}, r"it lacks the parameter 'width'; it has \['operation', 'rate'\]"),
        ({}, r"it lacks the parameter 'operation'; it has \[\]"),
    ],
)
def test_parameters_that_do_not_fit_are_named(params, message):
    with pytest.raises(StudyError, match=r"Trial 1 of the study 'other' is no architecture of ChoiceSpace: " + message):
        study_to_task(study_of(trial(RIGHT), trial(params)), space=SPACE)
    text = "operation=skip, width=32, rate=0.2"
    told = study_to_task(study_of(trial(RIGHT), trial(params, architecture=text)), space=SPACE)
    assert told.architectures.genotypes.tolist() == [[0, 0, 0], [2, 2, 1]]
    with pytest.raises(StudyError, match="and its user attribute 'architecture' is 'resnet'"):
        study_to_task(study_of(trial(params, architecture="resnet")), space=SPACE)


def test_what_did_not_succeed_need_not_fit():
    failed = create_trial(state=TrialState.FAIL, params={}, distributions={})
    waiting = create_trial(state=TrialState.WAITING, params={}, distributions={})
    assert len(study_to_task(study_of(failed, waiting, trial(RIGHT)), space=SPACE)) == 1
    with pytest.raises(StudyError, match="has no successful evaluation"):
        study_to_task(study_of(failed), space=SPACE)


def test_a_space_says_which_of_its_genotypes_are_valid():
    class Odd(ChoiceSpace):
        def valid(self, genotypes):
            return genotypes.sum(axis=1) % 2 == 1

    space = Odd({"first": ("a", "b"), "second": ("a", "b")})
    with pytest.raises(StudyError, match="no valid architecture of Odd"):
        study_to_task(study_of(trial({"first": "a", "second": "a"})), space=space)
    assert len(study_to_task(study_of(trial({"first": "a", "second": "b"})), space=space)) == 1


def test_other_mistakes_are_told(tmp_path):
    with pytest.raises(StudyError, match=r"was not made by augury, and does not tell its search space; give space="):
        study_to_task(study_of(trial(RIGHT)))
    with pytest.raises(StudyError, match="has 2 objectives, and a source has one"):
        study_to_task(optuna.create_study(directions=["minimize", "maximize"]), space=SPACE)
    storage = f"sqlite:///{tmp_path / 'runs.db'}"
    for name in ("one", "two"):
        optuna.create_study(study_name=name, storage=storage)
    with pytest.raises(StudyError, match="several studies; name one of them: one, two"):
        study_to_task(storage, space=SPACE)


def test_a_space_whose_arguments_json_cannot_write_will_do():
    class Own(ChoiceSpace):
        def config(self):
            return {"decisions": self.decisions, "function": len}

    task = study_to_task(study_of(trial({"first": "b"})), space=Own({"first": ("a", "b")}))
    assert task.architectures.genotypes.tolist() == [[1]]


def test_a_few_other_parameters_are_left_out_and_told(caplog):
    text = "operation=skip, width=32, rate=0.2"
    trials = [trial(RIGHT | {"dropout": 0.5}), trial(RIGHT | {"decay": 0.1, "dropout": 0.1}), trial(RIGHT)]
    task = study_to_task(study_of(*trials, trial(RIGHT | {"layers": 3}, architecture=text)), space=SPACE)
    assert task.architectures.genotypes.tolist() == [[0, 0, 0]] * 3 + [[2, 2, 1]]
    (told,) = caplog.messages
    assert told == "Parameters of the study 'other' are none of the space's decisions, and left out: dropout, decay."


@pytest.mark.parametrize(
    ("choices", "given", "index"),
    [
        (("16", "32"), 32, 1),
        ((16, 32), "32", 1),
        ((0, 1), True, 1),
        ((True, False), 0, 1),
        (("True", 1), True, 0),
        ((1e-3, 0.1), "1e-1", 1),
        (("conv", "None"), None, 1),
    ],
)
def test_a_study_and_its_table_mean_the_same_choice(choices, given, index):
    space = ChoiceSpace({"one": choices})
    study = study_of(trial({"one": given}))
    table = Task.from_table(
        study.trials_dataframe(), space=space, metrics={"value": "minimize"}, objective="value", name="table"
    )
    for task in (study_to_task(study, space=space), table):
        assert task.architectures.genotypes.tolist() == [[index]]


@pytest.mark.parametrize(("choices", "given"), [((0, 2), True), ((True,), 2), (("conv", "1"), True)])
def test_a_study_and_its_table_refuse_the_same(choices, given):
    space = ChoiceSpace({"one": choices})
    study = study_of(trial({"one": given}))
    with pytest.raises(StudyError, match=r"its parameter 'one' is "):
        study_to_task(study, space=space)
    with pytest.raises(DataError, match=r"no choice of 'one' named"):
        Task.from_table(
            study.trials_dataframe(), space=space, metrics={"value": "minimize"}, objective="value", name="table"
        )


def ranged(width, rate, value=5.0, **attributes):
    params = {"operation": "conv", "width": width, "rate": rate}
    distributions = {
        "operation": optuna.distributions.CategoricalDistribution(("conv", "pool", "skip")),
        "width": optuna.distributions.IntDistribution(8, 32),
        "rate": optuna.distributions.FloatDistribution(0.1, 0.3),
    }
    return create_trial(params=params, distributions=distributions, value=value, user_attrs=attributes)


def test_trials_between_the_choices_are_left_out_and_counted(caplog):
    text = "operation=skip, width=32, rate=0.2"
    trials = [ranged(8, 0.3, 1.0), ranged(16, 0.25, 2.0), ranged(9, 0.2, 3.0), ranged(9, 0.2, 4.0, architecture=text)]
    task = study_to_task(study_of(*trials), space=SPACE)
    assert task.architectures.genotypes.tolist() == [[0, 0, 2], [2, 2, 1]]
    assert task.metrics["value"].values.tolist() == [1.0, 4.0]
    (told,) = caplog.messages
    assert told.startswith("2 of 4 trials of the study 'other' are left out, which are between the space's choices")
    assert told.endswith("of the first, its parameter 'rate' is 0.25; allowed is one of [0.1, 0.2, 0.3].")


def test_a_study_that_is_between_the_choices_in_all_trials_is_refused():
    with pytest.raises(
        StudyError, match=r"No trial of .* 'width' is 9; allowed .* study_to_task\(\.\.\., architecture=\)"
    ):
        study_to_task(study_of(ranged(9, 0.2), ranged(10, 0.2)), space=SPACE)
    texts = ChoiceSpace({"operation": ("conv",), "width": ("8", "16"), "rate": (0.1, 0.2)})
    with pytest.raises(StudyError, match=r"Trial 0 .* 'width' is 9; allowed is one of"):
        study_to_task(study_of(ranged(9, 0.2)), space=texts)


def test_a_function_tells_architectures_that_the_parameters_do_not():
    def architecture(trial):
        if trial.number == 2:
            return None
        choices = {"operation": trial.params["op"], "width": 2 ** trial.params["log_width"], "rate": 0.1}
        return choices if trial.number else ", ".join(f"{name}={choice}" for name, choice in choices.items())

    study = study_of(*(trial({"op": "pool", "log_width": 3 + i % 3}, float(i)) for i in range(4)))
    task = study_to_task(study, space=SPACE, architecture=architecture)
    assert task.architectures.genotypes.tolist() == [[1, 0, 0], [1, 1, 0], [1, 0, 0]]
    assert task.metrics["value"].values.tolist() == [0.0, 1.0, 3.0]
    with pytest.raises(StudyError, match=r"architecture= leaves out all 4 trials"):
        study_to_task(study, space=SPACE, architecture=lambda trial: None)
    with pytest.raises(StudyError, match=r"architecture= says of trial 0 .*no choice of 'width' named 9"):
        study_to_task(study, space=SPACE, architecture=lambda trial: RIGHT | {"width": 9})
    with pytest.raises(StudyError, match=r"architecture= fails on trial 0 .*parameters are \{'op.*\(KeyError: 'zz'\)"):
        study_to_task(study, space=SPACE, architecture=lambda trial: trial.params["zz"])
    with pytest.raises(InputError, match=r"architecture= is a function .* got 'op'"):
        study_to_task(study, space=SPACE, architecture="op")


def test_a_function_is_not_needed_for_our_own_studies():
    study = search.Study.create_or_load(name="own", storage=optuna.storages.InMemoryStorage(), space=SPACE)
    with pytest.raises(InputError, match="was made by augury, and tells its architectures itself"):
        study_to_task(study.optuna_study, architecture=lambda trial: trial.params)
