import numpy as np
import pandas as pd
import pytest

from augury.evaluation import read, trials, write
from augury.evaluation.results import COLUMNS
from augury.search.history import History
from augury.spaces import ChoiceSpace, DataError, InputError

nan = np.nan


@pytest.fixture
def history():
    space = ChoiceSpace({"layer": tuple("abcdef")})
    y = np.asarray([nan, 0.5, 0.4, 0.7, 0.7, nan])
    metrics = {"test": np.asarray([0.9, 0.1, 0.2, 0.3, 0.4, 0.5]), "latency": np.arange(6.0)}
    return History(space.enumerate(), y, metrics)


def test_trials_by_hand(history):
    frame = trials(history, test="test")
    assert frame["evaluation"].tolist() == [1, 2, 3, 4, 5, 6]
    assert frame["architecture"].tolist() == [f"layer={name}" for name in "abcdef"]
    assert frame["failed"].tolist() == [True, False, False, False, False, True]
    np.testing.assert_array_equal(frame["best"], [nan, 0.5, 0.5, 0.7, 0.7, 0.7])
    # the test value of what was best by validation: nothing yet, then the second, then the fourth; a tie changes nothing
    np.testing.assert_array_equal(frame["test"], [nan, 0.1, 0.1, 0.3, 0.3, 0.3])
    assert frame["latency"].tolist() == [0, 1, 2, 3, 4, 5]


def test_trials_without_a_test_metric(history):
    assert trials(history)["test"].isna().all()
    with pytest.raises(InputError, match="latency"):
        trials(history, test="accuracy")


def test_metrics_named_as_columns_are_kept_too():
    space = ChoiceSpace({"layer": ("a", "b")})
    metrics = {"test": [1.0, 2.0], "best": [3.0, 4.0], "y": [5.0, 6.0], "metric_y": [7.0, 8.0], "self": [9.0, 10.0]}
    frame = trials(
        History(space.enumerate(), np.array([0.9, 0.8]), {name: np.array(metrics[name]) for name in metrics})
    )
    np.testing.assert_array_equal(frame[["test", "best", "y"]], [[nan, 0.9, 0.9], [nan, 0.9, 0.8]])
    kept = {
        "metric_test": "test",
        "metric_best": "best",
        "metric_y": "y",
        "metric_metric_y": "metric_y",
        "self": "self",
    }
    assert list(frame.columns[6:]) == list(kept)
    for column, name in kept.items():
        assert frame[column].tolist() == metrics[name]


def test_trials_of_nothing():
    frame = trials(History.empty(ChoiceSpace({"layer": ("a", "b")})))
    assert len(frame) == 0
    assert {"evaluation", "y", "best", "test", "failed"} <= set(frame.columns)


@pytest.fixture
def awkward(frame_of):
    """Values that are easily lost on the way to a file and back."""
    frame = frame_of({("none", "NA"): [[1 / 3, 0.1]], ("007", "a, \"b\"\n'c'"): [[1e-300, 2**-0.5]]})
    return frame.assign(y=[nan, 0.1 + 0.2, np.nextafter(1, 2), -1e22])


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_files_give_back_exactly_what_was_written(tmp_path, awkward, suffix):
    path = write(awkward, tmp_path / "folder" / f"results{suffix}")
    pd.testing.assert_frame_equal(read(path), awkward[list(COLUMNS)], check_exact=True)
    assert [file.name for file in path.parent.iterdir()] == [f"results{suffix}"]


def test_a_failed_write_leaves_the_old_file(tmp_path, awkward, monkeypatch):
    path = write(awkward, tmp_path / "results.csv")
    before = path.read_bytes()

    def half(self, where, **_):
        where.write_text("strategy,ta")
        raise OSError("disk full")

    monkeypatch.setattr(pd.DataFrame, "to_csv", half)
    with pytest.raises(OSError, match="disk full"):
        write(awkward, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_unreadable_files_are_named(tmp_path, awkward):
    with pytest.raises(InputError, match=r"\.csv or \.parquet"):
        write(awkward, tmp_path / "results.xlsx")
    with pytest.raises(DataError, match="There is no file"):
        read(tmp_path / "nothing.csv")
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(DataError, match="remove it and make it again"):
        read(tmp_path / "bad.parquet")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match="lacks the columns"):
        read(tmp_path / "other.csv")
