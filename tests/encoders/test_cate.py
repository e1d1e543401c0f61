"""What guessing hidden operations must teach, and what the embedding must not depend on."""

import networkx as nx
import numpy as np
import pytest
import torch

from augury.encoders import CATE, GraphFeatures
from augury.encoders.cate import nearest
from augury.encoders.masked_transformer import MaskedTransformer, reachable
from augury.encoders.tensors import from_graphs
from augury.spaces import ChoiceSpace, EdgeCellSpace, InputError, NASBenchGraphSpace

SPACE = EdgeCellSpace(operations=("none", "skip", "conv1", "conv3"), nodes=4)


class Alike(ChoiceSpace):
    """Chains whose layers all have the same operation."""

    def valid(self, genotypes):
        return (genotypes == genotypes[:, :1]).all(axis=1)


@pytest.fixture(scope="module")
def encoder():
    return CATE(steps=200, samples=1000).fit(SPACE.sample(1, np.random.default_rng(0)))


def network(**changes):
    sizes = {"labels": 11, "inputs": 11, "width": 8, "layers": 2, "cross_layers": 1} | changes
    return MaskedTransformer(**sizes, generator=torch.Generator().manual_seed(0)).double()


def double(graphs):
    tensors = from_graphs(graphs)
    return type(tensors)(tensors.x.double(), tensors.adjacency.double(), tensors.mask.double())


def test_hidden_operations_are_guessed_better_than_the_most_frequent(encoder):
    unseen = SPACE.sample(500, np.random.default_rng(99))
    ops = unseen.canonical().graphs().pruned().ops
    frequent = np.bincount(ops[ops >= 2]).max() / (ops >= 2).sum()
    assert encoder.masked_accuracy(unseen) > frequent + 0.1


def test_hidden_operations_are_guessed_from_the_architecture_itself():
    # no other architecture of this space has any operation in common, so a partner cannot tell
    operations = ("conv1", "conv3", "conv5", "pool", "skip", "mix")
    space = Alike(dict.fromkeys(("first", "second", "third"), operations))
    encoder = CATE(steps=200, samples=200, hidden_share=0.3, canonical=False).fit(space.enumerate())
    assert encoder.masked_accuracy(space.enumerate()) > 0.9


def test_one_edit_is_nearer_than_chance(encoder):
    architectures = SPACE.sample(500, np.random.default_rng(1))
    edited = SPACE.mutate(architectures, np.random.default_rng(2))
    X, near = encoder.transform(architectures), encoder.transform(edited)
    far = X[np.random.default_rng(3).permutation(500)]
    assert np.linalg.norm(X - near, axis=1).mean() < 0.7 * np.linalg.norm(X - far, axis=1).mean()


def test_partners_are_the_nearest_by_graph_features(encoder):
    architectures = SPACE.sample(30, np.random.default_rng(7)).canonical()
    pool = encoder._sample(SPACE)
    features = GraphFeatures().fit(pool)
    typical = features.transform(SPACE.sample(512, np.random.default_rng(0))).astype(np.float64)
    used = typical.std(axis=0) > 0
    scaled = [features.transform(some)[:, used] / typical.std(axis=0)[used] for some in (architectures, pool)]
    far = np.linalg.norm(scaled[0][:, None] - scaled[1], axis=2)
    far[architectures.keys()[:, None] == pool.keys()] = np.inf
    found = np.take_along_axis(far, nearest(architectures, pool, 5), axis=1)
    np.testing.assert_allclose(found, np.sort(far, axis=1)[:, :5], rtol=1e-6)


def test_reachable_is_the_transitive_closure():
    graphs = NASBenchGraphSpace().sample(30, np.random.default_rng(0)).graphs()
    found = reachable(torch.from_numpy(graphs.adjacency.astype(np.float32))).numpy()
    for adjacency, paths in zip(graphs.adjacency, found, strict=True):
        graph = nx.from_numpy_array(adjacency.astype(int), create_using=nx.DiGraph)
        closure = nx.transitive_closure(graph, reflexive=True)
        np.testing.assert_array_equal(paths, nx.to_numpy_array(closure, nodelist=range(len(adjacency))) > 0)


