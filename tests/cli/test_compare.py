from __future__ import annotations

import pandas as pd
import pytest

from augury.evaluation import Curves, comparison


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
