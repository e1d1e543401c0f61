from __future__ import annotations

import json

import pandas as pd
import pytest

from augury import meta, predictors
from augury.commands.own_tables import Reading, own_tasks
from augury.evaluation import Curves, comparison, rank_meta_learners

READING = Reading("space.json", "arch", "accuracy", minimize=False, skip_missing=False)


def options(*more: str) -> list[str]:
    return ["compare", "--tasks", "proteins", "--budget", "3", "--seeds", "2", "--source-size", "10", *more]


@pytest.fixture
def searches(monkeypatch):
    """The searches that were run."""
    seen = []
    simulate = comparison.simulate

    def counted(strategy, task, budget, seed):
        seen.append((task.name, budget, seed))
        return simulate(strategy, task, budget=budget, seed=seed)

    monkeypatch.setattr(comparison, "simulate", counted)
    return seen


def test_results_page_and_summary(run, tmp_path, searches):
    result = run(*options("--strategies", "warm,random"))
    assert result.code == 0, result.err
    frame = pd.read_parquet(tmp_path / "augury-compare" / "results.parquet")
    assert list(frame["strategy"].unique()) == ["warm", "random"]
    assert len(frame) == 2 * 2 * 3
    page = (tmp_path / "augury-compare" / "report.html").read_text("utf-8")
    assert "augury compare --tasks proteins" in page
    final = 100 * Curves.of_frame(frame).of("random")[..., -1].mean()
    (row,) = (line for line in result.out.splitlines() if line.startswith("random "))
    assert f"{final:.1f}" in row
    assert "report.html" in result.out
    assert len(searches) == 4

    again = run(*options("--strategies", "warm,random"))
    assert len(searches) == 4
    assert again.out == result.out
    assert run(*options("--strategies", "warm,random,local-search")).code == 0
    assert len(searches) == 6


def test_evolution_within_its_first_population_is_told_to_be_random(run):
    said = run(*options("--strategies", "regularized-evolution,random")).out
    assert "- regularized-evolution draws its first 30 architectures" in said
    assert "--set regularized-evolution.population=1." in " ".join(said.split())
    said = run(
        *options("--strategies", "regularized-evolution,random", "--set", "regularized-evolution.population=2")
    ).out
    assert "draws its first" not in said


def test_an_interrupt_keeps_finished_searches(run, searches, monkeypatch):
    simulate = comparison.simulate

    def interrupted(strategy, task, budget, seed):
        if len(searches) == 1:
            raise KeyboardInterrupt
        return simulate(strategy, task, budget=budget, seed=seed)

    monkeypatch.setattr(comparison, "simulate", interrupted)
    stopped = run(*options("--strategies", "random"))
    assert stopped.code == 130
    assert stopped.err.splitlines()[-1].endswith("--source-size 10 --strategies random")
    monkeypatch.setattr(comparison, "simulate", simulate)
    assert run(*options("--strategies", "random")).code == 0
    assert searches == [("proteins", 3, 0), ("proteins", 3, 1)]


@pytest.fixture
def tables(table, tmp_path):
    """Three tables of one space; the last has fewer rows, and a missing value."""
    text = table.read_text()
    (tmp_path / "other.csv").write_text(text.replace(",8", ",7"))
    (tmp_path / "few.csv").write_text("\n".join([*text.splitlines()[:9], '"first=skip, second=skip, width=16",,1']))
    return ("compare", "--tables", "results.csv,other.csv,few.csv", "--space", "space.json", "--architecture-column",
            "arch", "--objective", "accuracy", "--skip-missing", "--budget", "3", "--seeds", "2")  # fmt: skip


def test_tables_of_ones_own(run, tables, space_file, tmp_path, searches):
    result = run(*tables, "--strategies", "warm,random", "--meta", "portfolio")
    assert result.code == 0, result.err
    frame = pd.read_parquet(tmp_path / "augury-compare" / "results.parquet")
    assert list(frame["task"].unique()) == ["results", "other", "few"]
    assert set(frame["strategy"]) == {"warm", "random"}
    assert "Search strategies on results, other, few" in (tmp_path / "augury-compare" / "report.html").read_text(
        "utf-8"
    )
    assert len(searches) == 2 * 2 * 3
    assert run(*tables, "--strategies", "warm,random", "--meta", "portfolio").out == result.out
    assert len(searches) == 12  # all are kept

    assert run(*tables, "--strategies", "random,warm", "--meta", "portfolio", "--tasks", "few").code == 0
    assert set(pd.read_parquet(tmp_path / "augury-compare" / "results.parquet")["task"]) == {"few"}
    assert len(searches) == 12
    table = tmp_path / "other.csv"
    table.write_text(table.read_text().replace(",7", ",6"))
    assert run(*tables, "--strategies", "warm,random", "--meta", "portfolio", "--tasks", "few").code == 0
    assert len(searches) == 14  # what warm learns from has changed


