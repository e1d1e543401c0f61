import numpy as np
import pytest
import torch
from sklearn.pipeline import FeatureUnion

from augury.encoders import OneHot, Path, ProxyTable
from augury.encoders.weights import restore_network
from augury.predictors import GAT, GIN, MLPEnsemble, load
from augury.predictors.losses import LOSSES
from augury.spaces import InputError, NASBench201Space, UnknownNameError

SPACE = NASBench201Space()
ARCHITECTURES = SPACE.sample(600, np.random.default_rng(0))
SMALL = {"members": 4, "hidden": 16, "layers": 2, "steps": 80}


def values(noise):
    """More convolutions are better, cut edges are worse, and the rest is chance."""
    genotypes = ARCHITECTURES.canonical().genotypes
    clean = (genotypes >= 2).sum(axis=1) - 2.0 * (genotypes == 0).sum(axis=1)
    return 50 + 0.1 * (clean + noise * clean.std() * np.random.default_rng(1).normal(size=600))


@pytest.mark.parametrize("noise", [0.3, 1.5])
def test_intervals_cover_what_they_say(noise):
    y = values(noise)
    mean, std = GIN(**SMALL).fit(ARCHITECTURES[:80], y[:80]).predict(ARCHITECTURES[80:], return_std=True)
    assert 0.8 < np.mean(np.abs(y[80:] - mean) < 1.645 * std) < 0.98


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("target", ["standard", "normal-scores"])
def test_every_loss_gives_back_the_units(loss, target):
    y = values(0.3)
    mean = GIN(**SMALL, loss=loss, target=target).fit(ARCHITECTURES[:80], y[:80]).predict(ARCHITECTURES[80:])
    assert np.corrcoef(mean, y[80:])[0, 1] > 0.6
    assert abs(mean.mean() - y.mean()) < 0.5 * y.std()
    assert 0.3 < mean.std() / y.std() < 1.2


def test_features_of_whole_graphs_join_in():
    encoded = GIN(**SMALL, encoders=("one-hot", "path"))
    encoded.fit(ARCHITECTURES[:80], values(0.3)[:80])
    plain = GIN(**SMALL).fit(ARCHITECTURES[:80], values(0.3)[:80])
    widths = [predictor._network.pool.weight.shape[1] for predictor in (plain, encoded)]
    assert widths[0] == 32
    assert widths[1] > 32 + 24  # of six edges with five operations, and of paths
    assert np.corrcoef(encoded.predict(ARCHITECTURES[80:]), values(0.3)[80:])[0, 1] > 0.6


@pytest.mark.parametrize("kind", [GIN, GAT, MLPEnsemble])
def test_encoders_are_names_objects_and_tables(kind, tmp_path):
    proxy = np.random.default_rng(0).normal(size=600)
    table = ProxyTable(architectures=ARCHITECTURES, columns={"snip": proxy})
    union = FeatureUnion([("paths", Path(length=2)), ("ops", OneHot(canonical=False))])
    y = table.fit_transform(ARCHITECTURES)[:, 0]
    predictor = kind(members=4, hidden=16, steps=80, encoders=("operation-counts", union, table))
    predictor.fit(ARCHITECTURES[:80], y[:80])
    mean = predictor.predict(ARCHITECTURES)
    assert np.corrcoef(mean[80:], y[80:])[0, 1] > 0.3
    predictor.save(tmp_path / "saved")
    np.testing.assert_array_equal(load(tmp_path / "saved").predict(ARCHITECTURES), mean)


def test_proxies_that_are_computed_cannot_be_saved(tmp_path):
    few = ARCHITECTURES[:5]
    predictor = GIN(members=2, hidden=8, steps=2, encoders=(Uncomputed(),)).fit(few, np.arange(5.0))
    with pytest.raises(InputError, match="Uncomputed cannot be saved, for its class has no name"):
        predictor.save(tmp_path / "saved")


class Uncomputed(OneHot):
    pass


def test_batches_are_drawn_where_there_are_many():
    y = values(0.3)
    few, many = (GIN(**SMALL, batch=batch).fit(ARCHITECTURES, y) for batch in (32, 1000))
    for predictor in (few, many):
        assert np.corrcoef(predictor.predict(ARCHITECTURES), y)[0, 1] > 0.8
    assert not np.array_equal(few.predict(ARCHITECTURES), many.predict(ARCHITECTURES))


def test_unknown_losses_are_refused():
    with pytest.raises(UnknownNameError, match="hinge"):
        GIN(loss="hing").fit(ARCHITECTURES[:2], [0.0, 1.0])


def test_restoring_refuses_other_shapes():
    network = GIN(**SMALL).fit(ARCHITECTURES[:2], [0.0, 1.0])._network
    arrays = {name: tensor.numpy() for name, tensor in network.state_dict().items()}
    with pytest.raises(ValueError, match="has shape"):
        restore_network(network, arrays | {"head.weight": np.zeros((1, 2, 3), dtype=np.float32)})
    with pytest.raises(KeyError):
        restore_network(network, {name: array for name, array in arrays.items() if name != "head.weight"})


def test_graphs_of_all_sizes_are_predicted_at_their_own_places():
    predictor = GIN(**SMALL).fit(ARCHITECTURES[:80], values(0.3)[:80])
    inputs = predictor._inputs(ARCHITECTURES)
    with torch.no_grad():
        plain = predictor._network(*inputs)[:, :, 0].double().numpy()
    np.testing.assert_allclose(predictor._outputs(inputs), plain, rtol=1e-4, atol=1e-5)
