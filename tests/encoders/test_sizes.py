"""Sizes of nodes and their ranks."""

import numpy as np
import pytest

from augury.encoders import CATE, Arch2Vec, OperationCounts
from augury.encoders.sizes import size_ranks
from augury.encoders.tensors import graph_tensors
from augury.predictors import GIN
from augury.spaces import ChoiceSpace

RATES = {"layer": ("conv", "pool"), "rate": (1e-5, 1e-3, 1.0), "width": (64, 16, 32)}
EVEN = RATES | {"rate": (10, 20, 30), "width": (5, 3, 4)}  # the same orders
UNIT = RATES | {"rate": tuple(rate * 2**20 for rate in RATES["rate"])}


def small(space):
    return space.sample(12, np.random.default_rng(0))


def test_ranks_by_hand():
    space = ChoiceSpace(RATES)
    found = size_ranks(
        space.parse(["layer=pool, rate=0.001, width=64", "layer=conv, rate=1.0, width=16"]).graphs(), space
    )
    assert found[:, :, 0].tolist() == [[0, 0, 0, 1, 0], [0, 0, 1, -1, 0]]


def test_one_size_alone_has_the_rank_0():
    space = ChoiceSpace({"layer": ("conv", "pool"), "width": (32,)})
    assert not size_ranks(space.enumerate().graphs(), space).any()


def test_decisions_that_share_an_operation_share_ranks():
    space = ChoiceSpace({"layer": ("conv", "pool"), "width": (1, 2, 3, 4, 5)})
    ranks = size_ranks(space.enumerate().graphs(), space)[:5, 2, 0]
    np.testing.assert_allclose(ranks, [-1, -0.5, 0, 0.5, 1])


def test_each_of_many_sizes_has_its_rank():
    space = ChoiceSpace({"layer": ("conv", "pool"), "width": tuple(range(20_000))})
    rows = space.from_genotypes([[0, 0], [1, 1], [0, 19_999]])
    np.testing.assert_allclose(size_ranks(rows.graphs(), space)[:, 2, 0], [-1, -1 + 2 / 19_999, 1], atol=1e-7)


def test_a_space_need_not_be_hashable():
    class Unhashable(ChoiceSpace):
        __hash__ = None

    space = Unhashable(RATES)
    assert size_ranks(space.parse("layer=pool, rate=1.0, width=16").graphs(), space)[0, 2:4, 0].tolist() == [1, -1]


def test_sums_are_of_sizes_and_of_ranks():
    encoder = OperationCounts()
    row = encoder.fit_transform(ChoiceSpace(RATES).parse("layer=pool, rate=1.0, width=32"))[0]
    found = dict(zip(encoder.get_feature_names_out(), row.tolist(), strict=True))
    assert (found["sum of size over width"], found["size rank over width"]) == (32, 0)
    assert (found["sum of size over rate"], found["size rank over rate"]) == (1, 1)
    assert found["size rank over pool"] == 0


def test_networks_see_ranks():
    x = graph_tensors(ChoiceSpace(RATES).parse("layer=pool, rate=1e-05, width=16")).x[0, :, -1]
    assert x.tolist() == [0, 0, -1, -1, 0]


@pytest.mark.parametrize(
    "encoder", [Arch2Vec(steps=10, samples=50), CATE(steps=10, samples=50)], ids=["arch2vec", "cate"]
)
def test_learned_encoders_know_no_unit(encoder):
    one, other = (encoder.fit_transform(small(ChoiceSpace(decisions))) for decisions in (RATES, UNIT))
    np.testing.assert_array_equal(one, other)


def test_networks_know_no_unit():
    one, other = (
        GIN(members=2, hidden=8, steps=5).fit(rows, rows.genotypes[:, 1]).predict(rows)
        for rows in (small(ChoiceSpace(RATES)), small(ChoiceSpace(EVEN)))
    )
    np.testing.assert_array_equal(one, other)
