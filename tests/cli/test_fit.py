from __future__ import annotations

import io
import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.model_selection import GroupKFold

from augury import data, predictors
from augury.commands.cross_validation import told_quality
from augury.commands.own_tables import Reading, own_tasks
from augury.commands.sources import find_sources
from augury.commands.targets import command_target, own_table_target
from augury.spaces import ChoiceSpace
from augury.spaces.factory import space_to_json

from .conftest import LAYERS


def fit(run, table, space_file, *more):
    return run("fit", "--table", table, "--space", space_file, "--architecture-column", "arch", *more)


def test_what_is_saved_predicts_as_a_predictor_fitted_by_hand(run, table, space_file, tmp_path):
    result = fit(run, table, space_file, "--objective", "accuracy", "--out", "mine.safetensors")
    assert result.code == 0, result.err
    assert "18 architectures" in result.out
    frame = pd.read_csv(table)
    by_hand = predictors.make("auto").fit(LAYERS.parse(frame["arch"]), frame["accuracy"])
    saved = predictors.load(tmp_path / "mine.safetensors")
    np.testing.assert_array_equal(saved.predict(LAYERS.enumerate()), by_hand.predict(LAYERS.enumerate()))


def test_a_folder_is_made_and_a_model_that_is_there_is_replaced(run, table, space_file, tmp_path):
    options = ("--predictor", "bayesian-ridge", "--out", "new/folder/m.safetensors")
    first = fit(run, table, space_file, "--objective", "accuracy", *options)
    assert "Saved to new/folder/m.safetensors; predict with" in first.out
    second = fit(run, table, space_file, "--objective", "latency", *options)
    assert "Replaced new/folder/m.safetensors; predict with" in second.out
    assert "latency" in run("predict", "new/folder/m.safetensors", "first=conv, second=pool, width=16").out


def test_tau_is_that_of_the_rows_held_out(run, table, space_file):
    result = fit(run, table, space_file, "--objective", "accuracy", "--n", "10", "--seed", "3")
    tau, n = re.search(r"on (\d+) held-out architectures: (\S+)", result.out).group(2, 1)
    task = data.Task.from_table(
        pd.read_csv(table), space=LAYERS, architecture="arch", metrics={"accuracy": "maximize"}, objective="accuracy",
        name="by hand",
    )  # fmt: skip
    train, test = task.split(10, seed=3)
    predicted = predictors.make("auto", seed=3).fit(train.architectures, train.y).predict(test.architectures)
    assert int(n) == len(test) == 8
    assert float(tau) == pytest.approx(stats.kendalltau(test.y, predicted).statistic, abs=5e-4)


def test_what_is_learned_whole_is_cross_validated(run, table, space_file):
    options = ("--objective", "accuracy", "--predictor", "bayesian-ridge")
    result = fit(run, table, space_file, *options)
    found = re.search(r"in 5-fold cross-validation: (\S+) \(95 % interval (\S+) to (\S+)\)", result.out)
    mean, low, high = map(float, found.groups())
    assert low < mean < high
    y, chains = _accuracy(table), LAYERS.parse(pd.read_csv(table)["arch"])
    splits = GroupKFold(5, shuffle=True, random_state=0).split(y, groups=chains.forms())
    by_hand = []
    for seen, held in splits:
        predicted = predictors.make("bayesian-ridge").fit(chains[seen], y[seen]).predict(chains[held])
        by_hand.append(stats.kendalltau(y[held], predicted).statistic)
    assert mean == pytest.approx(np.mean(by_hand), abs=5e-4)
    half = 2.776 * np.std(by_hand, ddof=1) / 5**0.5  # Student's, of four
    assert [low, high] == pytest.approx([mean - half, min(mean + half, 1.0)], abs=2e-3)


@pytest.mark.parametrize(("seconds", "told"), [(4.1, "21 seconds"), (11.9, "60 seconds"), (12.1, "2 minutes")])
def test_nobody_is_asked_to_wait_for_a_long_cross_validation(table, seconds, told):
    frame = pd.read_csv(table)
    options = {"space": LAYERS, "architecture": "arch", "metrics": {"accuracy": "maximize"}, "objective": "accuracy"}
    task = data.Task.from_table(frame, name="by hand", **options)
    said = told_quality(predictors.make("bayesian-ridge"), task, None, seconds=seconds, seed=0)
    assert f"to cross-validate would take about {told} more" in said  # five times as long


