import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augury.data.masks import stratified_masks
from augury.spaces import InputError


@given(
    sizes=st.lists(st.integers(1, 40), min_size=1, max_size=6),
    shares=st.tuples(st.floats(0.05, 0.45), st.floats(0.05, 0.45)),
    seed=st.integers(0, 100),
)
def test_every_node_is_in_one_part_and_classes_keep_their_share(sizes, shares, seed):
    y = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(sizes)), sizes))
    n_train, n_valid = (max(1, int(share * len(y))) for share in shares)
    if n_train + n_valid >= len(y):
        return
    train, valid, test = stratified_masks(y, n_train, n_valid, np.random.default_rng(seed))
    assert (train.astype(int) + valid + test == 1).all()
    assert (train.sum(), valid.sum()) == (n_train, n_valid)
    for part, n in ((train, n_train), (train | valid, n_train + n_valid)):
        have = np.bincount(y[part], minlength=len(sizes))
        assert np.abs(have - n * np.array(sizes) / len(y)).max() <= len(sizes)
    if n_train >= len(sizes):
        assert (np.bincount(y[train], minlength=len(sizes)) > 0).all()


def test_equal_classes_are_divided_equally():
    y = np.tile(np.arange(10), 30)
    train, valid, _ = stratified_masks(y, 100, 50, np.random.default_rng(0))
    assert np.bincount(y[train]).tolist() == [10] * 10
    assert np.bincount(y[valid]).tolist() == [5] * 10


def test_the_draw_is_random_and_repeatable():
    y = np.tile([0, 1], 50)
    first, again, other = (stratified_masks(y, 20, 20, np.random.default_rng(seed))[0] for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@pytest.mark.parametrize(("n_train", "n_valid"), [(0, 1), (1, 0), (3, 3), (6, 1)])
def test_a_part_without_nodes_is_refused(n_train, n_valid):
    with pytest.raises(InputError, match="6 nodes cannot be divided"):
        stratified_masks(np.array([0, 1, 0, 1, 0, 1]), n_train, n_valid, np.random.default_rng(0))
