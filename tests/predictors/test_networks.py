"""What holds for every network of an ensemble on padded graphs."""

import numpy as np
import pytest
import torch

from augury.encoders.tensors import GraphTensors, from_graphs
from augury.predictors.gat import GATNetwork
from augury.predictors.gates import GatedFlowNetwork
from augury.predictors.gcn import GCNNetwork
from augury.predictors.graph_network import GraphNetwork
from augury.predictors.graph_transformer import TransformerNetwork
from augury.spaces import ChoiceSpace, InputError, NASBench201Space

SIZES = {"members": 2, "inputs": 7, "hidden": 8, "layers": 2, "features": 3}
NETWORKS = {
    "gat": lambda seed=0, **more: GATNetwork(**SIZES | more, heads=2, seed=seed),
    "gates": lambda seed=0, **more: GatedFlowNetwork(**SIZES | more, seed=seed),
    "gcn": lambda seed=0, **more: GCNNetwork(**SIZES | more, seed=seed),
    "gin": lambda seed=0, **more: GraphNetwork(**SIZES | more, outputs=1, seed=seed),
    "graph-transformer": lambda seed=0, **more: TransformerNetwork(**SIZES | more, heads=2, seed=seed),
}
GRAPHS = NASBench201Space().sample(20, np.random.default_rng(0)).canonical().graphs().pruned()
FEATURES = torch.rand(20, 3, generator=torch.Generator().manual_seed(1))


@pytest.fixture(params=NETWORKS)
def network(request):
    made = NETWORKS[request.param]()
    with torch.no_grad():  # what starts at zero may hide something
        for parameter in made.parameters():
            parameter.add_(0.1 * torch.randn(parameter.shape, generator=torch.Generator().manual_seed(2)))
    return made


def test_padding_does_not_matter(network):
    plain, padded = network(from_graphs(GRAPHS), FEATURES), network(from_graphs(GRAPHS.padded(13)), FEATURES)
    assert plain.shape == (2, 20, 1)
    torch.testing.assert_close(plain, padded, atol=1e-5, rtol=1e-5)


def test_node_order_does_not_matter(network):
    order = np.random.default_rng(1).permuted(np.tile(np.arange(8), (20, 1)), axis=1)
    turned = network(from_graphs(GRAPHS.permuted(order)), FEATURES)
    torch.testing.assert_close(turned, network(from_graphs(GRAPHS), FEATURES), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("name", ["gat", "gates", "gcn", "gin"])  # the transformer has one layer at least
def test_node_order_does_not_matter_without_layers(name):
    network = NETWORKS[name](layers=0)
    vectors = network.vector(from_graphs(GRAPHS))
    turned = network.vector(from_graphs(GRAPHS.permuted(np.tile(np.arange(8)[::-1], (20, 1)))))
    torch.testing.assert_close(turned, vectors, atol=1e-5, rtol=1e-5)


def test_company_does_not_matter(network):
    graphs = from_graphs(GRAPHS)
    torch.testing.assert_close(network(graphs[3:5], FEATURES[3:5]), network(graphs, FEATURES)[:, 3:5])


def test_direction_and_features_matter(network):
    graphs = from_graphs(GRAPHS)
    turned = GraphTensors(graphs.x, graphs.adjacency.transpose(1, 2), graphs.mask)
    assert not torch.allclose(network(graphs, FEATURES), network(turned, FEATURES), atol=1e-4)
    assert not torch.allclose(network(graphs, FEATURES), network(graphs, -FEATURES), atol=1e-4)


def test_members_are_different_and_do_not_mix(network):
    graphs = from_graphs(GRAPHS)
    before = network(graphs, FEATURES)
    assert not torch.allclose(before[0], before[1])
    with torch.no_grad():
        for parameter in network.parameters():
            parameter[1] += 1
    torch.testing.assert_close(network(graphs, FEATURES)[0], before[0])


def test_every_weight_is_used(network):
    network(from_graphs(GRAPHS), FEATURES).sum().backward()
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name
        assert (parameter.grad != 0).any(), name


@pytest.mark.parametrize("name", NETWORKS)
def test_the_seed_draws_the_weights(name):
    a, b, c = (NETWORKS[name](seed)(from_graphs(GRAPHS), FEATURES) for seed in (0, 0, 1))
    assert torch.equal(a, b)
    assert not torch.equal(a, c)


def test_heads_must_divide_the_width():
    import augury

    architectures = ChoiceSpace({"only": ("a", "b")}).enumerate()
    for name in ("gat", "graph-transformer"):
        with pytest.raises(InputError, match="divide hidden=32"):
            augury.predictors.make(name, heads=5).fit(architectures, [0.0, 1.0])
