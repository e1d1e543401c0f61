"""The layers on padded tensors against PyTorch Geometric's with tied weights, torch's own, or loops over nodes."""

import numpy as np
import pytest
import torch
from torch_geometric.nn import GATConv, GCNConv

from augury.encoders.tensors import graph_tensors
from augury.predictors.dense_gat import DenseGAT
from augury.predictors.dense_gated_flow import DenseGatedFlow
from augury.predictors.dense_gcn import DenseGCN
from augury.predictors.dense_steps import normalised
from augury.predictors.member_attention import MemberAttention
from augury.predictors.structure import depths, return_chances, shortest_paths
from augury.spaces import NASBench201Space

GRAPHS = graph_tensors(NASBench201Space().sample(20, np.random.default_rng(0)))


def generator():
    return torch.Generator().manual_seed(0)


def by_graph(layer, sparse):
    """Compare a layer of two members with ``sparse(member)``, one graph at a time."""
    dense = layer(GRAPHS.x.expand(2, -1, -1, -1), GRAPHS.adjacency)
    for member in range(2):
        conv = sparse(member)
        for graph in range(20):
            nodes = GRAPHS.mask[graph] > 0
            edges = GRAPHS.adjacency[graph][nodes][:, nodes].nonzero().T
            expected = conv(GRAPHS.x[graph][nodes], edges)
            torch.testing.assert_close(dense[member, graph][nodes], expected, atol=1e-5, rtol=1e-5)


def test_normalisation_has_pytorchs_values_and_both_derivatives():
    h = torch.randn(3, 4, 6, dtype=torch.float64, generator=generator(), requires_grad=True)
    torch.testing.assert_close(normalised(h), torch.nn.functional.layer_norm(h, (6,)))
    assert torch.autograd.gradcheck(normalised, h)
    assert torch.autograd.gradgradcheck(normalised, h)


def test_gcn_agrees_with_pytorch_geometric():
    layer = DenseGCN(2, 7, 5, generator=generator())

    def sparse(member):
        conv = GCNConv(7, 5)
        with torch.no_grad():
            conv.lin.weight.copy_(layer.linear.weight[member].T)
            conv.bias.copy_(layer.linear.bias[member, 0])
        return conv

    by_graph(layer, sparse)


@pytest.mark.parametrize("heads", [1, 3])
def test_gat_agrees_with_pytorch_geometric(heads):
    layer = DenseGAT(2, 7, 6, heads=heads, generator=generator())

    def sparse(member):
        conv = GATConv(7, 6 // heads, heads=heads)
        with torch.no_grad():
            conv.lin.weight.copy_(layer.linear.weight[member].T)
            conv.bias.copy_(layer.linear.bias[member, 0])
            conv.att_src.copy_(layer.source[member][None])
            conv.att_dst.copy_(layer.target[member][None])
        return conv

    by_graph(layer, sparse)


def test_gated_flow_agrees_with_a_loop_over_nodes():
    layer = DenseGatedFlow(2, 4, 7, 5, generator=generator())
    operations = torch.rand(2, 20, 8, 4, generator=generator())
    dense = layer(GRAPHS.x.expand(2, -1, -1, -1), operations, GRAPHS.adjacency)
    for member in range(2):
        weight, bias = layer.linear.weight[member], layer.linear.bias[member, 0]
        for graph in range(20):
            h = GRAPHS.x[graph]
            for node in range(8):
                gate = torch.sigmoid(
                    operations[member, graph, node] @ layer.gate.weight[member] + layer.gate.bias[member, 0]
                )
                taken = sum((h[u] @ weight for u in range(8) if GRAPHS.adjacency[graph, u, node]), start=torch.zeros(5))
                expected = gate * taken + h[node] @ weight + bias
                torch.testing.assert_close(dense[member, graph, node], expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("heads", [1, 2])
def test_attention_agrees_with_pytorchs_own(heads):
    layer = MemberAttention(2, 6, heads=heads, generator=generator())
    h = torch.rand(2, 20, 8, 6, generator=generator())
    bias = torch.rand(2, 20, heads, 8, 8, generator=generator())
    bias = bias.masked_fill(GRAPHS.mask[:, None, None] == 0, -torch.inf)
    dense = layer(h, bias)
    for member in range(2):
        joined = h[member] @ layer.inward.weight[member] + layer.inward.bias[member]
        query, key, value = (part.reshape(20, 8, heads, 6 // heads).transpose(1, 2) for part in joined.split(6, dim=-1))
        mixed = torch.nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=bias[member])
        expected = mixed.transpose(1, 2).reshape(20, 8, 6) @ layer.outward.weight[member] + layer.outward.bias[member]
        torch.testing.assert_close(dense[member], expected, atol=1e-5, rtol=1e-5)


def test_structure_agrees_with_networkx():
    import networkx as nx

    paths, depth = shortest_paths(GRAPHS.adjacency, 6), depths(GRAPHS.adjacency, 6)
    chances = return_chances(GRAPHS, 4)
    for graph in range(20):
        nodes = GRAPHS.mask[graph].nonzero()[:, 0].tolist()
        drawn = nx.DiGraph()
        drawn.add_nodes_from(nodes)
        drawn.add_edges_from(GRAPHS.adjacency[graph].nonzero().tolist())
        lengths = dict(nx.all_pairs_shortest_path_length(drawn))
        laplacian = nx.normalized_laplacian_matrix(drawn.to_undirected(), nodelist=nodes).toarray()
        step = np.diag([1.0 if drawn.degree(node) else 0.0 for node in nodes]) - laplacian
        for row, i in enumerate(nodes):
            assert [paths[graph, i, j].item() for j in nodes] == [lengths[i].get(j, 7) for j in nodes]
            above = drawn.subgraph(nx.ancestors(drawn, i) | {i})
            assert depth[graph, i] == nx.dag_longest_path_length(above)
            expected = [np.linalg.matrix_power(step, k)[row, row] for k in (2, 3, 4)]
            np.testing.assert_allclose(chances[graph, i], expected, atol=1e-6)


def test_long_paths_are_cut():
    chain = torch.diag(torch.ones(4), 1)[None]
    assert depths(chain, 2)[0].tolist() == [0, 1, 2, 2, 2]
    assert shortest_paths(chain, 2)[0, 0].tolist() == [0, 1, 2, 3, 3]
