from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest

from augury.commands import result
from augury.commands.sources import told_sources
from augury.commands.studies import METHOD, TARGET
from augury.meta import PortfolioLearner
from augury.meta import load as load_learner
from augury.search import CommandEvaluator, Study, list_studies, make

from .conftest import LAYERS

SCRIPT = """
import json, sys
text = sys.argv[1]
with open("calls.txt", "a") as calls:
    print(text, file=calls)
print("training")
if "second=skip" in text:
    sys.exit("out of memory")
print(json.dumps({"valid_accuracy": 50 + 10 * text.count("conv"), "test_accuracy": 40 + 10 * text.count("conv")}))
"""


@pytest.fixture
def program(tmp_path, space_file):
    (tmp_path / "train.py").write_text(SCRIPT)
    return ("search", "--command", f"{sys.executable} train.py {{architecture}}", "--space", "space.json")


def test_a_program_is_searched_with_failures_and_a_page(run, program, tmp_path):
    result = run(*program, "--strategy", "random", "--budget", "18", "--report", "page.html")
    assert result.code == 0, result.err
    assert "Best of 18 evaluations, of which 6 failed" in result.out
    assert "input → conv → conv → width" in result.out
    assert "valid_accuracy  70.00" in result.out
    assert "test_accuracy   60.00" in result.out
    assert "failed (EvaluationError: " in result.err
    assert "out of memory" in result.err
    assert result.err.count("\n") == 18  # a line each, where there is no terminal
    assert "augury search --command" in (tmp_path / "page.html").read_text("utf-8")


def test_a_page_shows_no_passwords(run, program, tmp_path):
    command = f"{program[2]} postgresql://me:se:c/ret@host/base"
    assert run(*program[:2], command, *program[3:], "--budget", "2", "--report", "page.html").code == 0
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "postgresql://me:***@host/base" in page
    assert "ret@host" not in page


def test_a_search_goes_on_where_it_stopped(run, program, tmp_path, monkeypatch):
    evaluate, begun = CommandEvaluator.__call__, []

    def interrupted(self, architecture):
        begun.append(architecture)
        if len(begun) == 3:
            raise KeyboardInterrupt
        return evaluate(self, architecture)

    monkeypatch.setattr(CommandEvaluator, "__call__", interrupted)
    options = (*program, "--strategy", "random", "--budget", "5", "--name", "mine", "--study", "own.db")
    stopped = run(*options)
    assert stopped.code == 130
    last = stopped.err.splitlines()[-1]
    assert "what was finished is kept" in last
    assert last.endswith("--strategy random --budget 5 --name mine --study own.db")
    assert len((tmp_path / "calls.txt").read_text().splitlines()) == 2

    monkeypatch.setattr(CommandEvaluator, "__call__", evaluate)
    resumed = run(*options)
    assert resumed.code == 0
    assert "goes on after 2 of 5 evaluations" in resumed.err
    texts = (tmp_path / "calls.txt").read_text().splitlines()
    assert len(texts) == len(set(texts)) == 5
    assert len(Study.load(name="mine", storage="own.db").history) == 5

    again = run(*options)
    assert "has its 5 evaluations; to search anew, give another --name" in again.err
    assert len((tmp_path / "calls.txt").read_text().splitlines()) == 5
    assert again.out == resumed.out


def test_a_study_of_something_else_is_not_gone_on_with(run, program):
    assert run(*program, "--strategy", "random", "--budget", "1", "--name", "mine").code == 0
    command = f"{sys.executable} train.py --other {{architecture}}"
    result = run("search", "--command", command, "--space", "space.json", "--budget", "2", "--name", "mine")
    assert result.code == 2
    assert "was begun with command" in result.err


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (("--strategy", "random"), "begun with strategy bayesian, not with strategy random; give the same"),
        (("--seed", "7"), "begun with seed 0, not with seed 7"),
        (("--sources", "nas-bench-graph/cora"), "begun with sources None, not with sources nas-bench-graph/cora"),
        (("--set", "strategy.initial=3"), "begun with set None, not with set strategy.initial=3"),
    ],
)
def test_a_study_is_not_gone_on_with_by_another_method(run, other, words):
    options = ("search", "--task", "nas-bench-graph/pubmed", "--name", "mine")
    assert run(*options, "--budget", "1").code == 0
    result = run(*options, *other, "--budget", "2")
    assert result.code == 2
    assert words in result.err
    assert len(Study.load(storage="augury.db").history) == 1
    assert "goes on after 1 of 2" in run(*options, "--budget", "2").err


