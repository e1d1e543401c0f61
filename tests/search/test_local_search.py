import numpy as np
import pytest

from augury.search import History, LocalSearch
from augury.spaces import ChoiceSpace, InputError, concatenate

SPACE = ChoiceSpace({f"layer{i}": ("a", "b") for i in range(4)})


def propose(genotypes, y, **more):
    history = History(SPACE.from_genotypes(genotypes), np.asarray(y, dtype=float))
    return LocalSearch(**more).propose(history, 1, np.random.default_rng(0)).genotypes[0]


def test_it_moves_on_as_soon_as_a_neighbour_is_better():
    # from 0000 (0) to 1000 (1): the next is a neighbour of 1000
    proposed = propose([[0, 0, 0, 0], [1, 0, 0, 0]], [0, 1], initial=1)
    assert (proposed != [1, 0, 0, 0]).sum() == 1


def test_it_stays_where_no_neighbour_was_better():
    proposed = propose([[0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0]], [1, 0, 0], initial=1)
    assert (proposed != [0, 0, 0, 0]).sum() == 1


def test_a_failure_is_no_place_to_be():
    proposed = propose([[0, 0, 0, 0], [1, 0, 0, 0]], [0, np.nan], initial=1)
    assert (proposed != [0, 0, 0, 0]).sum() == 1


def test_it_begins_somewhere():
    with pytest.raises(InputError, match="initial"):
        LocalSearch(initial=0).propose(History.empty(SPACE), 1, np.random.default_rng(0))


def test_at_the_top_it_begins_anew_and_climbs_from_there():
    top = SPACE.from_genotypes([[0, 0, 0, 0]])
    around = SPACE.neighbours(top[0])
    history = History(concatenate([top, around]), np.array([5.0, 1, 1, 1, 1]))
    anew = LocalSearch(initial=1).propose(history, 1, np.random.default_rng(0))
    assert (anew.genotypes[0] != 0).sum() >= 2
    history = history.extended(anew, [0.0])  # worse than the top, but a new start
    following = LocalSearch(initial=1).propose(history, 1, np.random.default_rng(1))
    assert (following.genotypes[0] != anew.genotypes[0]).sum() == 1
