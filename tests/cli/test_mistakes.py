"""What a user may get wrong: exit code 2 and one line that says what, and how to mend it."""

from __future__ import annotations

import os
import pickle
import sys

import numpy as np
import pytest

from augury import predictors
from augury.data import sources

from .conftest import LAYERS


class Evil:
    """Would run a program when it is unpickled."""

    def __reduce__(self):
        import os

        return os.system, ("touch evil",)


@pytest.fixture
def files(run, table, space_file, graph, tmp_path):
    (tmp_path / "broken.json").write_text('{"type": ')
    (tmp_path / "deep.json").write_text("[" * 100_000)
    (tmp_path / "other.json").write_text('{"spaces": 3}')
    (tmp_path / "list.json").write_text("[1, 2]")
    for name, arguments in (("depth", '{"decisions": {"depth": 3}}'), ("nothing", "{}")):
        (tmp_path / f"{name}.json").write_text(f'{{"type": "ChoiceSpace", "arguments": {arguments}}}')
    (tmp_path / "again.json").write_text(
        '{"type": "ChoiceSpace", "arguments": {"decisions": {"a": ["x", "y"], "b": [1, 2], "a": ["p", "q"]}}}'
    )
    (tmp_path / "bare.json").write_text('{"type": "ChoiceSpace"}')
    (tmp_path / "kind.json").write_text('{"type": "ChoiseSpace", "arguments": {}}')
    (tmp_path / "text.db").write_text("this is not a database, but a text")
    (tmp_path / "model.pkl").write_bytes(pickle.dumps(Evil()))
    np.savez(tmp_path / "objects.npz", x=np.asarray([Evil()], dtype=object), edge_index=np.zeros((2, 0)), y=np.zeros(1))
    np.savez(tmp_path / "unlabelled.npz", x=np.eye(3), edge_index=np.zeros((2, 0), dtype=np.int64))
    lines = table.read_text().splitlines()
    (tmp_path / "words.csv").write_text("\n".join([*lines[:3], '"first=conv, second=pool, width=16",good,1']))
    (tmp_path / "semicolons.csv").write_text("arch;accuracy\nfirst=conv, second=pool, width=16;70")
    (tmp_path / "columns.csv").write_text("first,second,accuracy\nconv,pool,70")
    (tmp_path / "trials.csv").write_text("params_first,params_second,accuracy\nconv,pool,70")
    (tmp_path / "one.csv").write_text("\n".join(lines[:2]))
    (tmp_path / "twice.csv").write_text("\n".join([lines[0].replace("latency", "accuracy"), *lines[1:]]))
    (tmp_path / "typo.csv").write_text("\n".join([*lines[:3], '"first=cnov, second=pool, width=16",71,1']))
    (tmp_path / "link.csv").symlink_to("results.csv")
    predictors.make("bayesian-ridge").fit(LAYERS.enumerate(), np.arange(18.0)).save(tmp_path / "kept.safetensors")
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


