import numpy as np
import pandas as pd
import pytest

from augury.evaluation import plot_calibration, plot_learning_curve, plot_predictions, plot_ranks
from augury.evaluation.style import figure
from augury.spaces import InputError


@pytest.fixture
def curves():
    rows = [
        {"predictor": name, "task": task, "seed": seed, "size": size, "kendall_tau": base + shift + 0.01 * seed}
        for name, base in (("forest", 0.2), ("line", 0.3))
        for task, shift in (("x", 0.0), ("y", 0.2))
        for seed in (0, 1)
        for size in (10, 20, 400)
    ]
    return pd.DataFrame(rows)


def test_intervals_that_miss_stand_out():
    # 1.645 deviations reach 1.645 and 3.29: the first and the third value are inside, the second is not
    ax = plot_predictions([1.0, 5.0, 4.0], [2.0, 3.0, 1.0], [1.0, 1.0, 2.0])
    inside, outside = ax.collections[1], ax.collections[3]
    assert inside.get_offsets().tolist() == [[1.0, 2.0], [4.0, 1.0]]
    assert outside.get_offsets().tolist() == [[5.0, 3.0]]
    bars = ax.collections[0].get_segments()
    np.testing.assert_allclose(bars[0], [[1, 2 - 1.6449], [1, 2 + 1.6449]], atol=1e-4)
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["inside the 90 % interval: 67 %", "outside the 90 % interval: 33 %"]


def test_many_intervals_would_hide_each_other():
    y = np.arange(301.0)
    assert len(plot_predictions(y, y + np.arange(301) % 2, np.full(301, 0.5)).collections) == 2
    assert len(plot_predictions(y[1:], (y + np.arange(301) % 2)[1:], np.full(300, 0.5)).collections) == 4


def test_without_deviations_there_are_dots_alone():
    ax = plot_predictions([1.0, 2.0], [1.0, 3.0], quantity="latency", unit="s")
    assert len(ax.collections) == 1
    assert ax.get_legend() is None
    assert ax.get_xlabel() == "measured latency, s"
    assert ax.get_xlim() == ax.get_ylim()


def test_equal_values_share_a_rank_and_the_best_is_first():
    ax = plot_ranks([5.0, 9.0, 5.0], [1.0, 2.0, 3.0])
    assert ax.collections[0].get_offsets().tolist() == [[2.5, 3.0], [1.0, 2.0], [2.5, 1.0]]
    assert ax.get_xlim()[0] > ax.get_xlim()[1]  # the best stand to the right
    assert ax.get_xticks()[0] == 1


def test_a_learning_curve_is_the_mean_over_tasks_and_seeds(curves):
    ax = plot_learning_curve(curves)
    lines = {line.get_label(): line.get_ydata() for line in ax.lines}
    np.testing.assert_allclose(lines["forest"], [0.305] * 3)
    assert ax.get_xscale() == "log"
    assert ax.get_xticks().tolist() == [10, 20, 400]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["line", "forest"]
    one = plot_learning_curve(curves, task="y")
    np.testing.assert_allclose(one.lines[0].get_ydata(), [0.405] * 3)
    assert one.get_title(loc="left") == "y"
    assert plot_learning_curve(curves, legend=False).get_legend() is None


def test_close_sizes_leave_room_for_their_labels(curves):
    many = pd.concat([curves, curves[curves["size"] == 400].assign(size=390)])
    assert plot_learning_curve(many).get_xticks().tolist() == [10, 20, 400]
    linear = curves.assign(size=curves["size"].replace(400, 30))
    assert plot_learning_curve(linear).get_xscale() == "linear"


def test_predictors_of_other_sizes_share_the_picture(curves):
    some = curves[(curves["predictor"] == "forest") | (curves["size"] == 20)]
    lines = {line.get_label(): line.get_xdata().tolist() for line in plot_learning_curve(some).lines}
    assert lines == {"forest": [10, 20, 400], "line": [20]}


def test_calibration_curves_by_hand():
    ax = plot_calibration([0.0, 0.0], {"sure": ([3.0, 3.0], [1.0, 1.0]), "vague": ([0.01, 0.01], [9.0, 9.0])})
    diagonal, sure, vague = ax.lines
    assert diagonal.get_xydata().tolist() == [[0, 0], [1, 1]]
    assert sure.get_ydata().tolist() == [0] * 20
    assert vague.get_ydata().tolist() == [0] + [1] * 19
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "sure, off by 50 points",
        "vague, off by 50 points",
    ]


def test_each_draws_on_the_axes_given(curves):
    y = np.arange(5.0)
    for draw in (
        lambda ax: plot_predictions(y, y, y + 1, ax=ax),
        lambda ax: plot_ranks(y, y, ax=ax),
        lambda ax: plot_learning_curve(curves, ax=ax),
        lambda ax: plot_calibration(y, {"a": (y, y + 1)}, ax=ax),
    ):
        made, ax = figure()
        assert draw(ax) is ax
        assert made.axes == [ax]
        made.canvas.draw()


@pytest.mark.parametrize("n", [1, 2, 5000])
def test_any_number_of_points_can_be_drawn(n):
    y = np.linspace(0, 1, n)
    for ax in (plot_predictions(y, y, y + 1), plot_ranks(y, y), plot_calibration(y, {"$x$": (y, y + 1)})):
        ax.figure.canvas.draw()


def test_mistakes_are_told(curves):
    with pytest.raises(InputError, match="one length"):
        plot_predictions([1.0], [1.0, 2.0])
    with pytest.raises(InputError, match="between 0 and 1"):
        plot_predictions([1.0], [1.0], [1.0], level=90)
    with pytest.raises(InputError, match="needs the columns"):
        plot_learning_curve(curves.drop(columns="seed"))
    with pytest.raises(InputError, match="of task 'z'"):
        plot_learning_curve(curves, task="z")
    with pytest.raises(InputError, match="nothing to draw"):
        plot_calibration([1.0], {})