def test_a_node_sees_only_what_a_path_joins_it_with():
    graphs = double(NASBenchGraphSpace().parse("|gat~0|gcn~0|gin~0|gcn~1|").graphs())  # gat → gcn; gcn; gin
    x = graphs.x.clone().requires_grad_()
    states = network().states(type(graphs)(x, graphs.adjacency, graphs.mask))
    paths = reachable(graphs.adjacency)[0]
    for node in range(states.shape[1]):
        (seen,) = torch.autograd.grad(states[0, node, 0], x, retain_graph=True)
        if node in (0, int(graphs.x[0, :, 1].argmax())):
            continue  # input and output are joined with all
        one_layer = network(layers=1).states(type(graphs)(x, graphs.adjacency, graphs.mask))
        (near,) = torch.autograd.grad(one_layer[0, node, 0], x)
        np.testing.assert_array_equal(near[0].abs().sum(dim=1) > 0, paths[node] | paths[:, node])
        assert (seen[0].abs().sum(dim=1) > 0).sum() >= (near[0].abs().sum(dim=1) > 0).sum()


def test_a_hidden_operation_is_not_seen():
    space = NASBenchGraphSpace()
    first, second = (double(space.sample(6, np.random.default_rng(seed)).graphs()) for seed in (0, 1))
    hide = torch.zeros((2, *first.mask.shape), dtype=torch.float64)
    hide[0, :, 2] = 1
    other = first.x.clone()
    other[:, 2] = other[:, 2].roll(1, dims=1)
    changed = type(first)(other, first.adjacency, first.mask)
    torch.testing.assert_close(network().guess(changed, second, hide), network().guess(first, second, hide))
    nothing = torch.zeros_like(hide)
    assert not torch.allclose(network().guess(changed, second, nothing), network().guess(first, second, nothing))


def test_operations_alone_are_asked_for():
    space = NASBenchGraphSpace()
    first, second = (double(space.sample(6, np.random.default_rng(seed)).graphs()) for seed in (0, 1))
    label = torch.stack([graphs.x.argmax(dim=2) for graphs in (first, second)])
    operations = (label >= 2) & (torch.stack([first.mask, second.mask]) > 0)  # 0 and 1 are input and output
    assert 0 < operations.sum() < (first.mask.sum() + second.mask.sum())
    logits = network().guess(first, second, operations.double())
    expected = -logits.log_softmax(dim=3).gather(3, label[..., None])[..., 0][operations].mean()
    found = network().loss(first, second, 1.0, torch.Generator().manual_seed(0))  # all of them are hidden
    torch.testing.assert_close(found, expected)


def test_node_order_and_padding_do_not_matter():
    graphs = NASBenchGraphSpace().sample(50, np.random.default_rng(0)).graphs()

    def pooled(batch):
        tensors = double(batch)
        with torch.no_grad():
            return (network().states(tensors) * tensors.mask[:, :, None]).sum(dim=1).numpy()

    shuffled = np.random.default_rng(1).permuted(np.tile(np.arange(6), (50, 1)), axis=1)
    np.testing.assert_allclose(pooled(graphs.permuted(shuffled)), pooled(graphs), atol=1e-10)
    np.testing.assert_allclose(pooled(graphs.padded(9)), pooled(graphs), atol=1e-10)


def test_isomorphic_architectures_are_equal():
    space = NASBenchGraphSpace()
    a, b = space.parse(["|gcn~0|gat~0|gin~0|fc~0|", "|fc~0|gin~0|gat~0|gcn~0|"])
    encoder = CATE(steps=5, samples=50)
    np.testing.assert_array_equal(encoder.fit_transform(a.as_batch()), encoder.fit_transform(b.as_batch()))


def test_a_space_of_one_architecture_and_one_with_nothing_to_guess():
    space = ChoiceSpace({"layer": ("conv",)})
    encoder = CATE(steps=3).fit(space.enumerate())
    assert np.isfinite(encoder.transform(space.enumerate())).all()
    empty = EdgeCellSpace(operations=("none", "conv"), nodes=3)
    with pytest.raises(InputError, match="no operation that could be guessed"):
        CATE(steps=3).fit(empty.enumerate()).masked_accuracy(empty.from_genotypes([[0, 0, 0]]))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"neighbours": 0}, "1 or more"), ({"hidden_share": 1.0}, "between 0 and 1"), ({"steps": 0}, "1 or more")],
)
def test_what_cannot_be_is_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        CATE(**arguments).fit(SPACE.sample(1, np.random.default_rng(0)))