OWN = ("fit", "--table", "results.csv", "--space", "space.json", "--architecture-column", "arch")
SEARCH = ("search", "--task", "nas-bench-graph/proteins", "--strategy", "random", "--budget", "1")
WARM = ("search", "--task", "nas-bench-graph/proteins", "--sources", "nas-bench-graph/cora")
TABLES = ("--space", "space.json", "--architecture-column", "arch", "--objective", "accuracy")
DESIGN = ("design", *TABLES, "--sources", "results.csv")
COMMAND = ("search", "--command", "train {architecture}")
MISTAKES = {
    "a task to be told of": (["data", "info", "nas-bench-graph/coar"], "Did you mean 'cora'"),
    "a wrong task": (["fit", "--task", "nas-bench-graph/coar"], "Did you mean 'cora'"),
    "a wrong benchmark": (["fit", "--task", "nas-bench-grap/cora"], "Did you mean 'nas-bench-graph'"),
    "a benchmark for a task": (["fit", "--task", "nas-bench-201"], "name one: nas-bench-201/cifar10"),
    "a wrong metric": (["fit", "--task", "nas-bench-graph/cora", "--objective", "latencies"], "Did you mean 'latency'"),
    "sources and a predictor": (
        [*OWN, "--sources", "nas-bench-graph", "--predictor", "gin"], "--predictor belongs to a fit from one task alone",
    ),
    "a fit without sources for a meta-learner": ([*OWN, "--meta", "rgpe"], "--meta belongs to --sources"),
    "an argument of the default meta-learner": (
        [*OWN, "--sources", "x.csv", "--set", "meta.points=3"], "The part meta is what --meta names.",
    ),
    "a source for a model": (
        [*OWN, "--objective", "accuracy", "--sources", "link.csv", "--out", "link.csv"], "would overwrite",
    ),
    "the table itself for a source": (
        [*OWN, "--objective", "accuracy", "--sources", "link.csv"], "link.csv, which is the target itself. Name others.",
    ),
    "a pretrained meta-learner that is none": (
        ["design", "--space", "space.json", "--pretrained", "nas-bench-101"], "named 'nas-bench-101'. Did you mean 'nas-bench-201'",
    ),
    "a pretrained meta-learner of another space": (
        ["design", "--space", "space.json", "--pretrained", "nas-bench-201"], "The sources are of NASBench201Space(), the target is of Choice",
    ),
    "a predictor for a pretrained meta-learner": (
        [*OWN, "--objective", "accuracy", "--pretrained", "kept.safetensors"], "a saved predictor, not a meta-learner",
    ),
    "a pretrained meta-learner and sources": (
        [*WARM, "--pretrained", "nas-bench-graph"], "--pretrained belongs to a command without --sources",
    ),
    "a pretrained meta-learner and sources for a fit": (
        [*OWN, "--sources", "x.csv", "--pretrained", "nas-bench-graph"], "name what to learn from or what has",
    ),
    "a pretrained meta-learner for a strategy that does not learn": (
        [*SEARCH, "--pretrained", "nas-bench-graph"], "Only strategies that take a meta-learner",
    ),
    "another meta-learner than the pretrained": (
        [*SEARCH, "--pretrained", "nas-bench-graph", "--meta", "rgpe"], "--meta belongs to --sources",
    ),
    "a pretrained meta-learner for a page": (
        [*SEARCH[:3], "--pretrained", "results.csv", "--report", "results.csv"], "not a saved state",
    ),
    "a design of no space": (["design", "--sources", "x.csv"], "Say of which architectures with --space"),
    "a design of no source": (["design", "--space", "space.json"], "what there is to learn from with --sources"),
    "a design of nothing": ([*DESIGN, "--n", "0"], "--n is a whole number of at least 1"),
    "a wrong purpose": ([*DESIGN, "--purpose", "serch"], "no purpose named 'serch'. Did you mean 'search'"),
    "a design in a text": ([*DESIGN, "--out", "d.txt"], "Designs are written to a .csv file; got --out d.txt"),
    "a design in place of its source": ([*DESIGN, "--out", "link.csv"], "would overwrite 'results.csv'"),
    "candidates without architectures": ([*DESIGN, "--candidates", "columns.csv"], "--architecture-column named 'arch'"),
    "a column without any table": (
        ["design", "--space", "nas-bench-graph", "--sources", "nas-bench-graph", "--architecture-column", "arch"],
        "--architecture-column belongs to a table of --candidates or --sources",
    ),
    "neither task nor table": (["fit"], "--task BENCHMARK/TASK or from --table FILE"),
    "a wrong predictor": ([*OWN, "--predictor", "xgbost"], "Did you mean 'xgboost'"),
    "a missing column": (
        [*OWN, "--objective", "acuracy"], "no column for --objective named 'acuracy'. Did you mean 'accuracy'",
    ),
    "a column of architectures that is missing": (
        [*OWN[:-1], "architecture", "--objective", "accuracy"],
        "no column for --architecture-column named 'architecture'. Choose one of: accuracy, arch",
    ),
    "a column of a decision that is missing": (
        ["fit", "--table", "columns.csv", "--space", "space.json", "--objective", "accuracy"],
        "Choose one of: accuracy, first, second. Of the columns for decisions it lacks 'width'.",
    ),
    "a column of a decision that is missing of a study": (
        ["fit", "--table", "trials.csv", "--space", "space.json", "--objective", "accuracy"],
        "Choose one of: accuracy, params_first, params_second. Of the columns for decisions it lacks 'params_width'.",
    ),
    "a table with semicolons": (
        ["fit", "--table", "semicolons.csv", *OWN[3:], "--objective", "accuracy"],
        "its first line names one column. The table's only column seems to be several with ';' between them; put commas",
    ),
    "a table that is not there": (["fit", "--table", "no.csv", "--space", "space.json"], "'no.csv' is not there"),
    "a pickle for a table": (["fit", "--table", "model.pkl", "--space", "space.json"], ".csv or a .parquet"),
    "a table without an ending": (["fit", "--table", ".", "--space", "space.json"], "has no ending; a table is a .csv"),
    "nothing to learn from": ([*OWN, "--objective", "accuracy", "--n", "0"], "--n is a whole number of at least 1"),
    "a negative seed to draw with": ([*OWN, "--n", "10", "--seed", "-1"], "--seed is a whole number of at least 0"),
    "a direction for a task": (["fit", "--task", "nas-bench-graph/cora", "--minimize"], "--minimize belongs to --table"),
    "a folder for a model": ([*OWN, "--objective", "accuracy", "--out", "."], "'.', which is a folder"),
    "a model in a file": (
        [*OWN, "--objective", "accuracy", "--out", "results.csv/x.safetensors"], "Cannot make the folder 'results.csv'",
    ),
    "no path for a model": ([*OWN, "--objective", "accuracy", "--out", ""], "--out is empty"),
    "a table for a model": (
        [*OWN, "--objective", "accuracy", "--out", "results.csv"], "--out results.csv would overwrite 'results.csv'",
    ),
    "a table for a model, through a link": (
        [*OWN, "--objective", "accuracy", "--out", "link.csv"], "--out link.csv would overwrite 'results.csv'",
    ),
    "a space for a model": ([*OWN, "--out", "./space.json"], "would overwrite 'space.json'"),
    "a pipe for a model": ([*OWN, "--objective", "accuracy", "--out", "pipe"], "'pipe', which is a device or pipe"),
    "no path for predictions": (["predict", "model.pkl", "x", "--out", ""], ".csv file; got --out ''"),
    "a table for predictions": (
        ["predict", "model.pkl", "link.csv", "--out", "results.csv"], "would overwrite 'link.csv', which is read",
    ),
    "a source for a page": (
        [*SEARCH, "--strategy", "bayesian", "--sources", "results.csv, x.csv", "--report", "results.csv"],
        "--report results.csv would overwrite 'results.csv'",
    ),
    "a database that is not there yet for a page": (
        [*SEARCH, "--study", "sqlite:///new.db", "--report", "./new.db"], "would overwrite the database of --study",
    ),
    "no objective": ([*COMMAND, "--space", "space.json", "--objective", ""], "--objective is empty; name a metric"),
    "no path for a page": ([*SEARCH, "--report", ""], "--report is empty"),
    "no path for a folder": (["compare", "--tasks", "proteins", "--out", ""], "path of the folder is empty"),
    "two columns of one name": (["fit", "--table", "twice.csv", *OWN[3:]], "two columns are named 'accuracy'"),
    "no space": (["fit", "--table", "results.csv"], "--space NAME"),
    "words for numbers": (
        ["fit", "--table", "words.csv", *OWN[3:], "--objective", "accuracy"], "row 2: 'good'",
    ),
    "an architecture that is none": (
        ["fit", "--table", "typo.csv", *OWN[3:], "--objective", "accuracy"], "Did you mean 'conv'",
    ),
    "more to learn from than there is": ([*OWN, "--objective", "accuracy", "--n", "18"], "Give from 1 to 17"),
    "nothing to test on": ([*OWN[:2], "one.csv", *OWN[3:], "--objective", "accuracy", "--n", "1"], "leave out --n"),
    "a wrong space": (["fit", "--table", "results.csv", "--space", "nas-bench-21"], "Did you mean 'nas-bench-201'"),
    "a broken space": ([*COMMAND, "--space", "broken.json"], "'broken.json' cannot be read as JSON"),
    "a decision twice in a space file": ([*COMMAND, "--space", "again.json"], "as JSON (it says 'a' twice); mend it"),
    "a space without end": ([*COMMAND, "--space", "deep.json"], "'deep.json' cannot be read as JSON"),
    "a space file that is none": ([*COMMAND, "--space", "other.json"], "'other.json' describes no search space"),
    "a number of choices in a space file": (
        [*COMMAND, "--space", "depth.json"],
        "'depth.json' describes no search space, so mend it; such a file looks like {\"type\"",
    ),
    "a space file without decisions": ([*COMMAND, "--space", "nothing.json"], "'nothing.json' describes no search"),
    "a space file without arguments": ([*COMMAND, "--space", "bare.json"], "missing a required argument: 'decisions'"),
    "a space of no kind": ([*COMMAND, "--space", "kind.json"], "Did you mean 'ChoiceSpace'"),
    "a list for a space": ([*COMMAND, "--space", "list.json"], "'list.json' describes no search space"),
    "a space file that is not there": ([*COMMAND, "--space", "no.json"], "There is no file 'no.json'"),
    "a model that is a pickle": (["predict", "model.pkl", "x"], "'model.pkl' is damaged or not a saved state"),
    "a model that is not there": (["predict", "no.safetensors", "x"], "There is no file 'no.safetensors'"),
    "an ending": (["predict", "model.pkl", "x", "--out", "x.xlsx"], ".csv file; got --out x.xlsx"),
    "a negative budget": ([*SEARCH, "--budget", "-3"], "--budget is a whole number of at least 1; got -3"),
    "no workers": ([*SEARCH, "--workers", "0"], "--workers is a whole number of at least 1"),
    "a negative seed": ([*SEARCH, "--seed", "-1"], "--seed is a whole number of at least 0"),
    "a wrong strategy": ([*SEARCH, "--strategy", "bayes"], "Did you mean 'bayesian'"),
    "sources for a strategy that does not learn": ([*SEARCH, "--sources", "nas-bench-graph"], "Only strategies that take a meta-learner"),
    "a study that is no database": ([*SEARCH, "--study", "text.db"], "text.db' is not an SQLite database"),
    "a study in a folder that is not there": ([*SEARCH, "--study", "no/runs.db"], "a folder that does not exist"),
    "nothing to search on": (["search"], "exactly one of --graph, --task, --table and --command"),
    "two things to search on": ([*SEARCH, "--graph", "digits-graph"], "exactly one of"),
    "a wrong graph": (["search", "--graph", "digit-graph"], "Did you mean 'digits-graph'"),
    "a graph that is not there": (["search", "--graph", "no.npz"], "'no.npz' is not there"),
    "a graph without labels": (["search", "--graph", "unlabelled.npz"], "graph file without labels"),
    "a graph of objects": (["search", "--graph", "objects.npz"], "not a .npz file of plain arrays"),
    "epochs": (["search", "--graph", "rings.npz", "--epochs", "0"], "epochs must be at least 1"),
    "epochs for a task": ([*SEARCH, "--epochs", "3"], "--epochs belongs to --graph"),
    "a page in a file": ([*SEARCH, "--report", "results.csv/page.html"], "Cannot make the folder 'results.csv'"),
    "a folder for a page": ([*SEARCH, "--report", "."], "'.', which is a folder"),
    "a time limit": (["search", "--graph", "rings.npz", "--time-limit", "0"], "above 0"),
    "another time limit": ([*COMMAND, "--space", "space.json", "--time-limit", "-1"], "above 0; got -1"),
    "no number for a time limit": (
        [*COMMAND, "--space", "space.json", "--time-limit", "nan"], "--time-limit is a finite number",
    ),
    "no end for a time limit": (["search", "--graph", "rings.npz", "--time-limit", "inf"], "above 0; got inf"),
    "a column for a task": (
        ["fit", "--task", "nas-bench-graph/cora", "--architecture-column", "arch", "--skip-missing", "--space", "x"],
        "Error: --space, --architecture-column and --skip-missing belong to --table; a benchmark's task has its own.",
    ),
    "a column for texts": (
        ["predict", "kept.safetensors", "first=conv, second=pool, width=16", "--architecture-column", "arch"],
        "--architecture-column belongs to a table",
    ),
    "a column without tables": ([*SEARCH, "--architecture-column", "arch"], "a table among --sources"),
    "no sources to take no notice of": ([*SEARCH, "--no-warm"], "--no-warm belongs to --sources"),
    "no sources for a meta-learner": ([*SEARCH, "--meta", "rgpe"], "--meta belongs to --sources"),
    "a wrong meta-learner": ([*WARM, "--meta", "rgep"], "no meta-learner named 'rgep'. Did you mean 'rgpe'"),
    "an argument that is none": ([*OWN, "--predictor", "gin", "--set", "predictor.los=1"], "Did you mean 'loss'"),
    "an argument of nothing": ([*OWN, "--set", "loss=1"], "--set takes PART.ARGUMENT=VALUE, PART being one of predictor"),
    "an argument without a value": ([*OWN, "--set", "predictor.loss"], "got 'predictor.loss'"),
    "an argument of another part": ([*OWN, "--set", "strategy.initial=1"], "no part for --set named 'strategy'"),
    "an argument twice": (
        [*OWN, "--set", "predictor.budget=1", "--set", "predictor.budget=2"], "--set gives predictor.budget twice",
    ),
    "an argument of a wrong value": (
        [*OWN, "--predictor", "gin", "--set", "predictor.members=0"], "members is a whole number, 1 or more",
    ),
    "an argument of a strategy that has none": (
        [*SEARCH, "--set", "strategy.initial=1"], "The strategy 'random' has no arguments",
    ),
    "an argument of a strategy of a wrong value": (
        ["search", "--table", "results.csv", "--set", "strategy.initial=-1"], "initial is a whole number, 0 or more",
    ),
    "an argument that --meta gives": (
        ["search", "--table", "results.csv", "--set", "strategy.meta=rgpe"], "no argument of the strategy 'bayesian' named",
    ),
    "an argument of no meta-learner": ([*WARM, "--set", "meta.points=3"], "The part meta is what --meta names."),
    "an argument of a meta-learner that is none": (
        [*WARM, "--meta", "portfolio", "--set", "meta.point=3"], "Did you mean 'points'",
    ),
    "a table for a task to learn from": (["fit", "--task", "a.csv", "--space", "space.json"], "'a.csv' is a table and no benchmark; give it by --table"),
    "a table for a task": (["search", "--task", "a.csv", "--space", "space.json"], "give it by --table, and its search space by --space"),
    "a table for a benchmark": (["compare", "--benchmark", "a.csv"], "give it by --tables, and its search space"),
    "a table without a space to search": (["search", "--table", "results.csv"], "A table does not tell its search space"),
    "tables without a space": (["compare", "--tables", "results.csv"], "A table does not tell its search space"),
    "no tables": (["compare", "--tables", ","], "The list of --tables is empty"),
    "tables and a benchmark": (["compare", "--tables", "a.csv", "--benchmark", "nas-bench-201"], "give one of them"),
    "tables of one name": (
        ["compare", "--tables", "results.csv,./results.csv", *TABLES], "Two tables are called 'results'",
    ),
    "another table to compare on": (
        ["compare", "--tables", "results.csv", *TABLES, "--tasks", "result"], "no table named 'result'. Did you mean",
    ),
    "nothing to learn from besides a table": (
        ["compare", "--tables", "results.csv", *TABLES, "--strategies", "warm"], "'results' is the only one; give more",
    ),
    "a column for a benchmark": (
        ["compare", "--minimize", "--objective", "x"], "--minimize and --objective belong to --tables; a benchmark has",
    ),
    "a meta-learner that nobody asks": (
        ["compare", "--strategies", "random", "--meta", "rgpe"], "--meta belongs to the strategy warm",
    ),
    "an argument of what is not compared": (
        ["compare", "--strategies", "random", "--set", "bayesian.initial=3"], "no part for --set named 'bayesian'",
    ),
    "rows of a source": (
        [*WARM, "--skip-missing"], "--skip-missing belongs to --table; rows of sources without a value are left out anyway",
    ),
    "rows of a task": ([*SEARCH, "--skip-missing"], "--skip-missing belongs to --table"),
    "a folder that is no model": (["predict", ".", "x"], "The model '.' is a folder"),
    "a wrong column to predict": (
        ["predict", "kept.safetensors", "results.csv"], "no column for --architecture-column named 'architecture'",
    ),
    "a command without a place": (["search", "--command", "train", "--space", "space.json"], "{architecture}"),
    "a place in a command that there is not": (
        ["search", "--command", "train {frst}", "--space", "space.json"], "Did you mean 'first'? Choose one of: archi",
    ),
    "a program that is not there": (
        ["search", "--command", "./nothing {architecture}", "--space", "space.json", "--strategy", "random"],
        "Cannot run './nothing'",
    ),
    "a space for a task": (
        [*SEARCH, "--space", "space.json"], "Error: --space belongs to --table and --command; graphs and tasks have",
    ),
    "a strategy to compare": (["compare", "--strategies", "warm,randon"], "Did you mean 'random'"),
    "a task to compare on": (["compare", "--tasks", "cora,pubmde"], "Did you mean 'pubmed'"),
    "no seeds": (["compare", "--seeds", "0"], "--seeds is a whole number of at least 1"),
    "no jobs": (["compare", "--jobs", "0"], "--jobs is a number of processes"),
    "fewer jobs": (["compare", "--jobs", "-7"], "--jobs is a number of processes"),
    "no strategies": (["compare", "--strategies", ","], "at least one strategy"),
    "no tasks": (["compare", "--tasks", ","], "at least one strategy, one task"),
    "a file for a folder": (["compare", "--tasks", "proteins", "--out", "results.csv"], "Cannot make the folder"),
    "a study without a name": ([*SEARCH, "--name", ""], "--name is empty"),
    "a demo without sources": (["demo", "--source-size", "0"], "--source-size is a whole number of at least 1"),
    "a demo without trainings": (["demo", "--budget", "0"], "--budget is a whole number of at least 1"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "words"), MISTAKES.values(), ids=MISTAKES)
