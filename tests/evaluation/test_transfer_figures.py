import numpy as np
import pytest
from matplotlib.text import Text

from augury import Metric, Task
from augury.evaluation import plot_task_similarity, plot_weights, task_similarity
from augury.evaluation.style import figure
from augury.predictors import Explanation, MemberReport, make
from augury.spaces import ChoiceSpace, InputError

EVERYTHING = ChoiceSpace({"first": ("a", "b", "c"), "second": ("a", "b")}).enumerate()


def task(name, y, rows=slice(None)):
    return Task(name, EVERYTHING[rows], {"m": Metric(np.asarray(y, dtype=float)[rows], "maximize")}, objective="m")


def test_tasks_are_compared_where_both_were_evaluated():
    up, swapped = np.arange(6), [0, 1, 2, 3, 5, 4]
    tasks = [task("up", up), task("swapped", swapped), task("down", -up, slice(0, 4)), task("few", up, slice(0, 2))]
    similarity = task_similarity(tasks)
    # 1 − 6 · 2 ÷ (6 · 35) by hand; "few" shares two architectures with any, which cannot tell
    assert similarity[0, 1] == pytest.approx(1 - 12 / 210)
    assert similarity[0, 2] == similarity[2, 1] == pytest.approx(-1)
    assert np.isnan(similarity[3]).all()
    np.testing.assert_allclose(similarity, similarity.T)


def test_the_matrix_is_written_out():
    ax = plot_task_similarity([task("up", np.arange(6)), task("down", -np.arange(6)), task("few", np.arange(6), [0])])
    assert [text.get_text() for text in ax.texts] == ["1.00", "−1.00", "–", "−1.00", "1.00", "–", "–", "–", "–"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["up", "down", "few"]


@pytest.mark.parametrize("name", ["t", "a task with a name so long that it has to be cut short"])
@pytest.mark.parametrize("count", [1, 2, 3, 12])
def test_no_text_of_the_matrix_is_cut_off(count, name):
    ax = plot_task_similarity([task(f"{i} {name}", np.arange(6)) for i in range(count)])
    ax.figure.draw_without_rendering()
    assert ax.bbox.width > 40 * count
    for box in (text.get_window_extent() for text in ax.findobj(Text) if text.get_text()):
        assert ax.figure.bbox.x0 - 1 <= box.x0
        assert box.x1 <= ax.figure.bbox.x1 + 1
        assert ax.figure.bbox.y0 - 1 <= box.y0
        assert box.y1 <= ax.figure.bbox.y1 + 1


def test_weights_are_bars_from_the_top():
    explanation = Explanation("why", (MemberReport("a", 0.7, 0.5, "good"), MemberReport("b", 0.3, 0.1, "less")))
    ax = figure(4.0, 2.0)[1]
    assert plot_weights(explanation, ax=ax) is ax
    assert [bar.get_width() for bar in ax.patches] == [0.7, 0.3]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]
    assert ax.get_legend() is None
    with pytest.raises(InputError, match="nothing to draw"):
        plot_weights(Explanation("nothing", ()))


def test_what_is_no_explanation_is_told():
    with pytest.raises(InputError, match=r"got BayesianRidge\(\); take one that can, such as 'auto'"):
        plot_weights(make("bayesian-ridge"))
    with pytest.raises(InputError, match=r"got Blend\(\); explain it: plot_weights\(predictor\.explain\(\)\)"):
        plot_weights(make("blend"))


def test_contributions_are_further_bars_below():
    members = (MemberReport("process", 0.7, 0.5, "good"), MemberReport("trees", 0.3, 0.1, "less"))
    sources = (MemberReport("source a", 0.9, 0.5, "rises"), MemberReport("the architecture itself", 0.1, 0.1, "rest"))
    ax = plot_weights(Explanation("why", members, sources))
    assert [bar.get_width() for bar in ax.patches] == [0.7, 0.3, 0.9, 0.1]
    assert [label.get_text() for label in ax.get_yticklabels()][2:] == ["source a", "the architecture itself"]
    first, second = (ax.patches[i].get_facecolor() for i in (0, 2))
    assert first != second
    middles = [bar.get_y() + bar.get_height() / 2 for bar in ax.patches]
    assert middles == sorted(middles)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["member", "contribution"]