@pytest.fixture
def warm(table, space_file, tmp_path, monkeypatch):
    monkeypatch.setenv("AUGURY_CACHE", str(tmp_path / "cache"))
    (tmp_path / "other.csv").write_text(table.read_text())
    return ("search", "--table", "results.csv", "--space", "space.json", "--architecture-column", "arch",
            "--objective", "accuracy", "--sources", "other.csv")  # fmt: skip


def test_damaged_settings_are_told(run, program):
    assert run(*program).code == 0
    stored = Study.load(storage="augury.db").optuna_study
    for key in (TARGET, METHOD):
        kept = stored.user_attrs[key]
        stored.set_user_attr(key, "good")
        result = run(*program)
        assert result.code == 2
        assert f"{key} is 'good'" in result.err
        stored.set_user_attr(key, kept)


def test_a_table_of_ones_own_is_searched(run, warm, table, tmp_path):
    cold = warm[:-2]
    result = run(*cold, "--strategy", "random", "--budget", "30", "--report", "page.html")
    assert result.code == 0, result.err
    assert "input → conv → conv → width 32 → output" in result.out
    assert "accuracy        82.00" in result.out
    assert "All 18 architectures of the table are evaluated" in result.err
    (name,) = (summary.name for summary in list_studies("augury.db"))
    assert name == "results by accuracy random seed 0"
    table.write_text(table.read_text().replace("82", "83"))
    changed = run(*cold, "--strategy", "random", "--budget", "30")
    assert changed.code == 2
    assert "begun with digest" in changed.err
    fast = run(*cold[:-1], "latency", "--minimize", "--strategy", "random", "--budget", "18")
    assert "latency         1.000" in fast.out


def test_a_table_is_no_source_of_its_own(run, warm):
    result = run(*warm[:-1], "./results.csv,other.csv", "--meta", "portfolio", "--budget", "1")
    assert "Left out of the sources: ./results.csv, which is the target itself." in result.err
    assert "Learning from 1 task (other)" in result.err


def test_rows_without_a_value_are_left_out_of_a_search(run, warm, table):
    lines = table.read_text().splitlines()
    table.write_text("\n".join([lines[0], *lines[1:5], lines[5].rsplit(",", 2)[0] + ",,1"]))
    assert "no value in 1 of 5 rows" in run(*warm[:-2], "--strategy", "random").err
    assert "Best of 4 evaluations:" in run(*warm[:-2], "--strategy", "random", "--skip-missing").out


def test_a_meta_learner_is_named_and_has_arguments(run, warm, tmp_path):
    options = (*warm, "--meta", "portfolio", "--set", "meta.points=5", "--set", "strategy.probes=0", "--budget", "2")
    result = run(*options, "--report", "page.html")
    assert result.code == 0, result.err
    (cached,) = (tmp_path / "cache").iterdir()
    learner = load_learner(cached)
    assert type(learner).__name__ == "PortfolioLearner"
    assert learner.points == 5
    assert "2 evaluations by bayesian, warm with portfolio" in (tmp_path / "page.html").read_text("utf-8")
    assert "has its 2 evaluations" in run(*options).err


class Own(PortfolioLearner):
    """Of another package."""