def test_results_of_something_else_are_replaced_with_a_word(run, tables, space_file, tmp_path):
    random = (*tables, "--strategies", "random", "--tasks", "results,other")
    latency = [*random[:8], "latency", "--minimize", *random[9:]]
    told = "augury-compare holds results with {}; they will be replaced. Finished searches are kept.\n"
    assert "replaced" not in run(*random).err
    assert "replaced" not in run(*random).err
    objectives = "objective accuracy (maximize), not objective latency (minimize)"
    assert run(*latency).err.startswith(told.format(objectives))
    others = "tasks results, other, strategies random, not tasks few, strategies random, local-search"
    result = run(*latency[:-3], "random,local-search", "--tasks", "few")
    assert result.code == 0
    assert result.err.startswith(told.format(others))
    (tmp_path / "augury-compare" / "comparison.json").write_text("[")
    assert "replaced" not in run(*latency).err


def test_a_single_table_is_compared_on_without_a_warm_start(run, tables, space_file, searches):
    alone = ("compare", "--tables", "results.csv", *tables[3:])
    result = run(*alone)
    assert result.code == 0, result.err
    rows = [line.split()[0] for line in result.out.splitlines() if "%" in line]
    assert {"bayesian", "regularized-evolution", "random"} <= set(rows)
    assert "warm" not in rows
    assert len(searches) == 6


def test_less_may_be_better(run, tables, space_file, tmp_path):
    latency = [*tables[:8], "latency", "--minimize", *tables[9:]]
    assert run(*latency, "--strategies", "random", "--tasks", "results").code == 0
    frame = pd.read_parquet(tmp_path / "augury-compare" / "results.parquet")
    assert frame["y"].max() < 0


def test_arguments_are_set_and_ask_for_other_searches(run, tables, space_file, searches):
    def searched(*more):
        before = len(searches)
        result = run(*tables, "--tasks", "results", "--strategies", "warm,bayesian", "--meta", "portfolio", *more)
        assert result.code == 0, result.err
        return len(searches) - before

    assert searched() == 4
    assert searched("--set", "bayesian.initial=2") == 2 + 2  # warm too, as all are then made with arguments
    assert searched("--set", "bayesian.initial=2") == 0
    assert searched("--set", "warm.probes=2") == 2
    assert searched("--set", "meta.points=4") == 2


def ranked(*more: str) -> list[str]:
    return ["compare", "--predictors", "bayesian-ridge,random-forest", "--seeds", "2", *more]


def test_predictors_are_compared(run, tables, space_file, tmp_path):
    own = ("--tables", "results.csv,other.csv", *tables[3:9])
    result = run(*ranked(*own, "--sizes", "8,4", "--set", "random-forest.trees=5"))
    assert result.code == 0, result.err
    frame = pd.read_parquet(tmp_path / "augury-compare" / "predictors.parquet")
    assert len(frame) == 2 * 2 * 2 * 2
    assert frame["n_test"].unique().tolist() == [10]  # of 18, 8 are to learn from
    chosen = frame[(frame["predictor"] == "bayesian-ridge") & (frame["size"] == 8)]
    (row,) = (line for line in result.out.splitlines() if line.startswith("bayesian-ridge "))
    assert f"{chosen['kendall_tau'].mean():.2f}" in row
    assert "±" not in row  # two splits tell no interval
    more = run(*ranked(*own, "--sizes", "8,4", "--seeds", "3")).out
    assert next(line for line in more.splitlines() if line.startswith("bayesian-ridge ")).count("±") == 2
    assert "from 4" in result.out
    assert "predictors.parquet" in result.out
    assert "<svg" in (tmp_path / "augury-compare" / "predictors.svg").read_text("utf-8")


def test_the_usual_sizes_are_those_that_leave_ten_architectures(run, table, tables, space_file, tmp_path):
    own = ranked("--tables", "results.csv", *tables[3:9])
    too_few = "--sizes {} must leave 10 architectures to test on, and 'results' has {} different ones with a value: {}."

    def said(*more):
        return " ".join(run(*own, *more).err.split())

    assert too_few.format("10,30,100", 18, "give --sizes from 1 to 8") in said()
    assert too_few.format("9", 18, "give --sizes from 1 to 8") in said("--sizes", "9")
    lines = table.read_text().splitlines()
    table.write_text("\n".join([*lines[:11], lines[1]]))  # one of them twice
    assert too_few.format("1", 10, "it takes 11 or more") in said("--sizes", "1")
    layers = {"type": "ChoiceSpace", "arguments": {"decisions": {"a": list("abcdef"), "b": list("abcdefghi")}}}
    (tmp_path / "wide.json").write_text(json.dumps(layers))
    pairs = [(a, b) for a in range(6) for b in range(9)]
    rows = [f"{'abcdef'[a]},{'abcdefghi'[b]},{9 * a + b}" for a, b in pairs]
    (tmp_path / "wide.csv").write_text("\n".join(["a,b,accuracy", *rows]))
    wide = ("--tables", "wide.csv", "--space", "wide.json", "--objective", "accuracy")
    result = run("compare", "--predictors", "bayesian-ridge", "--seeds", "1", *wide)
    assert result.code == 0, result.err
    frame = pd.read_parquet(tmp_path / "augury-compare" / "predictors.parquet")
    assert frame[["size", "n_test"]].to_numpy().tolist() == [[10, 24], [30, 24]]  # of 54


