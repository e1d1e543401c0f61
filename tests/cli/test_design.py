from __future__ import annotations

import io
import shlex

import numpy as np
import pandas as pd
import pytest

from augury import meta
from augury.data import Task

from .conftest import LAYERS


@pytest.fixture
def sources(table) -> str:
    """Two tasks that half of the chains were trained on, one of them the other's opposite in width."""
    frame = pd.read_csv(table)
    narrow = frame.assign(accuracy=frame["accuracy"] - 6 * frame["arch"].str.contains("width=32"))
    for name, rows in (("wide", frame[::2]), ("narrow", narrow[1::2])):
        rows.to_csv(table.parent / f"{name}.csv", index=False)
    return "wide.csv,narrow.csv"


@pytest.fixture
def learner(sources):
    tasks = [
        Task.from_table(
            pd.read_csv(file), space=LAYERS, architecture="arch", metrics={"accuracy": "maximize"},
            objective="accuracy", name=file[:-4],
        )
        for file in sources.split(",")
    ]  # fmt: skip
    return meta.make("rgpe", points=5).fit(tasks)


def options(sources: str) -> list[str]:
    own = ["--space", "space.json", "--sources", sources, "--architecture-column", "arch", "--objective", "accuracy"]
    return [*own, "--meta", "rgpe", "--set", "meta.points=5"]


@pytest.mark.parametrize("purpose", ["predict", "search"])
def test_the_design_is_that_of_the_meta_learner(run, space_file, sources, learner, purpose):
    result = run("design", *options(sources), "--n", "4", "--purpose", purpose, "--out", "-")
    assert result.code == 0, result.err
    found = pd.read_csv(io.StringIO(result.out))
    choose = learner.informative_design if purpose == "predict" else learner.initial_design
    assert found["arch"].tolist() == choose(4, space=LAYERS).format()
    assert found["accuracy"].isna().all()
    shown = run("design", *options(sources), "--n", "4", "--purpose", purpose)
    assert [line.strip() for line in shown.out.splitlines()[2:]] == found["arch"].tolist()


def test_it_is_chosen_among_candidates(run, space_file, sources, learner, table):
    pd.read_csv(table)[12:].to_csv("few.csv", index=False)
    result = run("design", *options(sources), "--n", "3", "--candidates", "few.csv", "--out", "-")
    found = pd.read_csv(io.StringIO(result.out))["arch"].tolist()
    few = LAYERS.parse(pd.read_csv("few.csv")["arch"])
    assert found == learner.informative_design(3, candidates=few).format()
    assert set(found) <= set(few.format())
    result = run("design", *options(sources), "--n", "30", "--candidates", "few.csv", "--out", "-")
    assert len(result.out.splitlines()) == 1 + 6
    assert "Not 30, for the candidates have 6 different architectures." in result.err
    assert "for the sources have 18 different" in run("design", *options(sources), "--n", "30").err


def test_what_was_filled_in_is_learned_from_and_predicted(run, space_file, sources, learner, table):
    designed = run("design", *options(sources), "--n", "5", "--out", "new.csv")
    again = shlex.split(designed.out.partition("learn from it with: ")[2])
    assert again[:4] == ["augury", "fit", "--table", "new.csv"]
    own = ["--space", "space.json", "--sources", sources, "--objective", "accuracy", "--meta", "rgpe"]
    assert again[4:] == [*own, "--architecture-column", "arch", "--set", "meta.points=5"]
    truth = pd.read_csv(table).set_index("arch")["accuracy"] / 2
    frame = pd.read_csv("new.csv")
    chains = LAYERS.parse(frame["arch"])
    frame["accuracy"] = truth[frame["arch"]].to_numpy()
    frame.to_csv("new.csv", index=False)
    fitted = run("fit", "--table", "new.csv", *options(sources), "--out", "warm.safetensors")
    assert fitted.code == 0, fitted.err
    assert "learned accuracy of new.csv from 5 architectures, after 2 other tasks." in fitted.out
    assert "source wide" in fitted.out
    saved = meta.WarmPredictor.load("warm.safetensors")
    by_hand = learner.adapt(chains, frame["accuracy"])
    everything = LAYERS.enumerate()
    np.testing.assert_array_equal(saved.predict(everything), by_hand.predict(everything))
    predicted = run("predict", "warm.safetensors", "results.csv", "--architecture-column", "arch", "--out", "-")
    mean = pd.read_csv(io.StringIO(predicted.out))["accuracy"]
    np.testing.assert_allclose(mean, by_hand.predict(LAYERS.parse(pd.read_csv(table)["arch"])))


