from functools import partial

import numpy as np
import pytest
import torch
from scipy.stats import kendalltau
from torch import nn
from torch_geometric.data import Batch
from torch_geometric.nn import GIN, GCNConv, global_add_pool, global_mean_pool

from augury.encoders import ProxyTable
from augury.encoders.tensors import GraphTensors, graph_tensors
from augury.predictors import GeometricPredictor, load
from augury.predictors.sparse_gnn import SparseMembers, sparse_batch
from augury.spaces import DataError, InputError, NASBench201Space, UnknownNameError

SPACE = NASBench201Space()
ARCHITECTURES = SPACE.sample(60, np.random.default_rng(0))
Y = (ARCHITECTURES.genotypes == 3).sum(axis=1) - 2.0 * (ARCHITECTURES.genotypes == 0).sum(axis=1)


class Own(nn.Module):
    """With buffers, some of them without an axis, and with dropout."""

    def __init__(self, in_channels, hidden=16):
        super().__init__()
        self.conv, self.norm = GCNConv(in_channels, hidden), nn.BatchNorm1d(hidden)
        self.drop, self.head = nn.Dropout(0.1), nn.Linear(hidden, 1)

    def forward(self, x, edge_index, batch):
        h = self.drop(torch.relu(self.norm(self.conv(x, edge_index))))
        return self.head(global_mean_pool(h, batch))


def own(**changes):
    return GeometricPredictor(**({"module": Own, "members": 2, "steps": 60} | changes))


def test_batches_agree_with_pytorch_geometrics_own():
    canonical = ARCHITECTURES.canonical()
    x, edge_index, batch = sparse_batch(graph_tensors(ARCHITECTURES))
    graphs = canonical.graphs().pruned()
    expected = Batch.from_data_list([graphs.to_pyg(i) for i in range(60)])
    torch.testing.assert_close(x, expected.x)
    torch.testing.assert_close(edge_index, expected.edge_index)
    torch.testing.assert_close(batch, expected.batch)


def test_a_users_module_learns_and_repeats():
    torch.manual_seed(5)
    before = torch.get_rng_state()
    predictor = own().fit(ARCHITECTURES[:40], Y[:40])
    assert torch.equal(torch.get_rng_state(), before)  # the user's own random numbers go on as if nothing had happened
    mean, std = predictor.predict(ARCHITECTURES, return_std=True)
    assert np.corrcoef(mean[40:], Y[40:])[0, 1] > 0.5
    assert (std > 0).all()
    torch.manual_seed(6)
    np.testing.assert_array_equal(own().fit(ARCHITECTURES[:40], Y[:40]).predict(ARCHITECTURES), mean)
    np.testing.assert_allclose(predictor.predict(ARCHITECTURES[:1]), mean[:1], rtol=1e-5)
    assert not np.array_equal(own(seed=1).fit(ARCHITECTURES[:40], Y[:40]).predict(ARCHITECTURES), mean)


@pytest.mark.parametrize("module", [Own, partial(Own, hidden=8), lambda width: Own(width, 4)])
def test_saving_keeps_the_weights_and_loading_asks_for_the_module(module, tmp_path):
    predictor = own(module=module).fit(ARCHITECTURES[:40], Y[:40])
    predictor.save(tmp_path / "saved")
    again = GeometricPredictor.load(tmp_path / "saved", module=module)
    expected = np.stack(predictor.predict(ARCHITECTURES, return_std=True))
    np.testing.assert_array_equal(np.stack(again.predict(ARCHITECTURES, return_std=True)), expected)
    for loader in (load, GeometricPredictor.load):
        with pytest.raises(DataError, match=r"GeometricPredictor\.load\(path, module=\.\.\.\)"):
            loader(tmp_path / "saved")
    with pytest.raises(DataError, match="has shape"):
        GeometricPredictor.load(tmp_path / "saved", module=lambda width: Own(width, 5))


@pytest.mark.parametrize("module", ["gin", "gcn", "gat", "sage"])
def test_ready_made_modules_learn(module):
    predictor = GeometricPredictor(module=module, members=2, steps=60).fit(ARCHITECTURES[:40], Y[:40])
    assert np.corrcoef(predictor.predict(ARCHITECTURES[40:]), Y[40:])[0, 1] > 0.5


