import numpy as np
import pytest
from sklearn.datasets import load_digits, load_sample_image
from sklearn.neighbors import NearestNeighbors

from augury.data import node_graph, node_graphs
from augury.spaces import UnknownNameError

SIZES = {"breast-cancer-graph": (569, 30, 2), "digits-graph": (1797, 64, 10), "photographs-graph": (2080, 48, 6)}


@pytest.fixture(params=sorted(SIZES))
def graph(request):
    return node_graph(request.param)


def test_names():
    assert node_graphs() == tuple(sorted(SIZES))
    with pytest.raises(UnknownNameError, match="Did you mean 'digits-graph'"):
        node_graph("digit-graph")


def test_sizes_and_parts(graph):
    assert (len(graph), graph.x.shape[1], graph.classes) == SIZES[graph.name]
    assert graph.train_mask.sum() == (40 if len(graph) < 1000 else 100)
    for mask in (graph.train_mask, graph.valid_mask, graph.test_mask):
        assert set(graph.y[mask]) == set(range(graph.classes))
    assert graph.test_mask.sum() > graph.valid_mask.sum() > graph.train_mask.sum()


def test_edges_go_both_ways_and_join_like_to_like(graph):
    source, target = graph.edge_index
    assert (source != target).all()
    pairs = set(zip(source.tolist(), target.tolist(), strict=True))
    assert len(pairs) == len(source)
    assert pairs == {(b, a) for a, b in pairs}
    assert len(np.unique(source)) == len(graph)  # nobody is alone
    assert graph.homophily > 0.75


def test_the_seed_draws_noise_and_parts_and_leaves_the_rest(graph):
    again, other = node_graph(graph.name), node_graph(graph.name, seed=1)
    for field in ("x", "edge_index", "y", "train_mask", "valid_mask", "test_mask"):
        np.testing.assert_array_equal(getattr(graph, field), getattr(again, field))
        changes = field in ("x", "train_mask", "valid_mask", "test_mask")
        assert np.array_equal(getattr(graph, field), getattr(other, field)) != changes


def test_digits_are_joined_to_the_nearest_images():
    graph = node_graph("digits-graph")
    images, digits = load_digits(return_X_y=True)
    np.testing.assert_array_equal(graph.y, digits)
    distances, _ = NearestNeighbors(n_neighbors=8).fit(images).kneighbors()
    farthest = distances[:, -1]
    source, target = graph.edge_index
    lengths = np.linalg.norm(images[source] - images[target], axis=1)
    # an edge is among the eight shortest at one of its ends at least
    assert (lengths <= np.maximum(farthest[source], farthest[target]) + 1e-9).all()
    assert np.bincount(source).min() >= 8
    noise = graph.x - images / 16
    assert noise.std() == pytest.approx(1.6, abs=0.02)
    assert abs(noise.mean()) < 0.02


def test_photographs_have_the_colours_and_the_grid_of_their_patches():
    graphs = [node_graph("photographs-graph", seed=seed) for seed in range(30)]
    clean = np.mean([graph.x for graph in graphs], axis=0)
    pixels = load_sample_image("flower.jpg") / 255
    node, row, column = 1040 + 3 * 40 + 5, 3, 5  # the second photograph has 26 by 40 patches
    patch = pixels[16 * row : 16 * row + 16, 16 * column : 16 * column + 16]
    by_hand = [patch[4 * i : 4 * i + 4, 4 * j : 4 * j + 4].mean(axis=(0, 1)) for i in range(4) for j in range(4)]
    shift = clean[node] - np.concatenate(by_hand)
    assert shift.std() == pytest.approx(1 / np.sqrt(30), rel=0.4)  # one shift for all features, and the noise
    source, target = graphs[0].edge_index
    around = sorted(target[source == node].tolist())
    assert around == [node - 41, node - 40, node - 39, node - 1, node + 1, node + 39, node + 40, node + 41]
    assert sorted(target[source == 0].tolist()) == [1, 40, 41]
    assert not ((source < 1040) != (target < 1040)).any()
    assert set(graphs[0].y[:1040]) == {0, 1, 2}


def test_neighbours_tell_more_than_a_nodes_own_features(graph):
    """The mean of the neighbours' features lies nearer to its class's clean centre than a node's own do."""
    nodes = len(graph)
    adjacency = np.zeros((nodes, nodes), dtype=np.float32)
    adjacency[graph.edge_index[0], graph.edge_index[1]] = 1
    adjacency += np.eye(nodes, dtype=np.float32)
    gathered = graph.x
    for _ in range(2):
        gathered = adjacency @ gathered / adjacency.sum(axis=1, keepdims=True)

    def accuracy(features):
        centres = np.stack([features[graph.train_mask & (graph.y == c)].mean(axis=0) for c in range(graph.classes)])
        nearest = ((features[:, None] - centres[None]) ** 2).sum(axis=2).argmin(axis=1)
        return (nearest == graph.y)[graph.test_mask].mean()

    assert accuracy(gathered) > accuracy(graph.x) + 0.1
