import numpy as np
import pytest

from augury.evaluation import plot_calibration, plot_predictions, plot_ranks
from augury.evaluation.style import figure
from augury.spaces import InputError


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


def test_the_axes_hold_the_intervals_that_are_drawn():
    # the first reaches from 2 − 16.4 to 2 + 16.4, far beyond the values
    ax = plot_predictions([1.0, 5.0], [2.0, 3.0], [10.0, 1.0])
    low, high = ax.get_ylim()
    assert low < -14.4 < 18.4 < high
    assert ax.get_xlim() == (low, high)
    y = np.linspace(0, 10, 301)
    assert plot_predictions(y, y, np.full(301, 10.0)).get_ylim()[1] < 11  # of more than 300 none is drawn


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


@pytest.mark.parametrize(
    ("scale", "label", "ticks"),
    [
        (1e-7, "measured loss, $10^{-7}$ nats", ["2", "4"]),
        (1e9, "measured loss, $10^{9}$ nats", ["2", "4"]),
        (1.0, "measured loss, nats", ["2", "4"]),
        (0.01, "measured loss, nats", ["0.02", "0.04"]),
    ],
)
def test_the_power_of_ten_stands_in_the_label_and_not_in_the_legend(scale, label, ticks):
    y = scale * np.array([1.0, 3.0, 5.0])
    ax = plot_predictions(y, y, 0.1 * y, quantity="loss", unit="nats")
    ax.figure.draw_without_rendering()
    assert ax.get_xlabel() == label
    assert ax.get_ylabel() == label.replace("measured", "predicted")
    for axis in (ax.xaxis, ax.yaxis):
        assert not axis.get_offset_text().get_visible()
        assert set(ticks) <= {tick.get_text() for tick in axis.get_ticklabels()}


def test_a_long_quantity_is_broken_into_lines():
    ax = plot_predictions([1e-7, 2e-7], [1e-7, 2e-7], quantity="a quantity with an exceedingly long name", unit="m")
    ax.figure.draw_without_rendering()
    for label in (ax.xaxis.label, ax.yaxis.label):
        box = label.get_window_extent()
        assert ax.figure.bbox.x0 <= box.x0
        assert box.x1 <= ax.figure.bbox.x1
        assert ax.figure.bbox.y0 <= box.y0
        assert box.y1 <= ax.figure.bbox.y1


@pytest.mark.parametrize("count", [1, 12])
def test_a_calibration_legend_leaves_the_curves_room(count):
    y = np.arange(9.0)
    ax = plot_calibration(y, {f"predictor {i}": (y, y + 1) for i in range(count)})
    ax.figure.draw_without_rendering()
    assert ax.bbox.width > 300
    assert ax.get_legend().get_window_extent().y1 <= ax.figure.bbox.y1
    assert ax.xaxis.label.get_window_extent().y0 >= ax.figure.bbox.y0


def test_dots_of_the_legend_can_be_seen():
    y = np.arange(5000.0)
    for handle in plot_predictions(y, y, y + 1).get_legend().legend_handles:
        assert handle.get_alpha() == 0.8
        assert handle.get_sizes().tolist() == [16.0]


def test_equal_values_share_a_rank_and_the_best_is_first():
    ax = plot_ranks([5.0, 9.0, 5.0], [1.0, 2.0, 3.0])
    assert ax.collections[0].get_offsets().tolist() == [[2.5, 3.0], [1.0, 2.0], [2.5, 1.0]]
    assert ax.get_xlim()[0] > ax.get_xlim()[1]  # the best stand to the right
    assert ax.get_xticks()[0] == 1


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


def test_each_draws_on_the_axes_given():
    y = np.arange(5.0)
    for draw in (
        lambda ax: plot_predictions(y, y, y + 1, ax=ax),
        lambda ax: plot_ranks(y, y, ax=ax),
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


def test_mistakes_are_told():
    with pytest.raises(InputError, match="one length"):
        plot_predictions([1.0], [1.0, 2.0])
    with pytest.raises(InputError, match="between 0 and 1"):
        plot_predictions([1.0], [1.0], [1.0], level=90)
    with pytest.raises(InputError, match=r"0 or more; the least given is -1\.0"):
        plot_predictions([1.0], [1.0], [-1.0])
    with pytest.raises(InputError, match=r"predictions= is a mapping of names, such as .*; got a tuple"):
        plot_calibration([1.0], ([1.0], [1.0]))
    for wrong in (3.0, [1.0]):
        with pytest.raises(InputError, match=r"predictions\['forest'\] is a mean and a standard deviation"):
            plot_calibration([1.0], {"forest": wrong})
    with pytest.raises(InputError, match="nothing to draw"):
        plot_calibration([1.0], {})
