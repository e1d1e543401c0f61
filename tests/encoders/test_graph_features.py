"""Against a second implementation that walks every path with networkx."""

from itertools import combinations

import networkx as nx
import numpy as np
import pytest

from augury.encoders import GraphFeatures
from augury.encoders.graph_features import _chunk
from augury.spaces import ChoiceSpace, EdgeCellSpace, NASBench201Space, NASBenchGraphSpace

from ..contract.components import SPACES


def slowly(architecture, subset_size):
    """Features of one architecture by name, from all its paths."""
    graphs = architecture.canonical().as_batch().graphs().pruned()
    graph = graphs.to_networkx(0)
    operation = nx.get_node_attributes(graph, "operation")
    start = next(node for node, name in operation.items() if name == "input")
    end = next(node for node, name in operation.items() if name == "output")
    paths = list(nx.all_simple_paths(graph, start, end))
    names = architecture.space.operations
    found = {}
    for size in range(1, len(names) + 1):
        if len(names) > 5 and subset_size < size < len(names) - subset_size:
            continue
        for subset in combinations(names, size):
            inside = {node for node, name in operation.items() if name in subset}
            lengths = [len(p) - 1 for p in paths if set(p[1:-1]) <= inside]
            key = ", ".join(subset)
            if len(names) > 5 and 2 * size > len(names):
                others = ", ".join(name for name in names if name not in subset)
                key = f"operations other than {others}" if others else "operations of any kind"
            found[f"shortest path using only {key}"] = min(lengths, default=graphs.ops.shape[1])
            found[f"has a path using only {key}"] = bool(lengths)
            found[f"most {key} on one path"] = max((len(inside & set(p)) for p in paths), default=0)
            found[f"number of {key} right after the input"] = len(inside & set(graph.successors(start)))
            found[f"number of {key} right before the output"] = len(inside & set(graph.predecessors(end)))
            found[f"edges among {key}"] = sum(a in inside and b in inside for a, b in graph.edges)
    for name in names:
        found[f"number of {name}"] = sum(value == name for value in operation.values())
        if graphs.attribute_names:
            sizes = nx.get_node_attributes(graph, "size")
            values = [sizes[node] for node, value in operation.items() if value == name]
            found[f"sum of size over {name}"] = sum(values)
            found[f"size rank over {name}"] = sum({8: -1, 16: 0, 32: 1}.get(value, 0) for value in values)
    return found


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
@pytest.mark.parametrize("subset_size", [1, 2, 4])
def test_agrees_with_walking_all_paths(space, subset_size):
    architectures = space.sample(30, np.random.default_rng(0))
    encoder = GraphFeatures(subset_size=subset_size)
    X = encoder.fit_transform(architectures)
    names = encoder.get_feature_names_out().tolist()
    for architecture, row in zip(architectures, X, strict=True):
        assert dict(zip(names, row.tolist(), strict=True)) == slowly(architecture, subset_size)


def test_by_hand_on_nas_bench_201():
    # 0 →conv3→ 1 →conv1→ 3, and 0 →conv1→ 3
    space = NASBench201Space()
    cell = space.parse("|nor_conv_3x3~0|+|none~0|none~1|+|nor_conv_1x1~0|nor_conv_1x1~1|none~2|")
    encoder = GraphFeatures()
    row = dict(zip(encoder.fit(cell).get_feature_names_out(), encoder.transform(cell)[0].tolist(), strict=True))
    assert row["number of nor_conv_1x1"] == 2
    assert row["number of nor_conv_3x3"] == 1
    assert row["shortest path using only nor_conv_1x1"] == 2  # input → conv1 → output
    assert row["has a path using only nor_conv_3x3"] == 0
    assert row["most nor_conv_1x1, nor_conv_3x3 on one path"] == 2
    assert row["number of nor_conv_1x1 right after the input"] == 1
    assert row["number of nor_conv_1x1 right before the output"] == 2
    assert row["edges among nor_conv_1x1, nor_conv_3x3"] == 1


def test_large_graphs_are_counted_in_full():
    cell = EdgeCellSpace(operations=("none", "conv"), nodes=11)
    clique = cell.from_genotypes([[1] * len(cell.edges)])
    encoder = GraphFeatures().fit(clique)
    row = dict(zip(encoder.get_feature_names_out(), encoder.transform(clique)[0].tolist(), strict=True))
    assert row["edges among conv"] == 165  # two edges that follow each other for each three of eleven nodes
    chain = ChoiceSpace({f"layer{i}": ("conv", "pool") for i in range(130)})
    encoder = GraphFeatures().fit(chain.from_genotypes([[0] * 130]))
    row = dict(
        zip(encoder.get_feature_names_out(), encoder.transform(chain.from_genotypes([[0] * 130]))[0], strict=True)
    )
    assert row["shortest path using only conv"] == 131
    assert row["most conv on one path"] == 130
    assert row["edges among conv"] == 129
    assert row["has a path using only pool"] == 0


def test_node_order_and_padding_do_not_matter():
    space = NASBenchGraphSpace()
    graphs = space.sample(30, np.random.default_rng(0)).graphs()
    member = np.eye(12, dtype=bool)[2:11]
    order = np.random.default_rng(1).permuted(np.tile(np.arange(6), (30, 1)), axis=1)
    expected = _chunk(graphs.pruned().topological(), member)
    np.testing.assert_array_equal(_chunk(graphs.permuted(order).pruned().topological(), member), expected)
    padded = _chunk(graphs.padded(9).pruned().topological(), member)
    far = expected[:, :9] == 6  # "no path" is as long as the graphs have room
    np.testing.assert_array_equal(padded[:, 9:], expected[:, 9:])
    np.testing.assert_array_equal(padded[:, :9], np.where(far, 9, expected[:, :9]))


def test_every_subset_is_there_up_to_five_operations():
    assert len(GraphFeatures().fit(NASBench201Space().enumerate()[:1]).get_feature_names_out()) == 6 * 31 + 5
    few = ChoiceSpace({"layer": ("a", "b")})
    assert len(GraphFeatures().fit(few.enumerate()).get_feature_names_out()) == 6 * 3 + 2
    nine = NASBenchGraphSpace()
    count = len(GraphFeatures().fit(nine.sample(1, np.random.default_rng(0))).get_feature_names_out())
    assert count == 6 * (9 + 36 + 36 + 9 + 1) + 9  # up to two of them, or all but up to two


def test_what_has_one_name_is_the_same_and_what_is_the_same_by_none_has_one_name():
    seven = EdgeCellSpace(operations=("none", "skip", "a", "b", "c", "d", "e"), nodes=4)
    # by hand: 15 subsets of four operations, and none alone; of six, those of 1, 2, 4, 5 and 6, and none alone
    counts = 6 * 16 + 5, 6 * (6 + 15 + 15 + 6 + 1 + 1) + 7, 555
    for space, count in zip((NASBench201Space(), seven, NASBenchGraphSpace()), counts, strict=True):
        architectures = space.sample(500, np.random.default_rng(3))
        encoder = GraphFeatures()
        X, names = encoder.fit_transform(architectures), encoder.feature_names_
        distinct = encoder.distinct_names()
        assert len(set(distinct)) == count
        for column, name in enumerate(distinct):
            assert len(name) <= len(names[column])
            np.testing.assert_array_equal(X[:, column], X[:, names.index(name)])
    assert distinct == names  # every operation is on some node


def test_every_operation_counts_where_it_is_carried():
    space = ChoiceSpace({"first": ("none", "conv"), "second": ("none", "conv")})
    encoder = GraphFeatures().fit(space.enumerate())
    assert encoder.distinct_names() == encoder.feature_names_