def test_a_meta_learner_of_ones_own_is_named(run, warm, monkeypatch):
    point = SimpleNamespace(name="my-learner", load=lambda: Own)
    monkeypatch.setattr(
        "augury.spaces.registry.entry_points", lambda group: [point] if group == "augury.meta" else []
    )  # fmt: skip
    seen = []
    fit = Own.fit
    monkeypatch.setattr(Own, "fit", lambda self, tasks: seen.append(self.points) or fit(self, tasks))
    result = run(*warm, "--meta", "my-learner", "--set", "meta.points=6", "--budget", "1")
    assert result.code == 0, result.err
    assert seen == [6]
    assert "warm with my-learner" in result.out
    assert "Did you mean 'my-learner'" in run(*warm, "--meta", "my-lerner").err


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ((), "begun with meta portfolio, set meta.points=5, not with meta None, set None;"),
        (("--meta", "rgpe", "--set", "meta.points=5"), "begun with meta portfolio, not with meta rgpe"),
        (("--meta", "portfolio"), "begun with set meta.points=5, not with set None"),
    ],
)
def test_a_study_is_not_gone_on_with_by_another_meta_learner(run, warm, other, words):
    options = (*warm, "--name", "mine")
    assert run(*options, "--meta", "portfolio", "--set", "meta.points=5", "--budget", "1").code == 0
    result = run(*options, *other, "--budget", "2")
    assert result.code == 2
    assert words in result.err
    assert "goes on after 1 of 2" in run(*options, "--meta", "portfolio", "--set", "meta.points=5", "--budget", "2").err


def test_a_study_of_before_there_were_meta_learners_goes_on(run, warm):
    options = (*warm, "--name", "mine", "--no-warm")
    assert run(*options, "--budget", "1").code == 0
    study = Study.load(storage="augury.db").optuna_study
    told = study.user_attrs["augury:method"]
    assert told.pop("meta") is told.pop("set") is None
    study.set_user_attr("augury:method", told)
    assert "goes on after 1 of 2" in run(*options, "--budget", "2").err
    assert "begun with set None, not with set" in run(*options, "--set", "strategy.pool=9", "--budget", "3").err


def test_sources_are_the_same_from_another_folder():
    assert told_sources("nas-bench-graph/cora, ../own.csv") == told_sources("nas-bench-graph/cora,own.csv")
    assert told_sources("own.csv") != told_sources("other.csv")
    assert told_sources("postgresql://me:secret@host/base") == "'postgresql://me:***@host/base'"


def test_evaluations_of_a_study_begun_elsewhere_are_not_the_strategys(run, program, tmp_path):
    def evaluate(architecture):
        return {"valid_accuracy": 1.0}

    Study.create_or_load(
        name="mine", storage="augury.db", space=LAYERS, strategy=make("random"), evaluator=evaluate
    ).run(2)  # fmt: skip
    options = (*program, "--strategy", "local-search", "--name", "mine", "--report", "page.html")
    result = run(*options, "--budget", "3")
    assert "How 2 evaluations of the study 'mine' were proposed is not recorded." in result.err
    result = run(*options, "--budget", "4")
    assert "not recorded" not in result.err
    assert "4 evaluations by local-search (the first 2: not recorded)" in (tmp_path / "page.html").read_text("utf-8")


def test_a_space_that_is_used_up_is_told(run, program):
    for times in (1, 2):
        result = run(*program, "--strategy", "random", "--budget", "30")
        assert result.code == 0
        assert "All 18 architectures of the space are evaluated" in result.err.splitlines()[-1], times
    assert "All" not in run(*program, "--strategy", "random", "--budget", "18").err


def test_the_page_is_there_before_anything_is_shown(run, program, tmp_path, monkeypatch):
    def broken(*_):
        raise UnicodeEncodeError("ascii", "→", 0, 1, "cannot")

    monkeypatch.setattr(result, "show_best", broken)
    with pytest.raises(UnicodeEncodeError):
        run(*program, "--strategy", "random", "--budget", "3", "--report", "page.html")
    assert (tmp_path / "page.html").exists()


def test_a_long_name_does_not_touch_its_value(run, program, tmp_path):
    (tmp_path / "train.py").write_text('print(\'{"valid_accuracy": 1, "a_name_of_many_letters": 2}\')')
    shown = run(*program, "--strategy", "random", "--budget", "1").out
    assert "  valid_accuracy          1.000\n  a_name_of_many_letters  2.000\n" in shown


