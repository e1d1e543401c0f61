import numpy as np
import pandas as pd
import pytest

from augury.evaluation import plot_learning_curve
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


@pytest.mark.parametrize("metric", ["kendall_tau", "spearman"])
def test_bands_of_correlations_end_where_correlations_do(metric):
    taus = [1.0, 0.9, 1.0]  # Student's interval reaches 1.11
    rows = {"predictor": "forest", "seed": [0, 1, 2] * 2, "size": [10] * 3 + [20] * 3, metric: taus * 2}
    band = plot_learning_curve(pd.DataFrame(rows), metric=metric).collections[0]
    assert 0.999 < band.get_paths()[0].vertices[:, 1].max() <= 1


@pytest.mark.parametrize(
    ("metric", "values", "end"), [("coverage", [1.0, 0.9, 1.0], 1.0), ("rmse", [0.0, 0.1, 0.0], 0.0)]
)
def test_bands_end_where_a_metric_does(metric, values, end):  # Student's intervals reach 1.11 and −0.11
    rows = {"predictor": "forest", "seed": [0, 1, 2] * 2, "size": [10] * 3 + [20] * 3, metric: values * 2}
    heights = plot_learning_curve(pd.DataFrame(rows), metric=metric).collections[0].get_paths()[0].vertices[:, 1]
    assert end in (heights.min(), heights.max())


def test_close_sizes_leave_room_for_their_labels(curves):
    many = pd.concat([curves, curves[curves["size"] == 400].assign(size=390)])
    assert plot_learning_curve(many).get_xticks().tolist() == [10, 20, 400]
    linear = curves.assign(size=curves["size"].replace(400, 30))
    assert plot_learning_curve(linear).get_xscale() == "linear"


def test_predictors_of_other_sizes_share_the_picture(curves):
    some = curves[(curves["predictor"] == "forest") | (curves["size"] == 20)]
    lines = {line.get_label(): line.get_xdata().tolist() for line in plot_learning_curve(some).lines}
    assert lines == {"forest": [10, 20, 400], "line": [20]}


def test_it_draws_on_the_axes_given(curves):
    made, ax = figure()
    assert plot_learning_curve(curves, ax=ax) is ax
    assert made.axes == [ax]
    made.canvas.draw()


def test_a_long_label_fits_beside_small_axes(curves):
    made, ax = figure(3.0, 2.2)
    plot_learning_curve(curves.assign(coverage=0.8), metric="coverage", ax=ax, legend=False)
    made.canvas.draw()
    label = ax.yaxis.label.get_window_extent()
    assert 0 <= label.y0 < label.y1 <= made.bbox.y1


def test_the_coverage_that_is_promised_is_marked(curves):
    ax = plot_learning_curve(curves.rename(columns={"kendall_tau": "coverage"}), metric="coverage")
    assert [0.9, 0.9] in [list(line.get_ydata()) for line in ax.lines]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["line", "forest"]


def test_units_are_told(curves):
    assert plot_learning_curve(curves.assign(rmse=1.0), metric="rmse").get_ylabel() == (
        "root mean squared error, in units of\nthe values"
    )
    assert plot_learning_curve(curves.assign(rmse=1.0), metric="rmse", unit="%").get_ylabel() == (
        "root mean squared error, %"
    )
    assert plot_learning_curve(curves.assign(fit_seconds=1.0), metric="fit_seconds").get_ylabel() == "seconds to fit"


def test_long_names_that_begin_alike_stay_apart(curves):
    long = curves.assign(predictor="a Gaussian process on neural graph features and a " + curves["predictor"])
    names = [text.get_text() for text in plot_learning_curve(long).get_legend().get_texts()]
    assert [name.rsplit(" ", 1)[1] for name in names] == ["line", "forest"]


def test_mistakes_are_told(curves):
    with pytest.raises(InputError, match="needs the columns"):
        plot_learning_curve(curves.drop(columns="seed"))
    with pytest.raises(InputError, match="of the task 'z'"):
        plot_learning_curve(curves, task="z")


@pytest.mark.parametrize("count", [1, 21])
def test_all_names_fit_beside_the_axes(count):
    names = [f"{i}: a predictor of a name so long that a figure can hardly show it" for i in range(count)]
    rows = [{"predictor": name, "seed": 0, "size": size, "kendall_tau": 0.5} for name in names for size in (10, 100)]
    ax = plot_learning_curve(pd.DataFrame(rows))
    ax.figure.draw_without_rendering()
    box = ax.get_legend().get_window_extent()
    assert box.y0 >= ax.figure.bbox.y0
    assert box.x1 <= ax.figure.bbox.x1
    assert ax.bbox.width > 400