def test_predictors_of_something_else_are_replaced_with_a_word(run, tables, space_file):
    own = ("compare", "--predictors", "bayesian-ridge", "--sizes", "4", "--seeds", "1", "--tables",
           "results.csv,other.csv", *tables[3:9])  # fmt: skip
    assert run(*tables, "--strategies", "random").code == 0
    for _ in range(2):
        result = run(*own)
        assert result.code == 0
        assert "replaced" not in result.err
    told = "augury-compare holds results with tasks all, not tasks other; they will be replaced.\n"
    assert run(*own, "--tasks", "other").err.startswith(told)


def test_an_interrupt_keeps_no_predictors(run, tables, space_file, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("augury.commands.compared_predictors.rank_predictors", interrupted)
    result = run(*ranked("--tables", "results.csv", *tables[3:9], "--sizes", "4"))
    assert result.code == 130
    assert "Stopped; nothing is kept. To begin anew: augury compare --predictors" in result.err


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--budget", "3"], "--budget belongs to strategies"),
        (["--sizes", "10,few"], "--sizes are whole numbers of at least 1, as 10,30,100; got '10,few'"),
        (["--predictors", "gin,gin"], "names each once"),
        (["--tasks", ","], "--tasks names at least one, with commas between: cora,"),
        (["--predictors", "gini"], "Did you mean 'gin'"),
        (
            ["--sizes", "10,26197", "--tasks", "cora"],
            "'cora' has 26,206 different ones with a value: give --sizes from",
        ),
    ],
)
def test_what_does_not_go_with_predictors_is_refused(run, more, said):
    result = run(*ranked(*more))
    assert result.code == 2
    assert said in " ".join(result.err.split())


def test_sizes_are_of_predictors(run):
    assert "--sizes belongs to predictors" in run("compare", "--sizes", "10").err
    result = run("compare", "--predictors", "bayesian-ridge", "--source-size", "10")
    assert "--source-size belongs to strategies and meta-learners; predictors learn from one task." in result.err


def meta_learners(*more: str) -> list[str]:
    return ["compare", "--meta-learners", "portfolio,rgpe", "--seeds", "2", *more]


def test_meta_learners_are_compared(run, tables, space_file, tmp_path):
    own = ("--tables", "results.csv,other.csv", *tables[3:9], "--predictors", "bayesian-ridge")
    result = run(*meta_learners(*own, "--sizes", "4,0", "--set", "rgpe.points=5", "--source-size", "9"))
    assert result.code == 0, result.err
    frame = pd.read_parquet(tmp_path / "augury-compare" / "meta-learners.parquet")
    by_hand = rank_meta_learners(
        {"portfolio": meta.make("portfolio"), "rgpe": meta.make("rgpe", points=5)},
        {task.name: task for task in own_tasks("results.csv,other.csv", READING).values()},
        [0, 4],
        range(2),
        source_size=9,
        cold={"cold bayesian-ridge": predictors.make("bayesian-ridge")},
    )
    same = ["method", "target", "seed", "k", "n_test", "kendall_tau", "rmse"]
    pd.testing.assert_frame_equal(frame[same], by_hand[same])
    rows = {line.split("  ")[0]: line for line in result.out.splitlines()}
    chosen = frame[(frame["method"] == "rgpe") & (frame["k"] == 4)]
    assert f"{chosen['kendall_tau'].mean():.2f}".replace("-", "−") in rows["rgpe"]
    assert "–" in rows["cold bayesian-ridge"]  # after 0
    assert "after up to 9 evaluations of every other; 2 draws of each." in " ".join(result.out.split())
    assert "<svg" in (tmp_path / "augury-compare" / "meta-learners.svg").read_text("utf-8")
    again = run(*meta_learners(*own, "--sizes", "4", "--source-size", "8"))
    assert again.err.startswith("augury-compare holds results with source size 9, not source size 8; they will be")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--budget", "3"], "--budget belongs to strategies"),
        (["--meta", "rgpe"], "--meta belongs to strategies"),
        (["--sizes", "10,few"], "--sizes are whole numbers of at least 0, as 10,30,100; got '10,few'"),
        (["--meta-learners", "rgpe,rgpe"], "--meta-learners names each once, as auto,rgpe; got 'rgpe,rgpe'"),
        (["--meta-learners", "rgep"], "Did you mean 'rgpe'"),
        (["--predictors", ","], "--predictors names each once, as auto,gin; got ''"),
        (["--set", "bayesian.initial=3"], "no part for --set named 'bayesian'"),
        (["--source-size", "0"], "--source-size is a whole number of at least 1"),
        (["--tables", "results.csv", "--space", "space.json", "--architecture-column", "arch", "--objective", "accuracy"],
         "Besides 'results' there is no task to learn from"),
    ],
)  # fmt: skip
def test_what_does_not_go_with_meta_learners_is_refused(run, table, space_file, more, said):
    result = run(*meta_learners("--sizes", "2", *more))
    assert result.code == 2
    assert said in " ".join(result.err.split())