def test_nothing_but_failures_is_said_with_the_reason(run, program, tmp_path):
    (tmp_path / "train.py").write_text("import sys; sys.exit('no data')")
    result = run(*program, "--strategy", "random", "--budget", "2")
    assert result.code == 2
    assert "None of 2 evaluations succeeded; the last failed because: EvaluationError" in result.err
    assert "no data. Mend that, and run again with a larger --budget" in result.err
    assert "with --retry-failed these first" in result.err


def test_a_program_that_always_fails_is_stopped(run, program, tmp_path):
    (tmp_path / "train.py").write_text("import sys; sys.exit('no data')")
    result = run(*program, "--strategy", "random", "--budget", "9")
    assert result.code == 2
    assert result.err.count("\n") == 3 + 1
    assert "The last 3 evaluations failed in the same way" in result.err.splitlines()[-1]
    assert "no data. Mend that" in result.err


def test_a_metric_that_is_not_printed_is_told_at_once(run, program, tmp_path):
    options = (*program, "--strategy", "random", "--budget", "18")
    result = run(*options, "--objective", "accuracy")
    assert result.code == 2
    last = result.err.splitlines()[-1]
    assert "'accuracy' is not among the metrics ['test_accuracy', 'valid_accuracy']; name one of these" in last
    assert "--objective" in last
    (history,) = (study_of("augury.db", "accuracy").history,)
    assert np.isfinite(history.metrics["valid_accuracy"]).sum() == 1  # what was measured is kept
    assert run(*options, "--objective", "test_accuracy").code == 0  # as it says, without another --name


def study_of(storage: str, objective: str) -> Study:
    (name,) = (summary.name for summary in list_studies(storage) if summary.objective == objective)
    return Study.load(name=name, storage=storage)


def test_a_smaller_value_may_be_the_better_one(run, program, tmp_path):
    (tmp_path / "train.py").write_text("import json, sys; print(json.dumps({'loss': sys.argv[1].count('conv')}))")
    result = run(*program, "--strategy", "random", "--budget", "18", "--objective", "loss", "--minimize")
    assert "loss            0" in result.out
    assert "conv" not in result.out.split("input → ")[1].split("output")[0]


def test_a_graph_is_trained_on(run, graph):
    options = ("search", "--graph", graph, "--strategy", "random", "--budget", "2", "--epochs", "2")
    result = run(*options)
    assert result.code == 0, result.err
    assert "Best of 2 evaluations" in result.out
    assert "valid_accuracy" in result.out
    other = run(*options[:-1], "3")
    assert other.code == 2
    assert "was begun with epochs 2, not with epochs 3;" in other.err


def test_a_table_task_is_searched_as_simulate_does(run):
    from augury import load_benchmark, search, simulate

    result = run("search", "--task", "nas-bench-graph/proteins", "--strategy", "random", "--budget", "4", "--seed", "3")
    history = simulate(search.make("random"), load_benchmark("nas-bench-graph")["proteins"], budget=4, seed=3)
    assert str(history.architectures[int(history.y.argmax())]) in result.out
    name = "nas-bench-graph/proteins random seed 3"
    assert Study.load(name=name, storage="augury.db").history.architectures == history.architectures


def test_a_warm_start_from_a_table_and_a_study(run, program, table, tmp_path, monkeypatch):
    monkeypatch.setenv("AUGURY_CACHE", str(tmp_path / "cache"))
    table.write_text(table.read_text().replace("accuracy", "valid_accuracy"))
    assert run(*program, "--strategy", "random", "--budget", "4", "--name", "first").code == 0
    (tmp_path / "other.py").write_text(SCRIPT)
    command = f"{sys.executable} other.py {{architecture}}"
    result = run(
        "search", "--command", command, "--space", "space.json", "--sources", "results.csv,augury.db",
        "--architecture-column", "arch", "--budget", "2",
    )  # fmt: skip
    assert result.code == 0, result.err
    assert "Learning from 2 tasks (results, first)" in result.err
    assert "valid_accuracy  70.00" in result.out  # the table knows what is best
    assert len(list((tmp_path / "cache").glob("transfer-blend-*"))) == 1
    one = run("search", "--command", command, "--space", "space.json", "--sources", "results.csv", "--name", "one",
              "--architecture-column", "arch", "--budget", "1")  # fmt: skip
    assert "Learning from 1 task (results)" in one.err
    cold = run("search", "--command", command, "--space", "space.json", "--sources", "results.csv", "--no-warm",
               "--budget", "1")  # fmt: skip
    assert cold.code == 0
    assert "Learning" not in cold.err


