"""Against a second implementation that walks every path with networkx."""

import networkx as nx
import numpy as np
import pytest

from augury.encoders import Positional
from augury.encoders.positional import _depths, _spectrum
from augury.spaces import ChoiceSpace, EdgeCellSpace, InputError, NASBench201Space, NASBenchGraphSpace

from ..contract.components import SPACES


def slowly(architecture, eigenvalues):
    """Features of one architecture by name, from all its paths."""
    graph = architecture.canonical().as_batch().graphs().pruned().to_networkx(0)
    operation = nx.get_node_attributes(graph, "operation")
    start = next(node for node, name in operation.items() if name == "input")
    end = next(node for node, name in operation.items() if name == "output")

    def lengths(source, target):
        return [len(path) - 1 for path in nx.all_simple_paths(graph, source, target)] or [0]

    found = {"shortest path": min(lengths(start, end)), "longest path": max(lengths(start, end))}
    for name in architecture.space.operations:
        nodes = [node for node in graph if operation[node] == name]
        for kind, each in {
            "shortest from input": [min(lengths(start, node)) for node in nodes],
            "longest from input": [max(lengths(start, node)) for node in nodes],
            "shortest to output": [min(lengths(node, end)) for node in nodes],
            "longest to output": [max(lengths(node, end)) for node in nodes],
        }.items():
            found[f"mean {kind}[{name}]"] = np.mean(each) if nodes else 0
            found[f"largest {kind}[{name}]"] = max(each, default=0)
    values = sorted(nx.normalized_laplacian_spectrum(graph.to_undirected()))
    for k in range(eigenvalues):
        found[f"eigenvalue {k + 1}"] = values[k] if k < len(values) else 2
    sizes = nx.get_node_attributes(graph, "size")
    if sizes:
        for name in architecture.space.operations:
            values = [sizes[node] for node in graph if operation[node] == name]
            found[f"sum of size over {name}"] = sum(values)
            found[f"size rank over {name}"] = sum({8: -1, 16: 0, 32: 1}.get(value, 0) for value in values)
    return found


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
@pytest.mark.parametrize("eigenvalues", [0, 3, 8, 11])
def test_agrees_with_walking_all_paths(space, eigenvalues):
    architectures = space.sample(30, np.random.default_rng(0))
    encoder = Positional(eigenvalues=eigenvalues)
    X = encoder.fit_transform(architectures)
    names = encoder.get_feature_names_out().tolist()
    for architecture, row in zip(architectures, X, strict=True):
        expected = slowly(architecture, eigenvalues)
        assert expected.keys() == set(names)
        np.testing.assert_allclose(row, [expected[name] for name in names], atol=1e-5)


def test_by_hand_on_nas_bench_201():
    # 0 →conv3→ 1 →conv1→ 3, and 0 →conv1→ 3
    cell = NASBench201Space().parse("|nor_conv_3x3~0|+|none~0|none~1|+|nor_conv_1x1~0|nor_conv_1x1~1|none~2|")
    encoder = Positional().fit(cell)
    row = dict(zip(encoder.get_feature_names_out(), encoder.transform(cell)[0].tolist(), strict=True))
    assert row["mean shortest from input[nor_conv_1x1]"] == 1.5
    assert row["largest longest from input[nor_conv_1x1]"] == 2
    assert row["mean longest to output[nor_conv_1x1]"] == 1
    assert row["mean shortest to output[nor_conv_3x3]"] == 2
    assert row["largest longest to output[skip_connect]"] == 0
    assert (row["shortest path"], row["longest path"]) == (2, 3)
    # without directions a ring of five: 1 − cos(2πk/5), each but the first twice
    ring = [0, 1 - np.cos(0.4 * np.pi), 1 - np.cos(0.4 * np.pi), 1 - np.cos(0.8 * np.pi), 1 - np.cos(0.8 * np.pi)]
    assert [row[f"eigenvalue {k}"] for k in range(1, 9)] == pytest.approx([*ring, 2, 2, 2], abs=1e-5)


def test_an_empty_cell():
    space = EdgeCellSpace(operations=("none", "conv"), nodes=3)
    encoder = Positional(eigenvalues=3)
    row = encoder.fit_transform(space.from_genotypes([[0, 0, 0]]))[0]
    assert row.tolist() == [0] * 16 + [0, 0] + [0, 0, 2]


def test_node_order_and_padding_do_not_matter():
    graphs = NASBenchGraphSpace().sample(50, np.random.default_rng(0)).graphs()
    shuffled = np.random.default_rng(1).permuted(np.tile(np.arange(6), (50, 1)), axis=1)
    for other in (graphs.permuted(shuffled), graphs.padded(9)):
        expected, found = graphs.topological(), other.topological()
        np.testing.assert_array_equal(_depths(found), _depths(expected))
        np.testing.assert_allclose(_spectrum(found, 8), _spectrum(expected, 8), atol=1.1e-5)


def test_sizes_are_seen():
    space = ChoiceSpace({"layer": ("conv", "pool"), "width": (16, 32)})
    encoder = Positional()
    row = encoder.fit_transform(space.parse("layer=pool, width=32"))[0]
    assert row[encoder.get_feature_names_out() == "sum of size over width"] == 32


def test_a_negative_number_is_refused():
    with pytest.raises(InputError, match="0 or more"):
        Positional(eigenvalues=-1).fit(NASBench201Space().sample(1, np.random.default_rng(0)))
