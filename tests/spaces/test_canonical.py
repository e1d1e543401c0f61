"""Canonical forms against independent definitions of what is equivalent."""

import networkx as nx
import numpy as np
import pytest

from augury.spaces import EdgeCellSpace, NASBench201Space, NASBenchGraphSpace
from augury.spaces.nas_bench_graph import LINKS, OPERATIONS

CELLS = NASBench201Space()
GNNS = NASBenchGraphSpace()


def contracted(cell):
    """The multigraph of a cell's live operations, with skips resolved one at a time."""
    graph = nx.MultiDiGraph()
    graph.add_node(0, label="input")
    graph.add_node(3, label="output")
    for edge, ((source, target), index) in enumerate(zip(cell.space.edges, cell.genotype, strict=True)):
        name = cell.space.operations[index]
        if name != "none":
            graph.add_node(("edge", edge), label="sum" if name.startswith("skip") else name)
            graph.add_edge(source, ("edge", edge))
            graph.add_edge(("edge", edge), target)
    for node in (1, 2):
        if node in graph:
            graph.nodes[node]["label"] = "sum"
    reached = {0, *nx.descendants(graph, 0)} & {3, *nx.ancestors(graph, 3)}
    graph = nx.MultiDiGraph(graph.subgraph(reached | {0, 3}))
    for node in [node for node, label in graph.nodes(data="label") if label == "sum"]:
        ways = [(a, b) for a, _ in graph.in_edges(node) for _, b in graph.out_edges(node)]
        graph.remove_node(node)
        graph.add_edges_from(ways)
    return graph


def isomorphic(a, b):
    return nx.is_isomorphic(contracted(a), contracted(b), node_match=lambda x, y: x["label"] == y["label"])


def test_nas_bench_201_has_fewer_forms_than_its_paper_counts():
    forms = CELLS.enumerate()
    assert len(forms) == 15625
    assert len(forms.distinct()) == 5425  # 6,466 different texts in dong2020


def test_equal_forms_are_isomorphic_and_different_ones_are_not():
    everything = CELLS.enumerate()
    canonical = everything.canonical()
    rng = np.random.default_rng(0)
    for row in rng.permutation(15625)[:60]:
        assert isomorphic(everything[row], canonical[row])
    # cells that a coarse look cannot tell apart: the same operations, as many edges
    forms = everything[everything.distinct()]
    looks = {}
    for cell in forms[rng.permutation(len(forms))[:600]]:
        graph = contracted(cell)
        look = (tuple(sorted(label for _, label in graph.nodes(data="label"))), graph.number_of_edges())
        for other in looks.setdefault(look, []):
            assert not isomorphic(cell, other)
        looks[look].append(cell)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        # a skip before a convolution, on either side of it
        ("|skip_connect~0|+|none~0|nor_conv_3x3~1|+|none~0|none~1|skip_connect~2|",
         "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|"),
        # a convolution that nothing takes
        ("|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|",
         "|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|"),
        # a pooling of nothing
        ("|none~0|+|none~0|avg_pool_3x3~1|+|nor_conv_1x1~0|none~1|nor_conv_1x1~2|",
         "|none~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|"),
    ],
)  # fmt: skip
def test_equivalent_cells_by_hand(a, b):
    first, second = CELLS.parse([a, b]).canonical()
    assert first == second


def test_one_convolution_used_twice_is_not_two():
    once = "|nor_conv_3x3~0|+|none~0|none~1|+|none~0|skip_connect~1|none~2|"
    shared = "|nor_conv_3x3~0|+|none~0|nor_conv_1x1~1|+|none~0|skip_connect~1|skip_connect~2|"
    apart = "|nor_conv_3x3~0|+|none~0|nor_conv_1x1~1|+|nor_conv_3x3~0|none~1|skip_connect~2|"
    forms = CELLS.parse([once, shared, apart]).canonical()
    assert len(set(forms.keys())) == 3


def test_a_large_cell_cuts_dead_edges_and_sorts_inner_nodes():
    space = EdgeCellSpace(operations=("none", "skip", "a", "b"), nodes=5)
    sample = space.sample(500, np.random.default_rng(0))
    canonical = sample.canonical()
    assert canonical.canonical() == canonical
    np.testing.assert_array_equal(space.fingerprints(sample.genotypes), space.fingerprints(canonical.genotypes))
    swapped = space.parse([
        "|a~0|+|b~0|none~1|+|none~0|none~1|none~2|+|none~0|a~1|b~2|none~3|",
        "|b~0|+|a~0|none~1|+|none~0|none~1|none~2|+|none~0|b~1|a~2|none~3|",
    ]).canonical()  # fmt: skip
    assert swapped[0] == swapped[1]


def outputs(genotype):
    """What a network of NAS-Bench-Graph hands on, as nested tuples; skips are what they skip from."""
    link, ops = LINKS[genotype[0]], [OPERATIONS[i] for i in genotype[1:]]
    made = ["x"]
    for parent, op in zip(link, ops, strict=True):
        made.append(made[parent] if op == "skip" else (op, made[parent]))
    return sorted(str(made[node]) for node in range(1, 5) if node not in link and made[node] != "x")


def test_nas_bench_graph_forms_compute_the_same():
    sample = GNNS.sample(3000, np.random.default_rng(0))
    for before, after in zip(sample, sample.canonical(), strict=True):
        assert outputs(before.genotype) == outputs(after.genotype)


def test_nas_bench_graph_by_hand():
    # the skip in the middle of a chain moves to its front; equal leaves are sorted
    chain = GNNS.parse("|gcn~0|skip~1|gat~2|fc~3|").canonical()[0]
    assert str(chain) == "|skip~0|gcn~1|gat~2|fc~3|"
    fork = GNNS.parse("|fc~0|gcn~0|gat~0|sage~0|").canonical()[0]
    assert str(fork) == "|gat~0|gcn~0|sage~0|fc~0|"


def test_nas_bench_graph_reads_nodes_in_any_order():
    a, b = GNNS.parse(['{"link": [0, 0, 2, 1], "ops": ["gcn", "gat", "fc", "sage"]}', "|gat~0|gcn~0|fc~1|sage~2|"])
    assert a.canonical() == b.canonical()
