import numpy as np
import pandas as pd
import pytest

from augury.evaluation import draw_progress, write_study_report
from augury.spaces import ChoiceSpace, DataError, InputError

HOSTILE = "</title><script>alert('x')</script>\"&$"
SPACE = ChoiceSpace({"first": tuple("abc"), "second": tuple("abc")})


def trials(y, **columns):
    texts = SPACE.enumerate().format()[: len(y)]
    return pd.DataFrame({"evaluation": np.arange(1, len(y) + 1), "architecture": texts, "y": y, **columns})


def test_a_study_stands_alone_and_shows_all_its_trials(tmp_path, page):
    frame = trials([0.5, np.nan, 0.7, 0.6], test_accuracy=[0.4, np.nan, 0.65, 0.5])
    path = write_study_report(
        frame, tmp_path / "new" / "s.html", title="Digits", objective="accuracy", space=SPACE, command="augury search"
    )
    read = page(path.read_text("utf-8"))
    read.check()
    assert "4 evaluations by this search, 1 of them failed; the best accuracy is 0.7000." in read.text
    assert "accuracy 0.7000 test_accuracy 0.6500 found at evaluation 3 of 4" in read.text
    assert "augury search" in read.text
    for text in frame["architecture"]:
        assert text in read.text
    rows = [attributes.get("class") for attributes in read.all("tr")]
    assert rows == [None, "best", "failed", "best", None]  # the heading, then the trials
    assert "Graph of first=a, second=c" in [attributes.get("aria-label") for attributes in read.all("svg")]


def test_what_a_baseline_needed_by_hand(tmp_path, page):
    own = trials([0.5, 0.8, 0.8, 0.9])
    slow = trials([0.1, 0.2, 0.8, 0.85, 0.85, 0.95])
    read = page(write_study_report(own, tmp_path / "s.html", baselines={"random": slow}).read_text("utf-8"))
    read.check()
    assert "random needed 6 evaluations for what this search reached with 4." in read.text
    never = page(write_study_report(own, tmp_path / "s.html", baselines={"random": slow[:5]}).read_text("utf-8"))
    assert "random needed more than 5 evaluations for what this search reached with 4." in never.text


def test_the_median_of_several_baseline_searches(tmp_path, page):
    own = trials([0.5])
    runs = pd.concat([trials(y).assign(seed=i) for i, y in enumerate([[0.5, 0], [0, 0.6], [0, 0]])])
    text = page(write_study_report(own, tmp_path / "s.html", baselines={"random": runs}).read_text("utf-8")).text
    assert "random needed 2 evaluations for what this search reached with 1." in text
    assert "the median of 3 searches" in text


def test_a_minimised_objective_is_shown_as_measured(tmp_path, page):
    read = page(
        write_study_report(
            trials([-3.0, -2.0]), tmp_path / "s.html", objective="latency", direction="minimize", unit="ms"
        ).read_text("utf-8")
    )
    assert "the best latency is 2.000 ms." in read.text
    assert "−" not in read.text


def test_hostile_names_stay_text(tmp_path, page):
    frame = trials([0.5, 0.6]).assign(architecture=HOSTILE, **{HOSTILE: 1.0})
    text = write_study_report(
        frame,
        tmp_path / "s.html",
        title=HOSTILE,
        strategy=HOSTILE,
        objective=HOSTILE + "!",
        unit=HOSTILE,
        baselines={HOSTILE + "?": frame},
        command=HOSTILE,
    ).read_text("utf-8")
    assert "<script" not in text
    page(text).check()


def test_progress_is_the_best_so_far():
    ax = draw_progress({"warm": np.asarray([[0.5, 0.7, 0.7]])}, np.asarray([0.5, 0.7, -9.0]))
    assert ax.lines[0].get_ydata().tolist() == [0.5, 0.7, 0.7]
    assert ax.get_ylim()[0] > 0  # a bad trial does not flatten the curve


def test_progress_takes_what_is_at_hand():
    expected = draw_progress({"warm": np.asarray([[0.5, 0.7, 0.7]])}).lines[0].get_ydata().tolist()
    for given in ([0.5, 0.7, 0.7], [[0.5, 0.7, 0.7]], pd.Series([0.5, 0.7, 0.7]), trials([0.5, 0.7, 0.6])):
        ax = draw_progress({"warm": given}, y=[0.5, 0.7, 0.6])
        assert ax.lines[0].get_ydata().tolist() == expected
    two = pd.concat([trials([0.5, 0.7], seed=0), trials([0.9], seed=1)])
    assert draw_progress({"warm": two}).lines[0].get_ydata().tolist() == pytest.approx([0.7, 0.8])


@pytest.mark.parametrize(
    ("runs", "error", "words"),
    [
        ([0.5, 0.7], InputError, r"mapping of names, such as {'warm': history.best_so_far\(\)}; got a list"),
        (pd.DataFrame({"y": [1.0]}), InputError, "got a DataFrame"),
        ({}, InputError, "There is no search to draw"),
        ({"warm": []}, InputError, r"The searches 'warm' are an array .* shape \(0,\)"),
        ({"warm": "0.5, 0.7"}, InputError, "got str"),
        ({"warm": [[0.5, 0.7], [0.5]]}, InputError, "The searches 'warm' are an array .*; got list"),
        ({"warm": np.zeros((1, 2, 3))}, InputError, r"shape \(1, 2, 3\)"),
        ({"warm": pd.DataFrame({"y": [1.0]})}, DataError, "The trials of 'warm' lack the columns"),
    ],
)
def test_progress_of_nothing_is_told(runs, error, words):
    with pytest.raises(error, match=words):
        draw_progress(runs)


def test_what_cannot_be_reported_is_refused(tmp_path):
    with pytest.raises(InputError, match="None of 2 evaluations"):
        write_study_report(trials([np.nan, np.nan]), tmp_path / "s.html")
    with pytest.raises(DataError, match="architecture"):
        write_study_report(pd.DataFrame({"y": [1.0]}), tmp_path / "s.html")
    with pytest.raises(DataError, match="no trials of 'random'"):
        write_study_report(trials([1.0]), tmp_path / "s.html", baselines={"random": trials([])})
    with pytest.raises(InputError, match="one search"):
        write_study_report(trials([1.0, 2.0], seed=[0, 1]), tmp_path / "s.html")
    assert list(tmp_path.iterdir()) == []


def test_a_single_evaluation_is_in_sight_and_many_names_stand_beside_the_lines():
    assert draw_progress({"warm": np.asarray([[0.5]])}).lines[0].get_marker() == "o"
    ax = draw_progress({f"search {i}": np.asarray([[0.5, 0.7]]) for i in range(7)})
    ax.figure.draw_without_rendering()
    assert ax.get_legend().get_window_extent().x0 > ax.bbox.x1
