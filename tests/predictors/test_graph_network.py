import numpy as np
import pytest
import torch
from torch import nn
from torch_geometric.nn import GINConv

from augury.encoders.tensors import GraphTensors, from_graphs, graph_tensors
from augury.predictors.dense_steps import taken_both
from augury.predictors.graph_network import DenseGIN, GraphNetwork, MemberLinear
from augury.spaces import NASBench201Space

CELLS = NASBench201Space().sample(20, np.random.default_rng(0)).canonical()


def generator():
    return torch.Generator().manual_seed(0)


def test_the_layer_agrees_with_pytorch_geometric():
    layer = DenseGIN(2, 7, 5, generator=generator())
    graphs = graph_tensors(CELLS)
    dense = layer(graphs.x.expand(2, -1, -1, -1), graphs.adjacency)
    for member in range(2):
        mlp = nn.Sequential(nn.Linear(7, 5), nn.ReLU(), nn.Linear(5, 5))
        sparse = GINConv(mlp, eps=0.0)  # which draws the weights anew
        with torch.no_grad():
            for linear, ours in ((mlp[0], layer.first), (mlp[2], layer.second)):
                linear.weight.copy_(ours.weight[member].T)
                linear.bias.copy_(ours.bias[member, 0])
        for graph in range(20):
            x, edges = graphs.x[graph], graphs.adjacency[graph].nonzero().T
            torch.testing.assert_close(dense[member, graph], sparse(x, edges), atol=1e-5, rtol=1e-5)


def test_the_layer_on_shared_inputs_is_that_on_each_members_states():
    layer = DenseGIN(2, 7, 5, generator=generator())
    graphs = graph_tensors(CELLS)
    table = torch.rand(2, 7, 7, generator=generator())
    states = torch.stack([graphs.x @ each for each in table])
    for shared, own in zip(
        taken_both(graphs.x[None], graphs.adjacency), taken_both(states, graphs.adjacency), strict=True
    ):
        torch.testing.assert_close(layer.mapped(shared, table), layer.mapped(own), atol=1e-5, rtol=1e-5)


def test_members_do_not_mix():
    both = MemberLinear(2, 3, 4, generator=generator())
    x = torch.rand(2, 5, 3, generator=generator())
    expected = torch.stack([x[m] @ both.weight[m] + both.bias[m] for m in range(2)])
    torch.testing.assert_close(both(x), expected)


@pytest.fixture
def network():
    return GraphNetwork(members=2, inputs=7, outputs=3, hidden=8, layers=2)


def test_padding_does_not_matter(network):
    graphs = CELLS.graphs().pruned()
    torch.testing.assert_close(network(from_graphs(graphs)), network(from_graphs(graphs.padded(13))))


def test_node_order_does_not_matter(network):
    graphs = CELLS.graphs().pruned()
    order = np.random.default_rng(1).permuted(np.tile(np.arange(8), (20, 1)), axis=1)
    torch.testing.assert_close(network(from_graphs(graphs)), network(from_graphs(graphs.permuted(order))))


def test_direction_matters(network):
    graphs = graph_tensors(CELLS)
    turned = GraphTensors(graphs.x, graphs.adjacency.transpose(1, 2), graphs.mask)
    assert not torch.allclose(network(graphs), network(turned))


def test_the_seed_draws_the_weights():
    a, b, c = (GraphNetwork(members=1, inputs=7, outputs=1, seed=seed) for seed in (0, 0, 1))
    graphs = graph_tensors(CELLS)
    assert torch.equal(a(graphs), b(graphs))
    assert not torch.equal(a(graphs), c(graphs))
