import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from augury.evaluation import mean_interval, plot_k_shot
from augury.evaluation.style import figure
from augury.spaces import InputError

STORED = Path(__file__).parents[2] / "benchmarks" / "results" / "kshot_nas-bench-graph_full.parquet"


def rows(seeds=3):
    """``warm`` from no evaluation on, ``cold`` from 10; the targets differ by 0.2, the seeds by 0.1."""
    return pd.DataFrame(
        {
            "method": method, "target": target, "seed": seed, "k": k,
            "kendall_tau": 0.3 + 0.002 * k + 0.1 * seed + 0.2 * (target == "b") - 0.2 * (method == "cold"),
        }
        for method, sizes in (("warm", (0, 10, 100)), ("cold", (10, 100)))
        for target in "ab" for seed in range(seeds) for k in sizes
    )  # fmt: skip


def test_lines_are_means_over_targets_in_their_interval_over_seeds():
    ax = figure(5.0, 3.0)[1]
    assert plot_k_shot(rows(), ax=ax) is ax
    warm, cold = ax.get_lines()
    np.testing.assert_array_equal(warm.get_xdata(), [0, 10, 100])
    np.testing.assert_allclose(warm.get_ydata(), [0.5, 0.52, 0.7])  # by hand: 0.3 + 0.1 + 0.1 + 0.002 k
    np.testing.assert_array_equal(cold.get_xdata(), [10, 100])
    interval = mean_interval([0.4, 0.5, 0.6])
    at_none = [y for x, y in ax.collections[0].get_paths()[0].vertices if x == 0]
    np.testing.assert_allclose([min(at_none), max(at_none)], [interval.low, interval.high])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["warm", "cold"]


def test_two_seeds_have_no_band():
    ax = plot_k_shot(rows(seeds=2))
    low, high = ax.get_ylim()
    assert 0.2 < low < high < 0.7  # the means go from 0.27 to 0.65
    np.testing.assert_allclose(ax.get_lines()[0].get_ydata(), [0.45, 0.47, 0.65])


def test_seconds_have_a_name():
    seconds = rows().rename(columns={"kendall_tau": "adapt_seconds"})
    assert plot_k_shot(seconds, metric="adapt_seconds").get_ylabel() == "seconds to adapt and predict"
    assert plot_k_shot(rows().assign(fit_seconds=2.0), metric="fit_seconds").get_ylabel() == (
        "seconds to learn from the sources"
    )


def test_no_evaluation_has_a_place_on_the_axis():
    ax = plot_k_shot(rows())
    assert list(ax.get_xticks()) == [0, 10, 100]
    places = ax.xaxis.get_transform().transform(np.array([0.0, 10.0, 100.0]))
    assert places[0] == 0 < places[1] < places[2]
    ax.figure.canvas.draw()
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0", "10", "100"]
    left, right = ax.get_xlim()
    assert left < 0 < 100 < right


def test_one_target_one_seed_or_no_evaluation_alone_are_drawn():
    ax = plot_k_shot(rows(seeds=1), target="b", legend=False)
    np.testing.assert_allclose(ax.get_lines()[0].get_ydata(), [0.5, 0.52, 0.7])
    assert (ax.get_title(loc="left"), ax.get_legend()) == ("b", None)
    frame = rows()
    assert list(plot_k_shot(frame[frame["k"] == 0]).get_xticks()) == [0]
    assert plot_k_shot(frame[frame["k"] > 0]).get_xscale() == "symlog"


def test_what_is_unknown_without_an_evaluation_begins_with_some():
    frame = rows().rename(columns={"kendall_tau": "coverage"})
    frame.loc[frame["k"] == 0, "coverage"] = np.nan  # as `rank_meta_learners` has it
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = plot_k_shot(frame, metric="coverage")
    np.testing.assert_allclose(ax.get_lines()[0].get_ydata(), [np.nan, 0.52, 0.7])
    assert [0.9, 0.9] in [list(line.get_ydata()) for line in ax.lines]  # what is promised


def test_the_stored_benchmark_is_drawn():
    frame = pd.read_parquet(STORED)
    ax = plot_k_shot(frame)
    assert len(ax.get_lines()) == frame["method"].nunique()
    assert ax.get_xticks()[0] == 0
    expected = frame[(frame["method"] == "transfer-blend") & (frame["k"] == 0)]["kendall_tau"].mean()
    assert ax.get_lines()[list(frame["method"].unique()).index("transfer-blend")].get_ydata()[0] == pytest.approx(
        expected
    )


def test_mistakes_are_told():
    with pytest.raises(InputError, match="needs the columns"):
        plot_k_shot(rows().drop(columns="k"))
    with pytest.raises(InputError, match="needs the columns"):
        plot_k_shot(rows().drop(columns="target"), target="a")
    with pytest.raises(InputError, match="of the target 'c'"):
        plot_k_shot(rows(), target="c")
