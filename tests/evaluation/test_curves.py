import numpy as np
import pandas as pd
import pytest

from augury.evaluation import Curves, first_reaching, usual_budgets
from augury.spaces import DataError, InputError, UnknownNameError


def test_rows_find_their_places_in_any_order(frame_of):
    frame = frame_of({("b", "y"): [[4, 3], [2, 1]], ("a", "y"): [[8, 7], [6, 5]]})
    shuffled = pd.concat([frame.iloc[:1], frame.iloc[:0:-1]])
    runs = Curves.of_frame(shuffled)
    assert (runs.strategies, runs.tasks, runs.seeds, runs.budget) == (("b", "a"), ("y",), (0, 1), 2)
    assert runs.of("b").tolist() == [[[4, 3], [2, 1]]]
    assert runs.of("a").tolist() == [[[8, 7], [6, 5]]]


def test_a_search_that_ended_early_keeps_its_last_value(frame_of):
    runs = Curves.of_frame(frame_of({("a", "x"): [[3, 2, 1], [4]]}))
    assert runs.of("a").tolist() == [[[3, 2, 1], [4, 4, 4]]]


def test_missing_values_stay_missing(frame_of):
    frame = frame_of({("a", "x"): [[3, 2]]}).assign(best=[np.nan, 5.0])
    np.testing.assert_array_equal(Curves.of_frame(frame, "best").of("a"), [[[np.nan, 5.0]]])


def test_parts_are_all_tasks_then_each(frame_of):
    runs = Curves.of_frame(frame_of({("a", "x"): [[1]], ("a", "y"): [[2]]}))
    parts = dict(runs.parts())
    assert list(parts) == ["all tasks", "x", "y"]
    assert parts["y"].of("a").tolist() == [[[2]]]


def test_incomplete_comparisons_are_refused(frame_of):
    with pytest.raises(DataError, match="'a' was not run on 'y' with seed 0"):
        Curves.of_frame(frame_of({("a", "x"): [[1]], ("b", "x"): [[1]], ("b", "y"): [[1]]}))
    frame = frame_of({("a", "x"): [[1]]})
    with pytest.raises(DataError, match="evaluation 1 twice"):
        Curves.of_frame(pd.concat([frame, frame]))
    with pytest.raises(DataError, match="lacks"):
        Curves.of_frame(frame.drop(columns="seed"))
    with pytest.raises(DataError, match="no rows"):
        Curves.of_frame(frame.iloc[:0])


def test_unknown_names_and_budgets_are_refused(frame_of):
    runs = Curves.of_frame(frame_of({("cold", "cora"): [[1, 0]]}))
    with pytest.raises(UnknownNameError, match="Did you mean 'cold'"):
        runs.of("colt")
    with pytest.raises(UnknownNameError, match="cora"):
        runs.on("corra")
    with pytest.raises(InputError, match="1 to 2"):
        runs.checked([3])
    assert list(runs.checked(None)) == [2]


def test_first_reaching_by_hand():
    falling = np.asarray([[5.0, 3.0, 3.0, 1.0], [5.0, 5.0, 5.0, 5.0]])
    assert first_reaching(falling, 3.0).tolist() == [2, np.inf]
    assert first_reaching(falling, [1.0, 6.0]).tolist() == [4, 1]


@pytest.mark.parametrize(
    ("budget", "expected"), [(1, (1,)), (10, (10,)), (15, (10, 15)), (100, (20, 50, 100)), (80, (20, 50, 80))]
)
def test_usual_budgets(budget, expected):
    assert usual_budgets(budget) == expected
