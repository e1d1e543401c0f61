from functools import partial

import numpy as np
import pytest
import torch
from torch import nn
from torch_geometric.data import Batch
from torch_geometric.nn import GCNConv, global_mean_pool

from augury.encoders.tensors import graph_tensors
from augury.predictors import GeometricPredictor, load
from augury.predictors.sparse_gnn import sparse_batch
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


def test_mistakes_are_explained():
    class Flat(Own):
        def forward(self, x, edge_index, batch):
            return super().forward(x, edge_index, batch)[:, 0]

    with pytest.raises(InputError, match=r"shape \(40,\) for 40 graphs; it is to give \(40, 1\)"):
        own(module=Flat).fit(ARCHITECTURES[:40], Y[:40])
    with pytest.raises(InputError, match=r"made 7; it is to make a torch\.nn\.Module"):
        own(module=lambda width: 7).fit(ARCHITECTURES[:40], Y[:40])
    with pytest.raises(UnknownNameError, match="sage"):
        own(module="gine").fit(ARCHITECTURES[:40], Y[:40])
