import numpy as np
import pytest

from augury.meta.feature_source_network import FeatureSourceNetwork
from augury.meta.source_gps import SourceGPs
from augury.meta.source_model import SourceModel
from augury.spaces import InputError

from .test_source_gps import CELLS, sources
from .test_source_network import network


def test_half_from_the_process_where_it_has_seen_everything():
    known = sources()
    model = SourceModel(networks=[network(steps=30)], gps=SourceGPs(points=1000, seed=0)).fit(known)
    by_network, hidden = network(steps=30).fit(known).transform(CELLS[:50])
    gps = SourceGPs(points=1000, seed=0).fit(known)
    own = gps.transform(known.architectures)
    by_process = (gps.transform(CELLS[:50]) - own.mean(axis=0)) / own.std(axis=0)
    predictions, same = model.transform(CELLS[:50])
    np.testing.assert_allclose(predictions, (by_network + by_process) / 2, rtol=1e-6, atol=1e-9)
    np.testing.assert_array_equal(*same, hidden)


def test_without_processes_it_is_the_network():
    known = sources()
    alone = SourceModel(networks=[network(steps=30)], gps=None).fit(known).transform(CELLS[:50])[0]
    np.testing.assert_array_equal(alone, network(steps=30).fit(known).transform(CELLS[:50])[0])


def test_without_a_network_it_is_the_processes_however_little_they_have_seen():
    known = sources()
    model = SourceModel(gps=SourceGPs(points=40, seed=0)).fit(known)
    predictions, hidden = model.transform(known.architectures)
    own = SourceGPs(points=40, seed=0).fit(known).transform(known.architectures)
    np.testing.assert_allclose(predictions, (own - own.mean(axis=0)) / own.std(axis=0), rtol=1e-6, atol=1e-9)
    assert hidden == []


def test_neither_is_refused():
    with pytest.raises(InputError, match="got neither"):
        SourceModel(gps=None)


def test_the_consensus_has_standard_deviation_one():
    known = sources()
    model = SourceModel(networks=[network(steps=30)], gps=SourceGPs(points=40, seed=0)).fit(known)
    assert model.consensus(model.transform(known.architectures)[0]).std() == pytest.approx(1.0)


def test_networks_have_an_equal_say():
    known = sources()
    graphs, features = network(steps=30), network(FeatureSourceNetwork, steps=30)
    predictions, hidden = SourceModel(networks=[graphs, features], gps=None).fit(known).transform(known.architectures)
    said = [own.transform(known.architectures) for own in (graphs, features)]
    mean = np.mean([own for own, _ in said], axis=0)
    np.testing.assert_allclose(predictions, mean / mean.std(axis=0), rtol=1e-6, atol=1e-9)
    for units, (_, own) in zip(hidden, said, strict=True):
        np.testing.assert_array_equal(units, own)