def test_features_behind_the_module_by_hand():
    # a module that says 3 and 0 of two graphs; W₁ = [1, 2], b₁ = −4, W₂ = 10, b₂ = 0.5, features 0.5 and 7
    class Sizes(nn.Module):
        def forward(self, x, edge_index, batch):
            return global_add_pool(x, batch)

    x, nothing = torch.tensor([[[1.0], [2.0]], [[0.0], [0.0]]]), torch.zeros(2, 2, 2)
    graphs, features = GraphTensors(x, nothing, torch.ones(2, 2)), torch.tensor([[0.5], [7.0]])
    members = SparseMembers([Sizes(), Sizes()], features=1)
    first, _, second = members.behind
    with torch.no_grad():
        for layer in (first, second):
            layer.weight.zero_(), layer.bias.zero_()
        first.weight[:, 0, 0], first.weight[:, 1, 0], first.bias[:, 0, 0] = 1.0, 2.0, -4.0
        second.weight[:, 0, 0], second.bias[:] = 10.0, 0.5
        second.weight[1] *= 2  # the other member's own
    # relu(3 + 1 − 4) = 0 → 3 + 0 + 0.5, and relu(0 + 14 − 4) = 10 → 0 + 100 + 0.5
    assert members(graphs, features)[:, :, 0].tolist() == [[3.5, 100.5], [3.5, 200.5]]
    alone = SparseMembers([Sizes(), Sizes()])
    assert alone(graphs)[:, :, 0].tolist() == [[3.0, 0.0], [3.0, 0.0]]
    assert not list(alone.parameters())


@pytest.mark.parametrize("module", [Own, "gat"])
def test_a_table_tells_what_the_graphs_do_not(module, tmp_path):
    proxy = np.random.default_rng(0).normal(size=len(ARCHITECTURES))
    _, form = np.unique(ARCHITECTURES.canonical().keys(), return_inverse=True)
    proxy, y = proxy[form], np.exp(proxy[form])
    table = ProxyTable(architectures=ARCHITECTURES, columns={"snip": proxy})
    few = {"module": module, "encoders": (table,)}
    predictor = own(**few).fit(ARCHITECTURES[:40], y[:40])
    assert kendalltau(predictor.predict(ARCHITECTURES[40:]), y[40:]).statistic > 0.6
    assert kendalltau(own(module=module).fit(ARCHITECTURES[:40], y[:40]).predict(ARCHITECTURES[40:]), y[40:])[0] < 0.4
    predictor.save(tmp_path / "saved")
    again = GeometricPredictor.load(tmp_path / "saved", **({} if module == "gat" else {"module": module}))
    expected = np.stack(predictor.predict(ARCHITECTURES, return_std=True))
    np.testing.assert_array_equal(np.stack(again.predict(ARCHITECTURES, return_std=True)), expected)


def test_mistakes_are_explained():
    class Flat(Own):
        def forward(self, x, edge_index, batch):
            return super().forward(x, edge_index, batch)[:, 0]

    with pytest.raises(InputError, match=r"shape \(40,\) for 40 graphs; it is to give \(40, 1\)"):
        own(module=Flat).fit(ARCHITECTURES[:40], Y[:40])
    with pytest.raises(InputError, match=r"made 7; it is to make a torch\.nn\.Module"):
        own(module=lambda width: 7).fit(ARCHITECTURES[:40], Y[:40])
    with pytest.raises(InputError, match=r"module= takes the class, or a function .* got one that is made: Own"):
        own(module=Own(5)).fit(ARCHITECTURES[:40], Y[:40])
    with pytest.raises(UnknownNameError, match="sage"):
        own(module="gine").fit(ARCHITECTURES[:40], Y[:40])


class Sizes(nn.Module):
    """Has nothing to learn."""

    def __init__(self, in_channels):
        super().__init__()

    def forward(self, x, edge_index, batch):
        return global_add_pool(x, batch)[:, :1]


def test_a_module_that_needs_more_than_the_channels_is_to_be_in_a_function():
    message = (
        r"module=GIN .*missing a required argument: 'hidden_channels'.*lambda in_channels: GIN\(in_channels, \.\.\."
    )
    with pytest.raises(InputError, match=message):
        own(module=GIN).fit(ARCHITECTURES[:9], Y[:9])

    def failing(in_channels):
        raise TypeError("a mistake of the user's own")

    with pytest.raises(TypeError, match="user's own"):
        own(module=failing).fit(ARCHITECTURES[:9], Y[:9])


def test_a_module_without_parameters_learns_only_beside_features():
    with pytest.raises(InputError, match="made a Sizes without parameters"):
        own(module=Sizes).fit(ARCHITECTURES[:9], Y[:9])
    own(module=Sizes, steps=2, encoders=("one-hot",)).fit(ARCHITECTURES[:9], Y[:9])


def test_a_norm_over_the_batch_needs_two():
    class Normed(Own):
        def forward(self, x, edge_index, batch):
            return self.head(self.norm(global_mean_pool(self.conv(x, edge_index), batch)))

    for rows, batch in ((1, 256), (9, 1)):
        with pytest.raises(InputError, match="normalises over a batch, of which it saw one architecture alone"):
            own(module=Normed, batch=batch).fit(ARCHITECTURES[:rows], Y[:rows])
    own(module=Normed, steps=2).fit(ARCHITECTURES[:2], Y[:2])


def test_outputs_that_are_no_numbers_are_told_when_it_is_fitted():
    class Nothing(Own):
        def forward(self, x, edge_index, batch):
            return super().forward(x, edge_index, batch) * float("nan")

    with pytest.raises(InputError, match=r"learned nothing: 80 of the 80 outputs .* not finite after 5 steps"):
        own(module=Nothing, steps=5).fit(ARCHITECTURES[:40], Y[:40])