def test_one_line_says_what_is_wrong(run, files, arguments, words):
    result = run(*arguments)
    assert result.code == 2
    assert result.err.startswith("Error: ")
    assert words in result.err
    assert result.err.count("\n") == 1
    assert not (files / "evil").exists()


def test_a_benchmark_file_that_would_run_code_is_not_read(run, files, monkeypatch):
    monkeypatch.setenv("AUGURY_CACHE", str(files / "cache"))
    monkeypatch.setattr(sources.Source, "read", lambda self, file: pickle.dumps(Evil()))
    result = run("fit", "--task", "nas-bench-graph/cora")
    assert result.code == 2
    assert result.err.count("\n") == 1
    assert "asks to load 'posix.system', which may run code" in result.err
    assert not (files / "evil").exists()


def test_a_full_disk_leaves_no_half_file(run, files):
    """As `ulimit -f` makes one: no file may be longer than a few bytes."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    there = {path.name for path in files.iterdir()}
    learn = [*OWN, "--objective", "accuracy", "--predictor", "bayesian-ridge"]
    assert run(*learn, "--out", "whole.safetensors").code == 0
    tasks = ("compare", "--tasks", "proteins", "--strategies", "random", "--budget", "2", "--seeds", "1")
    full = "Cannot write 'half.csv' (File too large); make room, then run the same command again."
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, before[1]))
    try:
        for arguments, words in (
            ([*learn, "--out", "half.safetensors"], "Cannot write 'half.safetensors'"),
            (["predict", "whole.safetensors", *LAYERS.enumerate().format()[:9], "--out", "half.csv"], full),
            ([*tasks, "--out", "compared"], "what was finished is kept"),
        ):
            result = run(*arguments)
            assert result.code == 2
            assert words in result.err.splitlines()[-1]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    left = {path.name for path in files.rglob("*") if not path.is_dir()}
    assert left == there | {"whole.safetensors"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--set", "strategy.predictor=foo"), "no predictor named 'foo'"),
        (("--set", 'strategy.predictor={"a":1}'), "predictor= takes an instance of Predictor"),
        (("--set", "strategy.acquisition=trasnfer"), "Did you mean 'transfer'?"),
        (("--set", "strategy.acquisition=transfer"), "needs a meta-learner with a model for each source"),
        (("--strategy", "tpe", "--set", "strategy.multivariate=no"), "multivariate is True or False"),
        (
            ("--sources", "results.csv", "--meta", "portfolio", "--set", "strategy.acquisition=transfer"),
            "needs a meta-learner with a model for each source",
        ),
    ],
)
def test_arguments_of_the_strategy_are_checked_before_the_first_training(
    run, table, space_file, tmp_path, monkeypatch, options, words
):
    monkeypatch.setenv("AUGURY_CACHE", str(tmp_path / "cache"))
    train = "import json, sys; open('called', 'w'); print(json.dumps({'accuracy': len(sys.argv[1])}))"
    (tmp_path / "train.py").write_text(train)
    table.write_text(table.read_text().replace("arch,", "architecture,", 1))
    command = f"{sys.executable} train.py {{architecture}}"
    search = ("search", "--command", command, "--space", "space.json", "--objective", "accuracy", "--name", "mine")
    result = run(*search, *options)
    assert result.code == 2, result.out
    assert words in result.err
    assert not (tmp_path / "called").exists()