def test_a_model_is_saved_before_it_is_cross_validated(run, table, space_file, tmp_path, monkeypatch):
    def interrupted(model):
        raise KeyboardInterrupt

    monkeypatch.setattr("augury.commands.cross_validation.clone", interrupted)
    result = fit(run, table, space_file, "--objective", "accuracy", "--predictor", "bayesian-ridge", "--out", "m.st")
    assert result.code == 130
    assert "Saved to m.st" in result.out
    assert "what was finished is kept" in result.err
    assert "cross-validating: 0 of 5" in result.err
    assert len(predictors.load(tmp_path / "m.st").predict(LAYERS.enumerate())) == 18


def test_an_interrupt_while_it_learns_keeps_nothing(run, table, space_file, tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(predictors.BayesianRidge, "fit", interrupted)
    result = fit(run, table, space_file, "--objective", "accuracy", "--predictor", "bayesian-ridge", "--out", "m.st")
    assert result.code == 130
    assert "Stopped; nothing is kept. To begin anew: augury fit --table" in result.err
    assert not (tmp_path / "m.st").exists()


def test_no_cross_validation_of_few(run, table, space_file):
    options = ("--objective", "accuracy", "--predictor", "bayesian-ridge")
    table.write_text("\n".join(table.read_text().splitlines()[:10]))
    assert "Held out: none, with fewer than 10 different" in fit(run, table, space_file, *options).out


def test_rows_of_one_architecture_and_equal_values_are_told(run, table, space_file):
    options = ("--objective", "accuracy", "--predictor", "bayesian-ridge")
    lines = table.read_text().splitlines()
    assert "warning" not in fit(run, table, space_file, *options).err.lower()
    table.write_text("\n".join([*lines, *lines[-3:]]))
    assert "from 21 rows of 18 architectures." in fit(run, table, space_file, *options).out
    table.write_text("\n".join([lines[0], *(re.sub(r",[^,]*,([^,]*)$", r",90,\1", line) for line in lines[1:])]))
    result = fit(run, table, space_file, *options, "--minimize")
    assert result.code == 0
    assert "Warning: all values are 90, so that no architecture is better than another." in result.err
    assert "Held out: none, as equal values have no order to be found." in result.out


def test_too_few_to_measure_on_are_told_as_such(run, table, space_file):
    assert "Held out: 1 architecture, too few to measure on" in fit(
        run, table, space_file, "--objective", "accuracy", "--n", "17"
    ).out  # fmt: skip
    assert "Kendall tau on 2 held-out" in fit(run, table, space_file, "--objective", "accuracy", "--n", "16").out


def test_the_seed_is_the_predictors_too(run, table, space_file, tmp_path):
    options = ("--objective", "accuracy", "--predictor", "extra-trees")
    for seed in (0, 0, 1):
        assert fit(run, table, space_file, *options, "--seed", seed, "--out", f"{seed}.st").code == 0
    by_hand = predictors.make("extra-trees", seed=1).fit(LAYERS.parse(pd.read_csv(table)["arch"]), _accuracy(table))
    found = [predictors.load(tmp_path / f"{seed}.st").predict(LAYERS.enumerate()) for seed in (0, 1)]
    np.testing.assert_array_equal(found[1], by_hand.predict(LAYERS.enumerate()))
    assert not np.array_equal(*found)
    assert fit(run, table, space_file, *options[:2], "--predictor", "bayesian-ridge", "--seed", "1").code == 0


def test_arguments_of_the_predictor_are_set(run, table, space_file, tmp_path):
    options = ("--objective", "accuracy", "--predictor", "extra-trees", "--out", "m.st", "--seed", "3")
    settings = ("--set", "predictor.trees=7", "--set", "predictor.max_features=sqrt", "--set", "predictor.seed=1")
    assert fit(run, table, space_file, *options, *settings).code == 0
    by_hand = predictors.make("extra-trees", trees=7, max_features="sqrt", seed=1)
    by_hand.fit(LAYERS.parse(pd.read_csv(table)["arch"]), _accuracy(table))
    saved = predictors.load(tmp_path / "m.st")
    assert saved.get_params() == by_hand.get_params()
    np.testing.assert_array_equal(saved.predict(LAYERS.enumerate()), by_hand.predict(LAYERS.enumerate()))
    lists = ("--predictor", "gaussian-process", "--set", 'predictor.encoders=["one-hot", "path"]', "--out", "m.st")
    assert fit(run, table, space_file, "--objective", "accuracy", *lists).code == 0
    assert predictors.load(tmp_path / "m.st").encoders == ["one-hot", "path"]


def _accuracy(table):
    return pd.read_csv(table)["accuracy"].to_numpy(float)


def test_a_benchmark_task_and_another_of_its_metrics(run):
    result = run("fit", "--task", "nas-bench-graph/proteins", "--objective", "latency", "--predictor", "random-forest")
    assert result.code == 0, result.err
    assert "RandomForest learned latency of nas-bench-graph/proteins from 100 architectures" in result.out
    assert "1,921 held-out" in result.out


def test_single_trainings_weigh_the_values(run, tmp_path):
    result = run(
        "fit", "--task", "nas-bench-201/cifar10", "--predictor", "bayesian-ridge", "--n", "40", "--out", "m.st"
    )
    assert result.code == 0, result.err
    assert (
        "learned valid_accuracy of nas-bench-201/cifar10 from 40 architectures, weighed by the noise of 3 seeds."
        in (result.out)
    )
    train, test = data.load_benchmark("nas-bench-201")["cifar10"].split(40, seed=0)
    by_hand = predictors.make("bayesian-ridge").fit(train.architectures, train.y, train.sample_weight())
    plain = predictors.make("bayesian-ridge").fit(train.architectures, train.y)
    saved = predictors.load(tmp_path / "m.st").predict(test.architectures)
    np.testing.assert_array_equal(saved, by_hand.predict(test.architectures))
    assert not np.array_equal(saved, plain.predict(test.architectures))


def test_single_trainings_of_a_table_do_too(run, table, space_file):
    frame = pd.read_csv(table)
    frame["accuracy_seed0"], frame["accuracy_seed1"] = frame["accuracy"] - 1, frame["accuracy"] + 1
    frame.loc[::2, "accuracy_seed1"] = np.nan
    frame.to_csv(table, index=False)
    assert "weighed by the noise of 2 seeds." in fit(run, table, space_file, "--objective", "accuracy").out
    frame["accuracy_seed1"] = np.nan  # none was trained twice
    frame.to_csv(table, index=False)
    assert "from 18 architectures.\n" in fit(run, table, space_file, "--objective", "accuracy").out


def test_rows_without_a_value_are_refused_or_left_out(run, table, space_file):
    lines = table.read_text().splitlines()
    lines[3] = re.sub(r",[^,]*,([^,]*)$", r",,\1", lines[3])
    table.write_text("\n".join(lines))
    refused = fit(run, table, space_file, "--objective", "accuracy")
    assert refused.code == 2
    assert "no value in 1 of 18 rows, the first of them row 2" in refused.err
    assert "--skip-missing" in refused.err
    assert "17 architectures" in fit(run, table, space_file, "--objective", "accuracy", "--skip-missing").out


def test_rows_without_a_value_need_be_no_architectures(run, space_file, tmp_path):
    """As Optuna's tables have them of trials that failed halfway."""
    lines = ["params_first,params_second,params_width,value", "conv,pool,,", *("conv,pool,16,1", "pool,skip,32,2") * 2]
    (tmp_path / "trials.csv").write_text("\n".join(lines))
    fit = ("fit", "--space", space_file, "--objective", "value", "--predictor", "bayesian-ridge", "--table")
    assert "no value in 1 of 5 rows, the first of them row 0" in run(*fit, "trials.csv").err
    result = run(*fit, "trials.csv", "--skip-missing")
    assert "from 4 rows of 2 architectures" in result.out, result.err
    (tmp_path / "typo.csv").write_text("\n".join([*lines, "cnov,pool,16,3"]))
    assert "'params_first': 1 of 5 cells" in (told := run(*fit, "typo.csv", "--skip-missing").err)
    assert "row 5: 'cnov'" in told
    (tmp_path / "texts.csv").write_text("architecture,value\n,\nfirst=conv,1\n")
    assert "row 1: 'first=conv'" in run(*fit, "texts.csv", "--skip-missing").err
    (tmp_path / "none.csv").write_text("architecture,value\n,\nfirst=conv,\n")
    assert "has no value at all" in run(*fit, "none.csv", "--skip-missing").err


def test_a_space_file_may_begin_with_a_mark(run, table, space_file):
    space_file.write_text("\ufeff" + space_file.read_text("utf-8"), encoding="utf-8")
    result = fit(run, table, space_file, "--objective", "accuracy", "--predictor", "bayesian-ridge")
    assert result.code == 0, result.err


def test_columns_of_decisions_are_read_as_texts_are(run, table, space_file, tmp_path):
    frame = pd.read_csv(table)
    choices = pd.DataFrame([architecture.choices for architecture in LAYERS.parse(frame["arch"])])
    choices.assign(width=choices["width"].astype(float), accuracy=frame["accuracy"]).to_csv("columns.csv", index=False)
    options = ("--space", space_file, "--objective", "accuracy", "--predictor", "bayesian-ridge")
    assert fit(run, table, space_file, *options[2:], "--out", "texts.st").code == 0
    result = run("fit", "--table", "columns.csv", *options, "--out", "columns.st")
    assert result.code == 0, result.err
    found = [predictors.load(tmp_path / name).predict(LAYERS.enumerate()) for name in ("texts.st", "columns.st")]
    np.testing.assert_array_equal(*found)
    predicted = run("predict", "columns.st", "columns.csv", "--out", "-")
    texts = run("predict", "texts.st", table, "--architecture-column", "arch", "--out", "-")
    same = ["architecture", "accuracy", "accuracy_std"]
    pd.testing.assert_frame_equal(*(pd.read_csv(io.StringIO(one.out))[same] for one in (predicted, texts)))
    search = ("search", "--table", "columns.csv", "--space", space_file, "--objective", "accuracy", "--budget", "4")
    assert run(*search, "--strategy", "random").code == 0


def test_other_endings_are_tables_too(run, table, space_file):
    frame = pd.read_csv(table)
    frame.to_csv("mine.tsv", sep="\t", index=False)
    frame.to_csv("mine.csv.gz", index=False)
    options = ("--space", space_file, "--architecture-column", "arch", "--objective", "accuracy")
    for name in ("mine.tsv", "mine.csv.gz"):
        only_mine = ("--strategies", "random", "--seeds", "1", "--budget", "4", "--tasks", "mine")
        result = run("compare", "--tables", name, *options, *only_mine)
        assert result.code == 0, result.err


def test_an_ending_in_capitals_is_a_tables_too(run, table, space_file, tmp_path):
    big = table.rename(tmp_path / "RESULTS.CSV")
    assert (
        fit(run, big, space_file, "--objective", "accuracy", "--predictor", "bayesian-ridge", "--out", "m.st").code == 0
    )
    predicted = run("predict", "m.st", big, "--architecture-column", "arch", "--out", "-")
    assert len(predicted.out.splitlines()) == 19, predicted.err
    assert "'A.Tsv' is a table and no benchmark" in run("fit", "--task", "A.Tsv", "--space", space_file).err


def test_trials_of_optuna_that_did_not_end_well_are_left_out(run, space_file, tmp_path):
    header = "number,value,params_first,params_second,params_width,state"
    rows = [f"{i},{i},{first},pool,{16 + 16 * (i % 2)},COMPLETE" for i, first in enumerate(("conv", "pool", "skip"))]
    (tmp_path / "t.csv").write_text("\n".join([header, "9,99,conv,conv,16,PRUNED", *rows, "4,,,,,RUNNING"]))
    result = run("fit", "--table", "t.csv", "--space", space_file, "--objective", "value")
    assert (result.code, "3 architectures" in result.out) == (0, True)
    assert "Left out of t.csv: 2 of 5 rows, of trials that failed, were pruned or still run." in result.err
    (tmp_path / "t.csv").write_text(
        "\n".join([header, "9,99,conv,conv,16,PRUNED", rows[0], "2,,conv,conv,16,COMPLETE"])
    )
    result = run("fit", "--table", "t.csv", "--space", space_file, "--objective", "value")
    assert "no value in 1 of 3 rows, the first of them row 2" in " ".join(result.err.split())


def test_every_command_reads_the_same_choices(run, tmp_path):
    space = ChoiceSpace({"v": ("1.1", "1.10", "007", "7", "NA", "None", "true"), "w": ("1e-3", "1e-4")})
    (tmp_path / "s.json").write_text(json.dumps(space_to_json(space)))
    whole = space.enumerate()
    rows = [f"{a.choices['v']},{a.choices['w']},{i}.50," for i, a in enumerate(whole)]
    (tmp_path / "t.csv").write_text("\n".join(["v,w,acc", *rows]))
    own = ("--space", "s.json", "--objective", "acc")
    assert "14 architectures" in run("fit", "--table", "t.csv", *own, "--predictor", "bayesian-ridge").out
    assert run("predict", "model.safetensors", "t.csv", "--out", "p.csv").code == 0
    assert pd.read_csv(tmp_path / "p.csv", dtype=str)["architecture"].tolist() == whole.format()
    reading = Reading("s.json", None, "acc", minimize=False, skip_missing=False)
    (task,) = own_tasks("t.csv", reading).values()
    target = replace(command_target("x {architecture}", reading, time_limit=None, logs=None), name="other")
    (source,) = find_sources("t.csv", target, architecture=None)
    assert task.architectures == source.architectures == own_table_target("t.csv", reading).candidates == whole
