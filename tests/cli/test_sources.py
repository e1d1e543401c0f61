from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import optuna
import pytest

from augury import Study, load_benchmark, search
from augury.commands.method import Method
from augury.commands.sources import find_sources, has_tables, told_sources
from augury.commands.studies import run_study
from augury.commands.targets import Goal, Target, table_target
from augury.search.quiet import quiet
from augury.spaces import InputError, StudyError, UnknownNameError

from .conftest import LAYERS


@pytest.fixture(scope="module")
def cora() -> Target:
    return table_target("nas-bench-graph/cora", None)


def names(text: str, target: Target) -> list[str]:
    return [task.name for task in find_sources(text, target, architecture="arch")]


def test_a_target_of_the_benchmark_is_left_out(cora):
    others = [name for name in load_benchmark("nas-bench-graph") if name not in ("cora", "proteins")]
    assert names("nas-bench-graph", cora) == others
    assert names("nas-bench-graph/pubmed, nas-bench-graph/cora", cora) == ["pubmed"]
    with pytest.raises(InputError, match="Left out of the sources: nas-bench-graph/cora, which is the target itself"):
        names("nas-bench-graph/cora", cora)


def test_another_space_is_learned_across(cora):
    assert names("nas-bench-201/cifar10, nas-bench-graph/pubmed", cora) == ["cifar10", "pubmed"]
    sources = [
        task.sample(30, np.random.default_rng(0))
        for task in find_sources("nas-bench-201/cifar10, nas-bench-graph/pubmed", cora, architecture="arch")
    ]
    method = Method.of("bayesian", "nas-bench-201/cifar10", None, None, no_warm=False)
    learner = method.experience.learned(sources, cora.space)
    assert learner.across_spaces
    few = cora.space.sample(5, np.random.default_rng(1))
    assert np.isfinite(learner.adapt(few, np.arange(5.0)).predict(few)).all()
    assert not Method.of("bayesian", None, None, None, no_warm=False).prepared(cora, None)().get_params()["meta"]


def test_what_is_no_source_is_told_with_the_nearest(cora):
    with pytest.raises(UnknownNameError, match="Did you mean 'nas-bench-graph'"):
        names("nas-bench-grap", cora)
    with pytest.raises(UnknownNameError, match="Did you mean 'pubmed'"):
        names("nas-bench-graph/pubmd", cora)


def test_studies_of_the_target_itself_are_left_out(tmp_path):
    storage = str(tmp_path / "runs.db")

    def target(name: str) -> Target:
        metrics = {"valid_accuracy": ("maximize", "%")}
        return Target(
            name=name,
            space=LAYERS,
            metrics=metrics,
            objective="valid_accuracy",
            settings={"command": name},
            evaluator=lambda a: {"valid_accuracy": 1.0},
        )

    def run(study: str, of: Target) -> Study:
        return run_study(of, lambda: search.make("random"), storage=storage, name=study, seed=0, budget=2, workers=1)

    run("a", target("one")), run("b", target("one")), run("c", target("two"))
    Study.create_or_load(name="empty", storage=storage, space=LAYERS)
    assert names(storage, target("one")) == ["c"]
    assert names(storage, target("three")) == ["a", "b", "c"]


def test_one_study_of_several_is_named_behind_its_database(tmp_path, capsys):
    storage = f"sqlite:///{tmp_path / 'runs.db'}"
    augurys = "warm, of one"
    Study.create_or_load(
        name=augurys,
        storage=storage,
        space=LAYERS,
        strategy=search.make("random"),
        evaluator=lambda a: {"valid_accuracy": 1.0},
    ).run(2)
    with quiet():
        for name in ("first", "second"):
            study = optuna.create_study(study_name=name, direction="maximize", storage=storage)
            trial = study.ask(
                {n: optuna.distributions.CategoricalDistribution(c) for n, c in LAYERS.positions().items()}
            )
            study.tell(trial, 1.0)
    target, path = own("valid_accuracy", "maximize"), str(tmp_path / "runs.db")
    assert set(names(path, target)) == {augurys, "first", "second"}
    for there in (path, storage):
        assert names(f"{there}/second", target) == ["second"]
        assert names(f"{there}/{augurys}, {there}/first", target) == [augurys, "first"]
    assert "Left out" not in capsys.readouterr().err
    with pytest.raises(StudyError, match="no study 'third'; it has: first, second, warm, of one"):
        names(f"{path}/third", target)
    for twice in (f"{path}/first,{path}/first", f"{path},{path}/first", f"{storage}/first,{path}/first"):
        with pytest.raises(InputError, match=r"is there twice.*; name it once\."):
            names(twice, target)
    assert told_sources(f"{path}/{augurys},nas-bench-201") == "runs.db/warm, of one,nas-bench-201"


