import numpy as np
import pytest

from augury.evaluation import evaluations_to_match, evaluations_to_optimum, format_evaluations, regret_at
from augury.spaces import InputError, UnknownNameError


def pick(table, strategy, task="all tasks", budget=None):
    rows = table[(table["strategy"] == strategy) & (table["task"] == task)]
    if budget is not None:
        rows = rows[rows["budget"] == budget]
    assert len(rows) == 1
    return rows.iloc[0]


def test_regret_at_is_the_mean_over_tasks_and_seeds(frame_of):
    frame = frame_of({("a", "x"): [[4, 2], [4, 0]], ("a", "y"): [[8, 3], [8, 3]]})
    table = regret_at(frame, budgets=[1, 2])
    assert pick(table, "a", budget=1)[["regret", "low", "high"]].tolist() == [6, 6, 6]
    assert pick(table, "a", budget=2)["regret"] == 2.0
    # of two seeds, with means 2.5 and 1.5, it is Student's: t = 12.706, times √½ ÷ √2
    np.testing.assert_allclose(pick(table, "a", budget=2)[["low", "high"]].tolist(), [2 - 6.353, 2 + 6.353], atol=1e-3)
    assert pick(table, "a", "y", 2)[["regret", "low", "high"]].tolist() == [3, 3, 3]


def test_evaluations_to_match_by_hand(frame_of):
    frame = frame_of(
        {
            ("cold", "x"): [[8, 8, 4, 4, 2, 2]],
            ("warm", "x"): [[8, 4, 2, 2, 2, 2]],
            ("poor", "x"): [[9, 9, 9, 8, 8, 5]],
        }
    )
    table = evaluations_to_match(frame, "cold", budgets=[4, 6])
    # after 4, cold is at 4, as it was after 3 already; warm is there after 2
    assert pick(table, "warm", budget=4)[["evaluations", "reference_evaluations", "speed_up", "saved"]].tolist() == [
        2,
        3,
        1.5,
        1,
    ]
    assert pick(table, "warm", budget=6)[["evaluations", "speed_up", "saved"]].tolist() == [3, 5 / 3, 2]
    assert pick(table, "poor", budget=6)[["evaluations", "speed_up", "saved"]].tolist() == [np.inf, 0, -np.inf]
    assert np.isnan(pick(table, "warm", budget=6)[["low", "high"]].tolist()).all()  # a single seed


def test_all_tasks_are_matched_on_their_mean_curve(frame_of):
    frame = frame_of(
        {
            ("cold", "x"): [[8, 4, 0]],
            ("cold", "y"): [[8, 4, 4]],
            ("warm", "x"): [[4, 0, 0]],
            ("warm", "y"): [[8, 8, 8]],
        }
    )
    table = evaluations_to_match(frame, "cold", budgets=[3])
    # mean curves: cold 8, 4, 2 and warm 6, 4, 4
    assert pick(table, "warm")["evaluations"] == np.inf
    assert pick(table, "warm", "x")["speed_up"] == 1.5
    assert pick(evaluations_to_match(frame, "cold", budgets=[2]), "warm")["evaluations"] == 2


def test_the_reference_is_as_fast_as_itself(frame_of):
    runs = np.sort(np.random.default_rng(0).random((5, 8)))[:, ::-1]
    table = evaluations_to_match(frame_of({("cold", "x"): runs}), "cold", budgets=[1, 5, 8])
    assert (table[["speed_up", "low", "high"]] == 1).all(axis=None)
    assert (table["saved"] == 0).all()


def test_intervals_hold_the_speed_up_of_every_seed_when_seeds_agree(frame_of):
    frame = frame_of({("cold", "x"): [[8, 8, 4, 4]] * 3, ("warm", "x"): [[8, 4, 4, 4]] * 3})
    row = pick(evaluations_to_match(frame, "cold", budgets=[4]), "warm")
    assert row[["speed_up", "low", "high"]].tolist() == [1.5, 1.5, 1.5]


def test_the_interval_of_a_speed_up_shows_what_is_not_reached(frame_of):
    cold = [[8, 6, 4, 2]] * 2
    frame = frame_of({("cold", "x"): cold, ("warm", "x"): [[2, 2, 2, 2], [8, 8, 8, 8]]})
    row = pick(evaluations_to_match(frame, "cold", budgets=[4]), "warm")
    # seeds apart: four times as fast, or never there
    assert row[["low", "high"]].tolist() == [0.0, 4.0]


def test_median_evaluations_to_the_optimum_by_hand(frame_of):
    frame = frame_of(
        {
            ("a", "x"): [[1, 0, 0, 0], [1, 1, 1, 0], [0, 0, 0, 0]],  # after 2, 4 and 1
            ("a", "y"): [[1, 1, 1, 1], [1, 1, 1, 1], [1, 0, 0, 0]],  # never, never, 2
        }
    )
    table = evaluations_to_optimum(frame)
    assert pick(table, "a", "x")[["evaluations", "found", "budget"]].tolist() == [2, 1.0, 4]
    assert pick(table, "a", "y")[["evaluations", "found"]].tolist() == [np.inf, 1 / 3]
    assert pick(table, "a")["evaluations"] == 3.0  # of 1, 2, 2, 4, never, never


def test_what_was_not_reached_is_above_the_budget():
    assert format_evaluations(np.inf, 80) == ">80"
    assert format_evaluations(12.5, 80) == "12.5"


def test_unknown_reference_and_budget_are_refused(frame_of):
    frame = frame_of({("cold", "x"): [[1, 0]]})
    with pytest.raises(UnknownNameError, match="cold"):
        evaluations_to_match(frame, "gold")
    with pytest.raises(InputError, match="cannot report after 3"):
        evaluations_to_match(frame, "cold", budgets=[3])
    with pytest.raises(InputError, match="cannot report after 0"):
        regret_at(frame, budgets=[0])


def test_the_level_is_that_of_the_interval(frame_of):
    frame = frame_of({("cold", "x"): [[8, 6, 4, 2]] * 2, ("warm", "x"): [[2, 2, 2, 2], [8, 6, 4, 2]]})
    # with cold at 4 after 3: a quarter of the resamples has the first seed alone, three times as fast, a quarter the
    # second, as fast, and half of them both, whose mean 5, 4, 3, 2 is there after 2
    ends = dict.fromkeys((0.95, 0.5), (1.0, 3.0)) | {0.2: (1.5, 1.5)}  # cut at 0.32 and 0.68
    for level, (low, high) in ends.items():
        row = pick(evaluations_to_match(frame, "cold", budgets=[3], level=level), "warm")
        assert row[["low", "high"]].tolist() == [low, high], level