def test_an_evaluation_that_costs_nothing_has_no_time_limit(run):
    result = run("search", "--task", "nas-bench-graph/cora", "--time-limit", "5")
    assert result.code == 2
    assert "--time-limit belongs to" in result.err


def test_the_time_limit_reaches_the_program(run, program, tmp_path):
    (tmp_path / "train.py").write_text("import time; time.sleep(60)")
    result = run(*program, "--strategy", "random", "--budget", "1", "--time-limit", "0.2")
    assert "did not end within 0.2 s" in result.err


@pytest.mark.slow
def test_what_failed_is_tried_again(run, program, tmp_path):
    options = (*program, "--strategy", "random", "--study", "own.db")
    assert "of which 6 failed" in run(*options, "--budget", "18").out
    (tmp_path / "train.py").write_text(SCRIPT.replace('if "second=skip" in text', "if False"))
    spent = run(*options, "--budget", "18", "--retry-failed")
    assert "None is left for the 6 that failed, as --budget counts these, too; raise it to 24." in spent.err
    (tmp_path / "calls.txt").unlink()
    again = run(*options, "--budget", "30", "--retry-failed")
    assert "Best of 24 evaluations, of which 6 failed" in again.out
    assert "All 18 architectures of the space are evaluated" in again.err
    calls = (tmp_path / "calls.txt").read_text().splitlines()
    assert len(set(calls)) == len(calls) == 6
    assert all("second=skip" in text for text in calls)


def test_what_has_succeeded_since_it_failed_is_not_left(run, program, tmp_path):
    script = """
import json, pathlib, sys
ran = pathlib.Path("ran.txt")
with ran.open("a") as file:
    print(sys.argv[1], file=file)
if len(ran.read_text().splitlines()) < 3:
    sys.exit("out of memory")
print(json.dumps({"valid_accuracy": 1}))
"""
    (tmp_path / "train.py").write_text(script)
    options = (*program, "--strategy", "random")
    assert "None of 2 evaluations succeeded" in run(*options, "--budget", "2").err
    assert run(*options, "--budget", "3", "--retry-failed").code == 0
    spent = run(*options, "--budget", "2", "--retry-failed")
    assert "None is left for the 1 that failed, as --budget counts these, too; raise it to 4." in spent.err
    assert run(*options, "--budget", "4", "--retry-failed").code == 0
    assert "None is left" not in run(*options, "--budget", "4", "--retry-failed").err


def test_what_the_program_prints_is_kept(run, program, tmp_path):
    assert run(*program, "--strategy", "random", "--budget", "8", "--logs", "new/logs").code == 0
    texts = {path.read_text().splitlines()[0] for path in (tmp_path / "new" / "logs").glob("*.out")}
    assert texts == {"training"}
    assert len(list((tmp_path / "new" / "logs").iterdir())) == 16
    kept = [trial.user_attrs.get("augury:traceback") for trial in Study.load(storage="augury.db").optuna_study.trials]
    ends = [text for text in kept if text is not None]
    assert ends
    assert all(text.endswith("training\nIts standard error ended with:\nout of memory\n") for text in ends)
    refused = run("search", "--task", "nas-bench-graph/cora", "--logs", "logs")
    assert "--logs belongs to --command; nothing else prints." in refused.err


