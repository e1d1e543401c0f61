import numpy as np
import pytest
from matplotlib.text import Text

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


@pytest.mark.parametrize("tasks", [1, 2, 9])
@pytest.mark.parametrize("others", [1, 5])
def test_points_of_harm_stand_off_the_edges(frame_of, tasks, others):
    names = ["cold", *(f"warm {i}" for i in range(others))]
    frame = frame_of({(name, f"task {i}"): [[0.4, 0.3]] for name in names for i in range(tasks)})
    ax = draw_harm(frame, "cold")
    assert ax.get_ylim() == (tasks - 0.5, -0.5)
    places = np.concatenate([line.get_ydata() for line in ax.lines if line.get_linestyle() == "None"])
    assert -0.4 < places.min() <= places.max() < tasks - 0.6


LONG = "a name that is so long that a figure can hardly show it"


def test_long_names_are_not_cut_off(frame_of):
    names = [f"{i}: {LONG}" for i in range(4)]
    frame = frame_of({(name, task): [[0.4, 0.3]] for name in names for task in names})
    for made in (draw_harm(frame, names[0]).figure, draw_saved(frame, names[0]).figure, regret_by_task(frame)):
        made.draw_without_rendering()
        unseen = {label for ax in made.axes for label in ax.get_xticklabels()}  # those beyond the axes are not drawn
        texts = [text for text in made.findobj(Text) if text.get_text() and text not in unseen]
        for box in (text.get_window_extent() for text in texts):
            assert made.bbox.x0 - 1 <= box.x0
            assert box.x1 <= made.bbox.x1 + 1


def test_titles_of_small_pictures_do_not_meet(frame_of):
    made = regret_by_task(frame_of({("cold", f"{i}: {LONG}"): [[0.4, 0.3]] for i in range(3)}))
    made.draw_without_rendering()
    boxes = [ax._left_title.get_window_extent() for ax in made.axes]
    assert boxes[0].x1 < boxes[1].x0
    assert boxes[1].x1 < boxes[2].x0


def test_many_names_stand_beside_the_lines(frame_of):
    for count, beside in ((6, False), (7, True)):
        ax = draw_regret(frame_of({(f"strategy {i}", "x"): [[0.4, 0.3]] for i in range(count)}))
        ax.figure.draw_without_rendering()
        assert (ax.get_legend().get_window_extent().x0 > ax.bbox.x1) == beside


def test_a_single_evaluation_is_in_sight(frame_of):
    assert draw_regret(frame_of({("cold", "x"): [[0.4]]})).lines[0].get_marker() == "o"


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