def test_a_database_without_a_study_is_told_as_such(cora, tmp_path):
    optuna.storages.RDBStorage(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(InputError, match=r"Left out of the sources: .*empty\.db'?, which has no study\. Name others\."):
        names(str(tmp_path / "empty.db"), cora)


def test_studies_of_other_programs_are_sources_where_they_fit(tmp_path, capsys, caplog):
    storage = str(tmp_path / "runs.db")
    target = own("error", "minimize")
    with quiet():
        for name, extra in (("fits", ()), ("tunes", ("lr",)), ("other", ("lr", "decay", "momentum"))):
            study = optuna.create_study(study_name=name, direction="minimize", storage=f"sqlite:///{storage}")
            decisions = {**LAYERS.positions(), **dict.fromkeys(extra, (0.1, 0.2))}
            for number in range(3):
                trial = study.ask({n: optuna.distributions.CategoricalDistribution(c) for n, c in decisions.items()})
                study.tell(trial, float(number))
    tasks = find_sources(storage, target, architecture="arch")
    assert [(task.name, task.space) for task in tasks] == [("fits", LAYERS), ("tunes", LAYERS)]
    assert [task.y.tolist() for task in tasks] == [[0.0, -1.0, -2.0]] * 2
    assert [told[-13:] for told in caplog.messages] == ["left out: lr."]
    said = capsys.readouterr().err
    assert "Left out of the sources: study 'other', in" in said
    assert ". Trial 0 of the study 'other'" in said
    assert "it has a parameter 'lr'; only" in said


def own(objective: str, direction: str, **more) -> Goal:
    metrics = {objective: (direction, "")}
    return Goal(**({"name": "own", "space": LAYERS, "metrics": metrics, "objective": objective, "settings": {}} | more))


@pytest.fixture
def of_latency(tmp_path) -> str:
    """A study that was to minimise the latency, and printed an accuracy besides."""

    def evaluate(architecture):
        return {"latency": 5.0, "accuracy": float(architecture.genotype[0])}

    storage = str(tmp_path / "latency.db")
    study = Study.create_or_load(
        name="fast", storage=storage, space=LAYERS, strategy=search.make("random"), evaluator=evaluate,
        objective="latency", direction="minimize",
    )  # fmt: skip
    study.run(6)
    return storage


def test_a_study_is_learned_by_the_targets_metric(of_latency):
    (task,) = find_sources(of_latency, own("accuracy", "maximize"), architecture="arch")
    assert task.objective == "accuracy"
    np.testing.assert_array_equal(task.y, task.architectures.genotypes[:, 0])
    (task,) = find_sources(of_latency, own("accuracy", "minimize"), architecture="arch")
    np.testing.assert_array_equal(task.y, -task.architectures.genotypes[:, 0])
    (task,) = find_sources(of_latency, own("latency", "minimize"), architecture="arch")
    assert task.y.tolist() == [-5.0] * 6


def test_a_study_without_that_metric_or_direction_is_left_out_with_the_reason(of_latency, table, capsys):
    with pytest.raises(InputError, match=r"Nothing is left .* study 'fast', for want of the metric 'valid_accuracy'"):
        names(of_latency, own("valid_accuracy", "maximize"))
    with pytest.raises(InputError, match="study 'fast', where 'latency' is to minimize, not to maximize"):
        names(of_latency, own("latency", "maximize"))
    with pytest.raises(InputError, match="study 'fast', which searches another space"):
        names(of_latency, own("latency", "minimize", space=LAYERS.__class__({"first": ("conv", "pool")})))
    table.write_text(table.read_text().replace("accuracy", "valid_accuracy"))
    capsys.readouterr()
    assert names(f"{table},{of_latency}", own("valid_accuracy", "maximize")) == ["results"]
    said = capsys.readouterr().err
    assert said == "Left out of the sources: study 'fast', for want of the metric 'valid_accuracy'.\n"


def test_a_benchmark_is_learned_by_the_targets_metric(cora, capsys):
    fast = table_target("nas-bench-graph/cora", "latency")
    tasks = find_sources("nas-bench-graph", fast, architecture="arch")
    assert {(task.objective, task.metrics["latency"].direction) for task in tasks} == {("latency", "minimize")}
    assert (tasks[0].y < 0).all()
    with pytest.raises(InputError, match="nas-bench-graph/pubmed, for want of the metric 'score'"):
        names("nas-bench-graph/pubmed", own("score", "maximize", space=cora.space))


def test_other_programs_studies_have_the_targets_direction(tmp_path):
    storage = str(tmp_path / "runs.db")
    with quiet():
        study = optuna.create_study(study_name="losses", direction="minimize", storage=f"sqlite:///{storage}")
        space = {name: optuna.distributions.CategoricalDistribution(c) for name, c in LAYERS.positions().items()}
        study.tell(study.ask(space), 1.0)
    assert names(storage, own("error", "minimize")) == ["losses"]
    message = r"study 'losses', for want of the metric 'accuracy', and its value is to minimize\."
    with pytest.raises(InputError, match=message):
        names(storage, own("accuracy", "maximize"))


def test_a_tables_objective_is_the_targets(table):
    target = own("latency", "minimize")
    (task,) = find_sources(str(table), target, architecture="arch")
    assert task.metrics["latency"].direction == "minimize"
    np.testing.assert_array_equal(task.y, -task.metrics["latency"].values)
    with pytest.raises(UnknownNameError, match="Did you mean 'accuracy'"):
        find_sources(
            str(table), replace(target, objective="accurcy", metrics={"accurcy": ("maximize", "")}), architecture="arch"
        )


def test_rows_of_a_table_without_a_value_are_left_out_and_told(table, tmp_path, capsys):
    lines = table.read_text().splitlines()
    gap, empty = tmp_path / "gap.csv", tmp_path / "empty.csv"
    gap.write_text("\n".join([*lines[:4], *(re.sub(r",[^,]*,([^,]*)$", r",,\1", line) for line in lines[4:6])]))
    empty.write_text("\n".join([lines[0], re.sub(r",[^,]*,([^,]*)$", r",,\1", lines[1])]))
    (task,) = find_sources(f"{gap},{empty}", own("accuracy", "maximize"), architecture="arch")
    assert (task.name, task.y.tolist()) == ("gap", [float(line.split(",")[-2]) for line in lines[1:4]])
    said = capsys.readouterr().err
    assert said == (
        f"Left out of the sources: 2 of 5 rows of {gap}, 1 of 1 rows of {empty}, for want of a value of 'accuracy'.\n"
    )
    with pytest.raises(InputError, match=r"Nothing is left .* 1 of 1 rows of .*, for want of a value of 'accuracy'"):
        find_sources(str(empty), own("accuracy", "maximize"), architecture="arch")


def test_rows_of_a_table_without_a_value_need_be_no_architectures(tmp_path):
    path = tmp_path / "trials.csv"
    path.write_text("params_first,params_second,params_width,value\nconv,,,\nconv,pool,16.0,3\n")
    (task,) = find_sources(str(path), own("value", "maximize"), architecture=None)
    assert (task.architectures.format(), task.y.tolist()) == (["first=conv, second=pool, width=16"], [3.0])


def test_an_ending_in_capitals_is_a_tables_too(table, tmp_path):
    path = str(table.rename(tmp_path / "RESULTS.CSV"))
    assert names(path, own("accuracy", "maximize")) == ["RESULTS"]
    assert has_tables(path)
    assert told_sources(f"{path},nas-bench-graph") == "RESULTS.CSV,nas-bench-graph"
    with pytest.raises(InputError, match=r"RESULTS\.CSV, which is the target itself"):
        names(path, replace(own("accuracy", "maximize"), path=path))


TRIALS = (
    "number,value,params_first,params_second,params_width,state\n0,3,conv,pool,16,COMPLETE\n1,9,conv,conv,32,PRUNED\n"
)
RUNS = "run_id,status,metrics.valid_accuracy,params.first,params.second,params.width\na,FINISHED,3,conv,pool,16\n"


def test_tables_of_optuna_and_mlflow_are_sources_as_their_databases_are(tmp_path, capsys):
    trials, runs = tmp_path / "trials.csv", tmp_path / "runs.csv"
    trials.write_text(TRIALS), runs.write_text(RUNS + "b,FAILED,9,conv,conv,32\n")
    tasks = find_sources(f"{trials},{runs}", own("valid_accuracy", "maximize"), architecture=None)
    assert [(task.objective, task.y.tolist()) for task in tasks] == [("valid_accuracy", [3.0])] * 2
    assert capsys.readouterr().err == (
        f"The column 'value' of {trials} is taken for 'valid_accuracy', which is to maximize.\n"
        f"Left out of the sources: 1 of 2 rows of {trials}, 1 of 2 rows of {runs}, of trials that failed, were pruned "
        "or still run.\n"
    )
    trials.write_text(TRIALS.replace("COMPLETE", "FAIL"))
    with pytest.raises(InputError, match=r"Nothing is left .* 2 of 2 rows of .*, of trials that failed, were pruned"):
        find_sources(str(trials), own("valid_accuracy", "maximize"), architecture=None)


def test_other_tables_have_no_objective_without_a_name(tmp_path):
    (tmp_path / "t.csv").write_text("first,second,width,value\nconv,pool,16,3\n")
    with pytest.raises(UnknownNameError, match="'valid_accuracy'"):
        find_sources(str(tmp_path / "t.csv"), own("valid_accuracy", "maximize"), architecture=None)


def test_a_source_is_named_once(cora, table, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.csv").symlink_to(table)
    for twice in (f"{table},{table}", f"{table}, results.csv", f"link.csv,{table}"):
        with pytest.raises(InputError, match=r"is there twice.*; name it once\."):
            names(twice, own("accuracy", "maximize"))
    (tmp_path / "runs.db").touch()
    for url in ("sqlite:///runs.db", f"sqlite:///{tmp_path}/runs.db", "sqlite+pysqlite:///runs.db"):
        with pytest.raises(InputError, match=r"is there twice.*; name it once\."):
            names(f"runs.db,{url}", own("accuracy", "maximize"))
    with pytest.raises(InputError, match="'nas-bench-graph/pubmed' is there twice, as 'nas-bench-graph' and"):
        names("nas-bench-graph,nas-bench-graph/pubmed", cora)
    with pytest.raises(InputError, match="'nas-bench-graph/pubmed' is there twice, and would"):
        names("nas-bench-graph/pubmed,nas-bench-graph/pubmed", cora)
