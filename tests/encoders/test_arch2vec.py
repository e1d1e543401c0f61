"""What a label-free graph autoencoder must learn, and what it must not see."""

import numpy as np
import pytest
import torch

from augury.encoders import Arch2Vec, OneHot
from augury.encoders.graph_autoencoder import GraphAutoencoder
from augury.encoders.tensors import from_graphs
from augury.spaces import ChoiceSpace, EdgeCellSpace, InputError, NASBenchGraphSpace

SPACE = EdgeCellSpace(operations=("none", "skip", "conv1", "conv3"), nodes=4)


@pytest.fixture(scope="module")
def encoder():
    return Arch2Vec(steps=200, samples=1000).fit(SPACE.sample(1, np.random.default_rng(0)))


def test_operations_and_edges_are_recovered(encoder):
    unseen = SPACE.sample(500, np.random.default_rng(99))
    found = encoder.reconstruction(unseen)
    assert found.operations > 0.99
    assert found.edges > 0.97
    none = torch.from_numpy(unseen.canonical().graphs().pruned().adjacency)
    assert found.edges > 1 - none.double().mean()  # better than to guess that nothing is joined
    assert found.architectures > 0.5


def test_one_edit_is_nearer_than_chance(encoder):
    architectures = SPACE.sample(500, np.random.default_rng(1))
    edited = SPACE.mutate(architectures, np.random.default_rng(2))
    X, near = encoder.transform(architectures), encoder.transform(edited)
    far = X[np.random.default_rng(3).permutation(500)]
    assert np.linalg.norm(X - near, axis=1).mean() < 0.7 * np.linalg.norm(X - far, axis=1).mean()


def test_different_architectures_are_told_apart(encoder):
    cells = SPACE.enumerate()
    cells = cells[cells.distinct()].canonical()
    assert len(np.unique(encoder.transform(cells).round(4), axis=0)) > 0.99 * len(cells)


def test_isomorphic_architectures_are_equal():
    # each layer of a cell's two parallel branches may be written in either place
    space = NASBenchGraphSpace()
    a, b = space.parse(["|gcn~0|gat~0|gin~0|fc~0|", "|fc~0|gin~0|gat~0|gcn~0|"])
    encoder = Arch2Vec(steps=5, samples=50)
    np.testing.assert_array_equal(encoder.fit_transform(a.as_batch()), encoder.fit_transform(b.as_batch()))


def test_node_order_and_padding_do_not_matter():
    graphs = NASBenchGraphSpace().sample(50, np.random.default_rng(0)).graphs()
    network = GraphAutoencoder(
        labels=11, inputs=11, dimensions=5, hidden=16, layers=3, generator=torch.Generator().manual_seed(0)
    )

    def pooled(batch):
        tensors = from_graphs(batch)
        with torch.no_grad():
            mean, _ = network.posterior(tensors)
        return (mean * tensors.mask[:, :, None]).sum(dim=1).numpy()

    shuffled = np.random.default_rng(1).permuted(np.tile(np.arange(6), (50, 1)), axis=1)
    np.testing.assert_allclose(pooled(graphs.permuted(shuffled)), pooled(graphs), atol=1e-5)
    np.testing.assert_allclose(pooled(graphs.padded(9)), pooled(graphs), atol=1e-5)


def test_the_divergence_from_a_standard_normal():
    graphs = from_graphs(SPACE.sample(20, np.random.default_rng(0)).graphs())
    network = GraphAutoencoder(
        labels=6, inputs=6, dimensions=3, hidden=8, layers=1, generator=torch.Generator().manual_seed(0)
    )
    mean, log_variance = network.posterior(graphs)
    posterior = torch.distributions.Normal(mean, (log_variance / 2).exp())
    each = torch.distributions.kl_divergence(posterior, torch.distributions.Normal(0.0, 1.0)).sum(dim=2)
    losses = [network.loss(graphs, weight, torch.Generator().manual_seed(0)) for weight in (0.0, 1.0)]
    torch.testing.assert_close(losses[1] - losses[0], each[graphs.mask > 0].mean())


def test_sizes_are_seen():
    space = ChoiceSpace({"layer": ("conv", "pool"), "width": (16, 512)})
    X = Arch2Vec(steps=100).fit_transform(space.enumerate())
    assert np.linalg.norm(X[0] - X[1]) > 0.1


def test_a_space_of_one_architecture():
    space = ChoiceSpace({"layer": ("conv",)})
    assert np.isfinite(Arch2Vec(steps=3).fit_transform(space.enumerate())).all()


def test_of_no_architectures_nothing_is_wrong():
    encoder = Arch2Vec(steps=1).fit(SPACE.sample(2, np.random.default_rng(0)))
    found = encoder.reconstruction(SPACE.from_genotypes([]))
    assert (found.operations, found.edges, found.architectures) == (1, 1, 1)


@pytest.mark.parametrize("arguments", [{"dimensions": 0}, {"layers": 0}, {"samples": 0}, {"learning_rate": 0.0}])
def test_what_cannot_be_is_refused(arguments):
    with pytest.raises(InputError, match=r"too small|1 or more"):
        Arch2Vec(**arguments).fit(SPACE.sample(1, np.random.default_rng(0)))


def test_the_columns_are_named():
    names = Arch2Vec(dimensions=2, steps=1).fit(SPACE.sample(1, np.random.default_rng(0))).get_feature_names_out()
    assert names.tolist() == ["arch2vec 1", "arch2vec 2"]
    assert not set(names) & set(OneHot().fit(SPACE.sample(1, np.random.default_rng(0))).get_feature_names_out())