def test_two_workers(run, program):
    result = run(*program, "--strategy", "random", "--budget", "4", "--workers", "2")
    assert result.code == 0, result.err
    assert "Best of 4 evaluations" in result.out


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize(("number", "workers"), [("SIGTERM", "1"), ("SIGHUP", "1"), ("SIGHUP", "2")])
def test_what_is_terminated_leaves_nothing_running(tmp_path, space_file, number, workers):
    os.mkfifo(tmp_path / "running")  # ends when nothing that was started is running; an unreaped process is not
    running = os.open(tmp_path / "running", os.O_RDONLY | os.O_NONBLOCK)
    script = "import os, sys, time; os.write(os.open('running', os.O_WRONLY), b'.'); time.sleep(60); sys.argv"
    arguments = ["--command", f'{sys.executable} -c "{script}" {{architecture}}', "--space", space_file]
    listen = f"import signal; signal.signal(signal.{number}, signal.SIG_DFL)"  # whatever these tests were begun with
    command = [sys.executable, "-c", f"{listen}; from augury.cli import main; main()", "search", *arguments]
    command += ["--strategy", "random", "--workers", workers]
    search = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True)
    begun = b""
    while len(begun) < int(workers):
        assert search.poll() is None
        begun += _read(running) or b""
        time.sleep(0.05)
    send = os.killpg if number == "SIGHUP" else os.kill  # a terminal that is closed tells all at once
    send(search.pid, getattr(signal, number))
    assert "Stopped; what was finished is kept." in search.communicate(timeout=30)[1]
    assert search.returncode == 130
    end = time.monotonic() + 10  # a process takes a moment to die
    while _read(running) is None:
        assert time.monotonic() < end
        time.sleep(0.05)
    os.close(running)


def _read(pipe: int) -> bytes | None:
    """What is in a pipe; None: nothing yet, and somebody has it open to write."""
    try:
        return os.read(pipe, 100)
    except BlockingIOError:
        return None


def test_a_mistyped_program_is_mended_under_the_same_name(run, program):
    mistyped = ("search", "--command", "pyton train.py {architecture}", *program[3:])
    options = ("--strategy", "random", "--budget", "2", "--name", "mine")
    assert "pyton" in run(*mistyped, *options).err
    mended = run(*program, *options)
    assert mended.code == 0, mended.err
    assert "No evaluation of the study 'mine' has succeeded; it goes on with command " in mended.err
    assert "was begun with command" in run(*mistyped, *options).err


@pytest.mark.parametrize("minimize", [(), ("--minimize",)])
def test_what_was_measured_by_another_name_counts_once_that_is_told(run, program, tmp_path, minimize):
    options = (*program, "--strategy", "random", "--seed", "1", "--name", "mine")
    mistyped = run(*options, "--objective", "test_acuracy", "--budget", "3")
    assert mistyped.code == 2
    assert "What was measured is kept" in mistyped.err
    calls = (tmp_path / "calls.txt").read_text().splitlines()
    assert len(calls) == 1
    mended = run(*options, "--objective", "test_accuracy", *minimize, "--budget", "3")
    assert mended.code == 0, mended.err
    calls = (tmp_path / "calls.txt").read_text().splitlines()
    assert len(set(calls)) == len(calls) == 3
    task = Study.load(storage="augury.db").to_task()
    assert calls[0] in task.architectures.format()
    assert task.objective == "test_accuracy"
    assert task.metrics["test_accuracy"].direction == ("minimize" if minimize else "maximize")
    assert (task.metrics["valid_accuracy"].values == task.metrics["test_accuracy"].values + 10).all()
    assert "is to " in run(*options, "--objective", "valid_accuracy", "--budget", "3").err


def test_what_another_program_measured_does_not_count(run, program, tmp_path):
    options = ("--strategy", "random", "--seed", "1", "--name", "mine", "--budget", "2")
    assert run(*program, *options, "--objective", "acuracy").code == 2
    (tmp_path / "other.py").write_text((tmp_path / "train.py").read_text())
    other = ("search", "--command", program[2].replace("train.py", "other.py"), *program[3:])
    result = run(*other, *options, "--objective", "valid_accuracy")
    assert result.code == 0, result.err
    history = Study.load(storage="augury.db").history
    assert np.isnan(history.y).tolist() == [True, False]
    assert np.isfinite(history.metrics["test_accuracy"]).all()
