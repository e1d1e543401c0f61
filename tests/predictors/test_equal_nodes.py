"""Networks on equal nodes against the same networks on padded graphs, and sums in bags against loops."""

import numpy as np
import pytest
import torch

import augury
from augury.encoders.tensors import GraphTensors, from_graphs
from augury.predictors.bags import Bags
from augury.predictors.ensemble_network import EnsembleNetwork
from augury.predictors.equal_nodes import EqualNodes
from augury.predictors.equal_steps import pooled, summed
from augury.predictors.fused_gat import attended
from augury.predictors.fused_gin import isomorphism
from augury.spaces import ChoiceSpace, NASBench201Space, NASBenchGraphSpace

from .test_networks import FEATURES, GRAPHS, NETWORKS

BAGS = Bags(torch.tensor([3, 0, 0, 2, 3]), torch.tensor([2, 1, 2]), 4)


def generator():
    return torch.Generator().manual_seed(0)


def double(*shape, seed=0):
    drawn = torch.rand(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    return (drawn - 0.5).requires_grad_()


class TestBags:
    def test_sums_are_those_of_a_matrix(self):
        matrix = torch.tensor([[1.0, 0, 0, 1], [1, 0, 0, 0], [0, 0, 1, 1]])  # (b, height)
        table, weights = torch.rand(4, 3, generator=generator()), torch.rand(5, generator=generator())
        torch.testing.assert_close(BAGS.sums(table), matrix @ table)
        torch.testing.assert_close(BAGS.turned.sums(table[:3]), matrix.T @ table[:3])
        weighted = torch.zeros(3, 4).index_put((BAGS.owners, BAGS.rows), weights)
        torch.testing.assert_close(BAGS.sums(table, weights), weighted @ table)
        torch.testing.assert_close(BAGS.turned.sums(table[:3], weights[BAGS.order]), weighted.T @ table[:3])

    def test_parts_are_summed_each_on_its_own(self):
        table, weights = torch.rand(4, 6, generator=generator()), torch.rand(5, 3, generator=generator())
        parts = BAGS.side_by_side(3)
        torch.testing.assert_close(parts.sums(table.view(12, 2)).view(3, 6), BAGS.sums(table))
        entries = torch.cat([weights[:2].T.flatten(), weights[2:3].T.flatten(), weights[3:].T.flatten()])
        each = torch.stack([BAGS.sums(table.view(4, 3, 2)[:, k].contiguous(), weights[:, k]) for k in range(3)], dim=1)
        torch.testing.assert_close(parts.sums(table.view(12, 2), entries).view(3, 3, 2), each)


def test_kinds_are_the_nodes_a_network_can_tell_apart():
    x = torch.tensor([[[1.0], [1.0], [1.0]], [[1.0], [1.0], [9.0]]])  # a chain, and one of two nodes with padding
    edges = torch.tensor([[[0.0, 1, 0], [0, 0, 1], [0, 0, 0]], [[0, 1, 0], [0, 0, 0], [0, 0, 0]]])
    nodes = EqualNodes(GraphTensors(x, edges, torch.tensor([[1.0, 1, 1], [1, 1, 0]])), 2)
    assert nodes.x.tolist() == [[1.0]]
    # first: begins, is within, or ends; then: all five are different
    assert [len(kinds.own) for kinds in nodes.rounds] == [3, 5]
    assert sorted(nodes.rounds[0].taken.sizes.tolist()) == [1, 1, 2, 2, 2, 2]
    assert nodes.members.sizes.tolist() == [3, 2]


def test_steps_have_the_gradients_of_differences():
    nodes = NETWORKS["gin"]().prepared(from_graphs(GRAPHS)[:2])
    first, last = nodes.rounds[0], len(nodes.rounds[-1].own)
    assert torch.autograd.gradcheck(lambda table: summed(table, first.taken), double(2 * len(nodes.x), 3))
    assert torch.autograd.gradcheck(lambda h: pooled(h, nodes), double(2, last, 3))
    assert torch.autograd.gradcheck(lambda *given: attended(*given, BAGS), (double(4, 3), double(4), double(3, seed=1)))
    shapes = ((2, 4, 3), (2, 1, 3), (2, 3, 4), (2, 1, 4)) * 2
    weights = [double(*shape, seed=seed) for seed, shape in enumerate(shapes)]
    states = double(2, len(nodes.x), 4, seed=9)
    assert torch.autograd.gradcheck(lambda h, *w: isomorphism(h, first, w[:4], w[4:]), (states, *weights))


def test_attention_bears_large_scores():
    mixed = attended(
        torch.tensor([[1.0], [2.0], [3.0], [4.0]]), torch.tensor([0, 0, 0, 1e4]), torch.full((3,), 1e4), BAGS
    )
    torch.testing.assert_close(mixed, torch.tensor([[4.0], [1.0], [4.0]]))


SAMPLES = {
    "nas-bench-201": NASBench201Space().sample(60, np.random.default_rng(0)),
    "nas-bench-graph": NASBenchGraphSpace().sample(60, np.random.default_rng(0)),
    "choices": ChoiceSpace({"only": ("a", "b"), "number": (1, 2, 4)}).enumerate(),
}


@pytest.mark.parametrize("space", SAMPLES)
@pytest.mark.parametrize("name", ["gat", "gates", "gin"])
@pytest.mark.parametrize("layers", [0, 1, 3])
def test_outputs_and_gradients_are_those_of_padded_graphs(name, layers, space):
    architectures = SAMPLES[space]
    graphs = from_graphs(architectures.canonical().graphs().pruned().padded(10), architectures.space)
    network = NETWORKS[name](inputs=graphs.x.shape[2], layers=layers, features=0)
    answers = {}
    for kind, given in (("padded", graphs), ("equal", network.prepared(graphs))):
        network.zero_grad()
        outputs = network(given)
        (outputs * torch.rand(outputs.shape, generator=generator())).sum().backward()
        answers[kind] = [outputs, *(parameter.grad for parameter in network.parameters())]
    for padded, equal in zip(answers["padded"], answers["equal"], strict=True):
        torch.testing.assert_close(padded, equal, atol=1e-5, rtol=1e-5)


def test_features_join_equal_nodes_too():
    for make in NETWORKS.values():
        network, graphs = make(), from_graphs(GRAPHS)
        torch.testing.assert_close(network(network.prepared(graphs), FEATURES), network(graphs, FEATURES))


@pytest.mark.parametrize("name", ["gat", "gates", "gin"])
def test_predictors_train_on_equal_nodes(name, monkeypatch):
    cells = NASBench201Space().sample(30, np.random.default_rng(0))
    y = np.random.default_rng(1).normal(size=30)
    settings = {"members": 2, "hidden": 8, "steps": 3}
    equal = augury.predictors.make(name, **settings).fit(cells, y).predict(cells)
    monkeypatch.setattr(type(augury.predictors.make(name)).network, "prepared", EnsembleNetwork.prepared)
    padded = augury.predictors.make(name, **settings).fit(cells, y).predict(cells)
    np.testing.assert_allclose(equal, padded, atol=1e-4)
    assert not np.array_equal(equal, padded)  # so that the test sees both
