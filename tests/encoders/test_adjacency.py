from itertools import permutations

import numpy as np
import pytest

from augury.encoders import Adjacency
from augury.encoders.adjacency import _numbers, _weights
from augury.encoders.node_order import ordered
from augury.spaces import ChoiceSpace, GraphBatch, InputError, NASBench201Space, NASBenchGraphSpace

from ..contract.components import SPACES


def named(encoder, architectures):
    names = encoder.fit(architectures).get_feature_names_out()
    return dict(zip(names, encoder.transform(architectures)[0].tolist(), strict=True))


def test_by_hand_on_nas_bench_graph():
    # gat takes the input, fc and gcn take gat, gin takes the input: depths 1, 2, 2, 1; order gat gin gcn fc
    row = named(Adjacency(), NASBenchGraphSpace().parse("|gat~0|gin~0|fc~1|gcn~1|"))
    there = {name for name, value in row.items() if value}
    edges = {"edge[0→1]", "edge[0→2]", "edge[1→3]", "edge[1→4]", "edge[2→5]", "edge[3→5]", "edge[4→5]"}
    assert there == edges | {"1=gat", "2=gin", "3=gcn", "4=fc"}
    assert len(row) == 15 + 4 * 9


def test_categorical_by_hand():
    space = NASBenchGraphSpace()
    row = Adjacency(kind="categorical").fit_transform(space.parse("|gat~0|gin~0|fc~1|gcn~1|"))[0]
    # pairs count row by row: 0→1 … 0→5 are 1 to 5, 1→2 … 1→5 are 6 to 9, 2→3 … 2→5 are 10 to 12
    assert row.tolist() == [1, 2, 7, 8, 12, 14, 15] + [0] * 8 + [1, 3, 2, 8]


def test_continuous_is_the_mean_of_the_points_that_stand_for_the_graph():
    edges = np.array([[True, False, True, False, False]])
    weights, share = _weights(edges)
    rng = np.random.default_rng(0)
    drawn = rng.random((200_000, 5))
    top = np.sort(np.argsort(drawn, axis=1)[:, 3:], axis=1)
    decoded = (top == [0, 2]).all(axis=1)  # of random points, those whose two largest weights are these edges
    np.testing.assert_allclose(weights[0], drawn[decoded].mean(axis=0), atol=0.01)
    assert share.tolist() == [[0.4]]
    row = named(Adjacency(kind="continuous"), ChoiceSpace({"layer": ("conv", "pool")}).parse("layer=pool"))
    assert row == pytest.approx(
        {"edge[0→1]": 5 / 8, "edge[0→2]": 2 / 8, "edge[1→2]": 5 / 8, "edges / pairs": 2 / 3, "1=conv": 0, "1=pool": 1}
    )


def test_numbers_of_no_edge_and_of_all():
    assert _numbers(np.array([[False, False], [True, True], [False, True]])).tolist() == [[0, 0], [1, 2], [2, 0]]


def test_dead_branches_leave_no_trace_and_the_output_keeps_its_place():
    cell = NASBench201Space().parse("|nor_conv_3x3~0|+|none~0|none~1|+|none~0|nor_conv_1x1~1|none~2|")
    there = {name for name, value in named(Adjacency(), cell).items() if value}
    assert there == {"edge[0→1]", "edge[1→2]", "edge[2→7]", "1=nor_conv_3x3", "2=nor_conv_1x1"}


def test_sizes_are_seen():
    space = ChoiceSpace({"layer": ("conv", "pool"), "width": (16, 32)})
    row = named(Adjacency(), space.parse("layer=pool, width=32"))
    assert (row["size[1]"], row["size[2]"], row["1=pool"], row["2=width"]) == (0, 32, 1, 1)


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
def test_order_does_not_depend_on_numbering(space):
    graphs = space.sample(200, np.random.default_rng(0)).graphs().pruned()
    v = graphs.ops.shape[1]
    once = ordered(graphs)
    shuffled = np.random.default_rng(1).permuted(np.tile(np.arange(v), (200, 1)), axis=1)
    again = ordered(graphs.permuted(shuffled))
    np.testing.assert_array_equal(again.ops, once.ops)
    np.testing.assert_array_equal(again.adjacency, once.adjacency)
    np.testing.assert_array_equal(again.attributes, once.attributes)
    assert not once.adjacency[:, *np.tril_indices(v)].any()
    assert (once.ops[:, 0] == 0).all()
    assert (once.ops[:, -1] == 1).all()


@pytest.mark.parametrize(("conv", "pool"), [((8, 8), (8, 16)), ((16, 8), (8, 8)), ((8, 16), (16, 8)), ((8, 8), (8, 8))])
def test_order_does_not_depend_on_numbering_where_nodes_differ_in_size_alone(conv, pool):
    # two ways from input to output, a convolution and a pooling on each; sizes of the two convolutions and poolings
    adjacency = np.zeros((1, 6, 6), dtype=bool)
    adjacency[0, [0, 1, 2, 0, 3, 4], [1, 2, 5, 3, 4, 5]] = True
    sizes = np.array([[0, conv[0], pool[0], conv[1], pool[1], 0]], dtype=np.float32)[:, :, None]
    labels = ("input", "output", "conv", "pool")
    graphs = GraphBatch(np.array([[0, 2, 3, 2, 3, 1]]), adjacency, labels, sizes, ("size",))
    once = ordered(graphs)
    assert once.ops.tolist() == [[0, 2, 2, 3, 3, 1]]
    assert once.attributes[0, :, 0].tolist() == [0, *sorted(conv), *sorted(pool), 0]
    for order in permutations(range(6)):
        again = ordered(graphs.permuted(np.array([order])))
        np.testing.assert_array_equal(again.adjacency, once.adjacency)
        np.testing.assert_array_equal(again.attributes, once.attributes)


def test_different_canonical_forms_get_different_rows():
    space = NASBenchGraphSpace()
    everything = space.enumerate()
    everything = everything[everything.distinct()]
    for kind in ("one-hot", "categorical", "continuous"):
        X = Adjacency(kind=kind).fit_transform(everything)
        assert len(np.unique(X, axis=0)) == len(everything)


def test_another_kind_is_refused():
    with pytest.raises(InputError, match="one-hot, categorical, continuous"):
        Adjacency(kind="binary").fit(NASBenchGraphSpace().parse("|gat~0|gin~0|fc~1|gcn~1|"))
