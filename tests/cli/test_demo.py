from __future__ import annotations

import re

import numpy as np
import pytest

from augury import Study
from augury.search import GraphTrainingEvaluator


@pytest.fixture
def demo(run, graph, tmp_path, monkeypatch):
    monkeypatch.setenv("AUGURY_CACHE", str(tmp_path / "cache"))
    options = ("demo", "--graph", graph, "--budget", "3", "--workers", "1", "--epochs", "3", "--source-size", "10")
    return lambda *more: run(*options, *more)


@pytest.mark.slow
def test_warm_against_random_and_again(demo, tmp_path, monkeypatch):
    result = demo()
    assert result.code == 0, result.err
    assert "8 tasks of nas-bench-graph" in result.err
    folder = tmp_path / "augury-demo"
    assert str(folder / "report.html").endswith(result.out.split()[-1])
    page = (folder / "report.html").read_text("utf-8")
    assert "random search" in page
    assert "warm start" in page

    warm, rand = (
        Study.load(name=f"{name} seed 0", storage=str(folder / "study.db")) for name in ("warm start", "random search")
    )
    assert len(warm.history) == len(rand.history) == 3
    assert str(warm.best.architecture) in result.out
    for study, name in ((warm, "warm start"), (rand, "random search")):
        (row,) = (line for line in result.out.splitlines() if line.startswith(name))
        valid, test, took = re.fullmatch(rf"{name} +([\d.]+) % +([\d.]+) % +(\d+) *", row).groups()
        assert float(valid) == pytest.approx(study.best.metrics["valid_accuracy"], abs=0.05)
        assert float(test) == pytest.approx(study.best.metrics["test_accuracy"], abs=0.05)
        assert int(took) == int(np.argmax(study.history.y)) + 1
    reached = np.flatnonzero(warm.history.y >= rand.history.y.max())
    said = f"after {reached[0] + 1} of its own" if len(reached) else "did not reach"
    assert said in result.out

    def called(self, architecture):
        raise AssertionError("a finished demo trains no more")

    monkeypatch.setattr(GraphTrainingEvaluator, "__call__", called)
    again = demo()
    assert again.out == result.out
    assert "remove the folder augury-demo" in again.err


@pytest.mark.slow
def test_other_settings_are_not_mixed_in(demo):
    assert demo("--budget", "1").code == 0
    result = demo("--epochs", "4")
    assert result.code == 2
    assert "was begun with epochs 3, not with epochs 4;" in result.err
    assert "remove the folder augury-demo" in result.err
