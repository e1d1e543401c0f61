from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from augury.meta import greedy_portfolio


def covered(scores, rows):
    return scores[list(rows)].max(axis=0).sum()


def test_by_hand():
    scores = np.array([[5.0, 0, 0], [0, 4, 0], [0, 0, 3], [3, 3, 3]])
    # first the all-rounder (9), then what adds most to (3, 3, 3): the first, + 2; then the second, + 1; then the rest
    assert greedy_portfolio(scores, 4).tolist() == [3, 0, 1, 2]


def test_where_nothing_is_gained_the_best_on_the_whole_comes_next():
    scores = np.array([[1.0, 1.0], [0.9, 0.2], [0.5, 0.8]])
    assert greedy_portfolio(scores, 3).tolist() == [0, 2, 1]


@given(arrays(float, (6, 3), elements=st.floats(0, 1)))
def test_greedy_is_within_its_bound_of_the_best(scores):
    # coverage of non-negative scores is monotone and submodular: greedy reaches 1 − 1/e of the optimum
    best = max(covered(scores, rows) for rows in combinations(range(6), 3))
    assert covered(scores, greedy_portfolio(scores, 3)) >= (1 - 1 / np.e) * best - 1e-9


def test_each_row_comes_once():
    scores = np.random.default_rng(0).normal(size=(8, 4))
    assert sorted(greedy_portfolio(scores, 20)) == list(range(8))
