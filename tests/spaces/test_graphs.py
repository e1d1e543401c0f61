import networkx as nx
import numpy as np
import pytest

from augury.spaces import GraphBatch, InputError


def one(ops, edges, **more):
    adjacency = np.zeros((1, len(ops), len(ops)), dtype=bool)
    for i, j in edges:
        adjacency[0, i, j] = True
    return GraphBatch(np.array([ops]), adjacency, ("input", "output", "a", "b"), **more)


def test_pruning_drops_what_no_path_meets():
    # input → a → output; b takes the input and leads nowhere; another b comes from nowhere
    graph = one([0, 2, 3, 3, 1], [(0, 1), (1, 4), (0, 2), (3, 4)]).pruned()
    assert graph.ops.tolist() == [[0, 2, -1, -1, 1]]
    assert np.argwhere(graph.adjacency[0]).tolist() == [[0, 1], [1, 4]]


def test_pruning_keeps_both_ends_of_an_empty_graph():
    assert one([0, 2, 1], [(0, 1)]).pruned().ops.tolist() == [[0, -1, 1]]


def test_what_leads_nowhere_both_ways_is_dropped_after_many_steps():
    ops, n = [0, *[2] * 6, 1], 8
    chain = [(i, i + 1) for i in range(n - 1)]
    assert one(ops, chain).pruned().mask.all()
    assert one(ops, [edge for edge in chain if edge != (3, 4)]).pruned().mask.sum() == 2


def test_depths_are_lengths_of_longest_paths():
    assert one([1, 3, 2, 0, -1], [(3, 2), (2, 1), (1, 0), (3, 0)]).depths().tolist() == [[3, 2, 1, 0, 0]]
    rng = np.random.default_rng(0)
    adjacency = np.triu(rng.random((30, 7, 7)) < 0.4, 1)
    order = rng.permutation(7)
    adjacency = adjacency[:, order][:, :, order]  # nodes in no particular order
    graphs = GraphBatch(np.full((30, 7), 2), adjacency, ("input", "output", "a"))
    for row, depths in enumerate(graphs.depths()):
        graph = graphs.to_networkx(row)
        for node, depth in enumerate(depths):
            above = graph.subgraph({node, *nx.ancestors(graph, node)})
            assert depth == nx.dag_longest_path_length(above)


def test_topological_order():
    graph = one([1, 3, 2, 0, -1], [(3, 2), (2, 1), (1, 0), (3, 0)]).topological()
    assert graph.ops.tolist() == [[0, 2, 3, 1, -1]]
    assert np.argwhere(graph.adjacency[0]).tolist() == [[0, 1], [0, 3], [1, 2], [2, 3]]


def test_sizes_follow_their_nodes():
    sizes = np.array([[[0.0], [5.0], [0.0]]], dtype=np.float32)
    graph = one([1, 2, 0], [(2, 1), (1, 0)], attributes=sizes, attribute_names=("width",)).topological()
    assert graph.attributes[0, :, 0].tolist() == [0, 5, 0]
    assert graph.to_networkx(0).nodes[1] == {"operation": "a", "width": 5.0}


def test_padding_adds_nothing():
    graph = one([0, 2, 1], [(0, 1), (1, 2)])
    padded = graph.padded(5)
    assert padded.ops.shape == (1, 5)
    assert padded.mask.sum() == 3
    with pytest.raises(InputError, match="give at least as many"):
        padded.padded(4)


def test_shapes_must_agree():
    with pytest.raises(InputError, match="adjacency of shape"):
        GraphBatch(np.zeros((2, 3), dtype=int), np.zeros((2, 3, 4), dtype=bool), ("input", "output"))
