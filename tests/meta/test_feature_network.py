import numpy as np
import pytest
import torch

from augury.meta.feature_network import EncodedNetwork, FeatureNetwork
from augury.spaces import InputError, NASBench201Space


def test_it_is_its_layers_written_out():
    network = FeatureNetwork(inputs=3, hidden=4, layers=1, outputs=2, seed=0)
    weights = [parameter.detach().numpy()[0] for parameter in network.parameters()]
    x = np.random.default_rng(0).normal(size=(5, 3))
    expected = np.tanh(x @ weights[0] + weights[1]) @ weights[2] + weights[3]
    np.testing.assert_allclose(network(torch.from_numpy(x)).detach().numpy(), expected)


def test_columns_have_deviation_1_over_the_space():
    space = NASBench201Space()
    network = EncodedNetwork(space, hidden=4, layers=1, outputs=2, seed=0)
    x = network.inputs(space.sample(500, np.random.default_rng(1)))
    np.testing.assert_allclose(x.std(dim=0).median(), 1, atol=0.15)


@pytest.mark.parametrize("wrong", [{"hidden": 0}, {"outputs": 0}, {"layers": -1}])
def test_a_network_without_width_is_refused(wrong):
    with pytest.raises(InputError, match="widths of at least 1"):
        FeatureNetwork(**({"inputs": 3, "hidden": 4, "layers": 1, "outputs": 2, "seed": 0} | wrong))