def test_costs_are_designed_for_and_predicted_as_costs(run, space_file, table):
    frame = pd.read_csv(table)
    frame.assign(latency=3 * frame["latency"]).to_csv("slow.csv", index=False)
    frame[::4].to_csv("new.csv", index=False)
    own = ["--space", "space.json", "--sources", "slow.csv", "--architecture-column", "arch", "--objective", "latency"]
    own += ["--minimize", "--meta", "additive-gp"]
    designed = run("design", *own, "--n", "4", "--out", "d.csv")
    assert designed.out.rstrip().endswith("--meta additive-gp --architecture-column arch --minimize")
    fitted = run("fit", "--table", "new.csv", *own)
    assert fitted.code == 0, fitted.err
    predicted = run("predict", "model.safetensors", "results.csv", "--architecture-column", "arch", "--out", "-")
    found = pd.read_csv(io.StringIO(predicted.out))
    assert np.corrcoef(found["latency"], found["given_latency"])[0, 1] > 0.99
    assert abs(found["latency"] - found["given_latency"]).max() < 0.5


def test_sources_of_another_space_are_guarded(run, space_file, sources):
    decisions = '{"type": "ChoiceSpace", "arguments": {"decisions": {"first": ["conv", "pool"], "third": ["a", "b"]}}}'
    space_file.with_name("other.json").write_text(decisions)
    result = run("design", "--space", "other.json", "--sources", "nas-bench-graph/proteins", "--n", "2")
    assert result.code == 0, result.err
    assert len(result.out.splitlines()) == 4


def test_what_has_learned_already_designs_fits_and_searches(run, space_file, table, sources, learner):
    learner.save("learned.safetensors")
    own = ["--space", "space.json", "--pretrained", "learned.safetensors", "--objective", "accuracy"]
    result = run("design", *own, "--n", "4", "--out", "-")
    assert result.code == 0, result.err
    assert pd.read_csv(io.StringIO(result.out))["architecture"].tolist() == learner.informative_design(4).format()
    column = ["--architecture-column", "arch"]
    fitted = run("fit", "--table", "results.csv", *own, *column, "--out", "warm.safetensors")
    assert "from 18 architectures, after 2 other tasks." in fitted.out
    frame = pd.read_csv(table)
    chains = LAYERS.parse(frame["arch"])
    by_hand = learner.adapt(chains, frame["accuracy"])
    found = meta.WarmPredictor.load("warm.safetensors").predict(LAYERS.enumerate())
    np.testing.assert_array_equal(found, by_hand.predict(LAYERS.enumerate()))
    # a predictor's file holds its meta-learner, too
    for file in ("learned.safetensors", "warm.safetensors"):
        searched = run("search", "--table", "results.csv", *own[:2], *own[4:], *column, "--pretrained", file,
                       "--budget", "1", "--name", file)  # fmt: skip
        assert searched.code == 0, searched.err
        assert learner.initial_design(1, candidates=chains).format()[0] in searched.out
    again = run("search", "--table", "results.csv", *own[:2], *own[4:], *column, "--budget", "2", "--name", file)
    assert "was begun with" in again.err
    assert "pretrained warm.safetensors (" in again.err


def test_what_is_pretrained_is_no_test_of_its_own_tasks(run):
    options = ("--pretrained", "nas-bench-201", "--n", "8")
    seen = run("fit", "--task", "nas-bench-201/cifar10", *options)
    assert seen.code == 0, seen.err
    assert "has learned from nas-bench-201/cifar10 itself, so that this is no test of it." in seen.err
