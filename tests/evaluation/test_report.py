import numpy as np
import pytest

from augury.data import Metric, Task
from augury.evaluation import write_report
from augury.spaces import ChoiceSpace, DataError, InputError, UnknownNameError

HOSTILE = "</title><script>alert('x')</script>\"&$"


@pytest.fixture
def frame(frame_of):
    return frame_of(
        {
            ("bayesian", "cora"): [[0.8, 0.4, 0.2, 0.1]] * 2,
            ("bayesian", "arxiv"): [[0.8, 0.4, 0.2, 0.1]] * 2,
            ("warm", "cora"): [[0.4, 0.1, 0.1, 0.0]] * 2,
            ("warm", "arxiv"): [[0.4, 0.4, 0.4, 0.4]] * 2,
        }
    )


def test_a_report_stands_alone_and_says_what_was_found(tmp_path, page, frame):
    path = write_report(
        frame, tmp_path / "new" / "report.html", title="Warm against cold", command="augury compare", budgets=[2, 4]
    )
    read = page(path.read_text("utf-8"))
    read.check()
    text = read.text
    assert "Warm against cold" in text
    assert "augury compare" in text
    assert "2 strategies (bayesian, warm) on 2 tasks (cora, arxiv); 2 searches of 4 evaluations for each." in text
    # at 4, warm's mean is 0.2, which bayesian's 0.1 is better than
    assert (
        "warm does not reach within 4 evaluations what bayesian reaches with 4; it does harm on 1 of 2 tasks." in text
    )
    # at 2, warm's 0.25 is better than 0.4, and so was its 0.4 after 1
    assert "instead of 2" in text
    assert "2.00" in text
    assert [path.name for path in path.parent.iterdir()] == ["report.html"]


def test_a_speed_up_is_told_in_a_sentence(tmp_path, page, frame_of):
    frame = frame_of({("cold", "x"): [[8, 4, 2, 1]] * 2, ("warm", "x"): [[4, 1, 1, 1]] * 2})
    text = page(write_report(frame, tmp_path / "r.html").read_text("utf-8")).text
    assert "warm reaches with 2 evaluations what cold reaches with 4: speed-up 2.00 (95 % interval 2.00)" in text


def test_the_best_architectures_are_drawn_with_their_values(tmp_path, page, frame_of):
    space = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool")})
    architectures = space.enumerate()
    metrics = {
        "loss": Metric(np.asarray([4.0, 3.0, 2.0, 1.0]), "minimize", unit="nats"),
        "held_out_loss": Metric(np.asarray([0.4, 0.3, 0.2, 0.1]), "minimize", unit="nats"),
    }
    task = Task("chains", architectures, metrics, "loss", "held_out_loss")
    frame = frame_of({("random", "chains"): [[0.5, 0.25]]}).assign(
        architecture=architectures.format()[1:3], y=[-3.0, -2.0], best=[-3.0, -2.0], test=[0.3, 0.2]
    )
    read = page(write_report(frame, tmp_path / "r.html", tasks={"chains": task}).read_text("utf-8"))
    read.check()
    assert "first=pool, second=conv" in read.text
    assert "loss 2.000 nats held_out_loss 0.2000 nats" in read.text
    assert "random, evaluation 2 with seed 0; regret 25.0 %" in read.text
    assert "Graph of first=pool, second=conv" in [attributes.get("aria-label") for attributes in read.all("svg")]
    assert "Evaluations saved" not in read.text  # there is nobody to compare with


def test_hostile_names_stay_text(tmp_path, page, frame_of):
    frame = frame_of({(HOSTILE, HOSTILE): [[0.4, 0.2]], ("cold", HOSTILE): [[0.4, 0.3]]})
    frame["architecture"] = HOSTILE
    text = write_report(
        frame, tmp_path / "r.html", title=HOSTILE, command=HOSTILE, reference=HOSTILE, budgets=[2]
    ).read_text("utf-8")
    assert "<script" not in text
    read = page(text)
    read.check()
    assert HOSTILE in read.text


def test_the_same_report_is_the_same_bytes(tmp_path, frame):
    once, again = (write_report(frame, tmp_path / name) for name in ("a.html", "b.html"))
    assert once.read_bytes() == again.read_bytes()


def test_a_single_seed_shows_no_interval(tmp_path, page, frame_of):
    frame = frame_of({("cold", "x"): [[0.4, 0.2]], ("warm", "x"): [[0.2, 0.1]]})
    read = page(write_report(frame, tmp_path / "r.html").read_text("utf-8"))
    read.check()
    assert "nan" not in read.text


def test_what_cannot_be_reported_is_refused(tmp_path, frame):
    with pytest.raises(UnknownNameError, match="warm"):
        write_report(frame, tmp_path / "r.html", reference="wram")
    with pytest.raises(InputError, match="cannot report after 9"):
        write_report(frame, tmp_path / "r.html", budgets=[9])
    with pytest.raises(DataError, match="was not run"):
        write_report(frame.iloc[:-4], tmp_path / "r.html")
    with pytest.raises(InputError, match="gave a value"):
        write_report(frame.assign(y=np.nan), tmp_path / "r.html")
    assert list(tmp_path.iterdir()) == []


def test_a_long_task_fits_above_its_picture(tmp_path, frame_of):
    long = "a task with a name so long that no picture is as wide"
    frame = frame_of({("cold", task): [[0.8, 0.4]] * 2 for task in (long, "x")})
    text = write_report(frame, tmp_path / "r.html").read_text("utf-8")
    assert ">a task with…e is as wide<" in text
    assert long in text
