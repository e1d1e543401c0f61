import numpy as np
import pytest

from augury.evaluation import draw_harm, draw_regret, draw_saved, regret_by_task
from augury.spaces import UnknownNameError


@pytest.fixture
def frame(frame_of):
    return frame_of(
        {
            ("cold", "x"): [[0.8, 0.4, 0.2, 0.1]] * 2,
            ("cold", "y"): [[0.8, 0.4, 0.2, 0.1]] * 2,
            ("warm", "x"): [[0.4, 0.1, 0.1, 0.0]] * 2,
            ("warm", "y"): [[0.4, 0.4, 0.4, 0.4]] * 2,
        }
    )


def test_lines_are_mean_regrets_in_per_cent(frame):
    ax = draw_regret(frame)
    lines = {line.get_label(): line.get_ydata() for line in ax.lines}
    np.testing.assert_allclose(lines["cold"], [80, 40, 20, 10])
    np.testing.assert_allclose(lines["warm"], [40, 25, 25, 20])
    assert ax.get_yscale() == "log"


def test_the_legend_is_in_the_order_of_the_ends(frame):
    legend = draw_regret(frame, "x").get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["cold", "warm"]
    legend = draw_regret(frame, "y").get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["warm", "cold"]


def test_a_regret_of_zero_is_in_sight(frame):
    ax = draw_regret(frame, "x")
    assert ax.get_yscale() == "symlog"
    assert ax.get_ylim()[0] == 0


def test_little_change_needs_no_logarithm(frame_of):
    ax = draw_regret(frame_of({("a", "x"): [[0.4, 0.3, 0.2]]}))
    assert ax.get_yscale() == "linear"


def test_one_picture_a_task(frame):
    figure = regret_by_task(frame)
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["x", "y"]


def test_saved_evaluations_stand_where_they_were_counted(frame):
    # cold is at 0.4 after 2 evaluations, warm after 1; cold at 0.1 after 4, warm (0.2 at best) never
    ax = draw_saved(frame, "cold", budgets=[2, 4])
    written = [text.get_text() for text in ax.texts]
    assert "1 instead of 2" in written
    assert ">4 instead of 4" in written
    dots = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"]
    assert dots == [1]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["warm", "warm"]


def test_harm_is_ringed(frame):
    ax = draw_harm(frame, "cold")
    dots, rings = (line for line in ax.lines if line.get_marker() == "o" and len(line.get_xdata()))
    np.testing.assert_allclose(dots.get_xdata(), [-10, 30])
    np.testing.assert_allclose(rings.get_xdata(), [30])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["x", "y"]
    assert "more than a tenth worse" in [text.get_text() for text in ax.get_legend().get_texts()]
    assert draw_harm(frame, "cold", budget=1).lines[0].get_xdata().tolist() == pytest.approx([-40, -40])


def test_an_unknown_reference_is_refused(frame):
    with pytest.raises(UnknownNameError):
        draw_saved(frame, "old")


def test_names_with_dollars_are_no_formulas(frame_of):
    frame = frame_of({("$a_1$", "$x$"): [[0.4, 0.3]], ("$", "$x$"): [[0.4, 0.1]]})
    for ax in (draw_regret(frame), draw_saved(frame, "$"), draw_harm(frame, "$")):
        ax.figure.canvas.draw()  # a broken formula would raise
    regret_by_task(frame).canvas.draw()


@pytest.mark.parametrize(
    "values",
    [[0.9, 0.8, 0.7], [0.9, 0.1, 0.01], [0.9, 0.1, 0.0], [1e-4, 5e-5, 0.0], [0.0, 0.0, 0.0], [40.0, 30.0, 20.0]],
)
def test_every_line_is_in_sight(frame_of, values):
    ax = draw_regret(frame_of({("cold", "x"): [values] * 2}))
    low, high = ax.get_ylim()
    assert all(low <= y <= high for line in ax.lines for y in line.get_ydata())
