"""Against a second implementation that walks every path with networkx."""

import networkx as nx
import numpy as np
import pytest

from augury.encoders import Path
from augury.encoders.path import _paths
from augury.spaces import ChoiceSpace, EdgeCellSpace, GraphBatch, InputError, NASBench201Space, NASBenchGraphSpace

from ..contract.components import SPACES


def slowly(architecture):
    """The names of the columns that all paths of one architecture stand for."""
    graph = architecture.canonical().to_networkx()
    operation = nx.get_node_attributes(graph, "operation")
    start = next(node for node, name in operation.items() if name == "input")
    end = next(node for node, name in operation.items() if name == "output")
    paths = nx.all_simple_paths(graph, start, end)
    return {f"path[{'→'.join(operation[node] for node in path[1:-1])}]" for path in paths}


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
@pytest.mark.parametrize("length", [0, 1, 2, None])
def test_agrees_with_walking_all_paths(space, length):
    architectures = space.sample(50, np.random.default_rng(0))
    encoder = Path(length=length)
    X = encoder.fit_transform(architectures)
    names = encoder.get_feature_names_out()
    is_path = np.asarray([name.startswith("path[") for name in names])
    assert np.isin(X[:, is_path], (0, 1)).all()
    for architecture, row in zip(architectures, X, strict=True):
        expected = slowly(architecture)
        assert set(names[is_path & (row == 1)]) == expected & set(names)
        assert row[names == "another path"] == bool(expected - set(names))


def test_by_hand_on_nas_bench_201():
    cell = NASBench201Space().parse("|nor_conv_3x3~0|+|none~0|none~1|+|nor_conv_1x1~0|nor_conv_1x1~1|none~2|")
    encoder = Path().fit(cell)
    names = encoder.get_feature_names_out()
    # 1 + 4 + 16 + 64 sequences: up to three operations, of the four that are not none
    assert len(names) == 86
    assert names[encoder.transform(cell)[0] == 1].tolist() == [
        "path[nor_conv_1x1]",
        "path[nor_conv_3x3→nor_conv_1x1]",
    ]


def test_shorter_ones_first_and_no_more_than_5000():
    names = Path().fit(NASBenchGraphSpace().parse("|gat~0|gin~0|fc~1|gcn~1|")).get_feature_names_out()
    assert len(names) == 1 + 9 + 81 + 729 + 1  # with four operations they would be 7,381
    lengths = [0 if name == "path[]" else name.count("→") + 1 for name in names[:-1]]
    assert lengths == sorted(lengths)


def test_a_length_without_room_is_refused():
    architectures = NASBenchGraphSpace().parse("|gat~0|gin~0|fc~1|gcn~1|")
    for length in (-1, 4):
        with pytest.raises(InputError, match="0 or more" if length < 0 else "choose 0 to 3"):
            Path(length=length).fit(architectures)
    # a length that no path has needs no columns
    cell = NASBench201Space().enumerate()[:1]
    assert len(Path(length=9).fit(cell).get_feature_names_out()) == 86


def test_a_long_chain_is_another_path():
    space = ChoiceSpace({f"layer{i}": ("a", "b", "c", "d") for i in range(30)} | {"width": (8, 16)})
    row = Path().fit_transform(space.sample(1, np.random.default_rng(0)))[0]
    names = Path().fit(space.sample(1, np.random.default_rng(0))).get_feature_names_out()
    assert not row[: names.tolist().index("another path")].any()
    assert row[names == "another path"] == 1
    assert row[names == "sum of size over width"] in (8, 16)


def test_an_empty_cell_has_no_path_and_a_bare_edge_the_empty_one():
    space = EdgeCellSpace(operations=("none", "conv"), nodes=3)
    assert not Path().fit_transform(space.from_genotypes([[0, 0, 0]])).any()
    ops, adjacency = np.array([[0, 1]]), np.array([[[False, True], [False, False]]])
    bare = GraphBatch(ops, adjacency, ("input", "output", "conv"))
    assert _paths(bare, np.array([2]), 1).tolist() == [[True, False, False]]


def test_an_operation_without_a_column_makes_another_path():
    ops = np.array([[0, 2, 3, 1]])
    adjacency = np.zeros((1, 4, 4), dtype=bool)
    adjacency[0, [0, 0, 1, 2], [1, 2, 3, 3]] = True
    graphs = GraphBatch(ops, adjacency, ("input", "output", "conv", "rare"))
    assert _paths(graphs, np.array([2]), 1).tolist() == [[False, True, True]]
