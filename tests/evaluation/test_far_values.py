import numpy as np
import pandas as pd
import pytest

from augury.evaluation import plot_k_shot, plot_learning_curve
from augury.evaluation.far_values import Point, end_before_far
from augury.evaluation.style import figure

USUAL = {"forest": [2.0, 1.5, 1.25], "line": [2.5, 2.0, 1.75], "ridge-of-many": [3.0, 2.25, 2.0]}


def curves(**changes):
    """Three sizes, two seeds that agree."""
    rows = [
        {"predictor": name, "seed": seed, "size": size, "nll": value}
        for name, values in {**USUAL, **changes}.items()
        for size, value in zip((10, 20, 40), values, strict=True)
        for seed in (0, 1)
    ]
    return pd.DataFrame(rows)


def remarks(ax):
    """What is said beside the title, on one line."""
    return " ".join(ax.get_title(loc="right").split())


def test_a_far_value_does_not_flatten_the_others():
    usual, far = (plot_learning_curve(curves(**more), metric="nll") for more in ({}, {"ridge-of-many": [1e6, 2.25, 2]}))
    assert remarks(usual) == ""
    assert remarks(far) == "beyond the axis: ridge-of-many, as far as 1e+06"
    np.testing.assert_allclose(far.get_ylim(), [1.25 - 0.05 * 1.25, 2.5 + 0.05 * 1.25])
    lines = [line for line in far.lines if str(line.get_label()).startswith("_")]
    assert [(line.get_xdata(), line.get_ydata(), line.get_marker()) for line in lines] == [([10], [1.0], "^")]
    assert [text.get_text() for text in far.get_legend().get_texts()] == ["ridge-of-many", "line", "forest"]
    means = next(line for line in far.lines if line.get_label() == "ridge-of-many").get_ydata()
    np.testing.assert_allclose(means, [1e6, 2.25, 2.0])  # the line itself is as it was


def test_what_is_only_worse_stays_in_sight():
    for worse in ([8.0, 7.0, 6.0], [20.0, 2.5, 2.0]):
        assert remarks(plot_learning_curve(curves(forest=worse), metric="nll")) == ""
    taus = curves(forest=[0.46, 0.47, 0.48], line=[0.45, 0.46, 0.47], bad=[-0.1, 0.0, 0.0])
    assert remarks(plot_learning_curve(taus.rename(columns={"nll": "tau"}), metric="tau")) == ""


def test_several_and_those_below():
    ax = plot_learning_curve(curves(forest=[-1e5, 1.5, 1.25], line=[2.5, 2e6, 1.75]), metric="nll")
    assert remarks(ax) == "beyond the axis: forest, as far as −1e+05; line, as far as 2e+06"
    assert [line.get_marker() for line in ax.lines[3:]] == ["v", "^"]
    every = curves(**{name: [values[0], values[1], 1e6 * i] for i, (name, values) in enumerate(USUAL.items(), start=1)})
    assert remarks(plot_learning_curve(every, metric="nll")) == "beyond the axis: 3 lines, as far as 3e+06"


def test_an_infinite_mean_is_told():
    ax = plot_learning_curve(curves(forest=[np.inf, 1.5, 1.25]), metric="nll")
    assert remarks(ax) == "beyond the axis: forest, as far as infinity"
    ax.figure.draw_without_rendering()
    assert ax.get_ylim()[1] < 4


def test_k_shot_curves_do_the_same():
    frame = curves(line=[9e6, 2.0, 1.75]).rename(columns={"predictor": "method", "size": "k"})
    assert remarks(plot_k_shot(frame, metric="nll")) == "beyond the axis: line, as far as 9e+06"


@pytest.mark.parametrize("means", [[], [1.0], [1.0, 1e6], [1.0, 1.0, 1.0, 1e6], [np.inf, np.inf]])
def test_nothing_is_hidden_where_the_usual_cannot_be_told(means):
    ax = figure()[1]
    before = ax.get_ylim()
    end_before_far(ax, [Point("a", "red", float(x), y, np.nan, np.nan) for x, y in enumerate(means)])
    assert ax.get_ylim() == before
    assert remarks(ax) == ""
