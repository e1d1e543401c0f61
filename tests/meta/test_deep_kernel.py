import numpy as np
import torch
from scipy.stats import multivariate_normal

from augury.encoders.tensors import graph_tensors
from augury.meta.deep_kernel import DeepKernel
from augury.meta.kernel_network import KernelNetwork, marginal_loss
from augury.predictors.exact_gp import ExactGP
from augury.predictors.kernels import Kernel
from augury.spaces import ChoiceSpace

from .neural import task

ARCHITECTURES = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)}).enumerate()
RNG = np.random.default_rng(0)
OUTPUTS = RNG.normal(size=(7, 4))  # a mean and three features
Y = RNG.normal(size=7)


def network():
    return KernelNetwork(inputs=5, hidden=4, layers=1, features=3, seed=0)


def covariance():
    """Entry by entry, with Matérn's own formula."""
    scale = {name: float(value) for name, value in network().scale().items()}
    K = np.zeros((7, 7))
    for i in range(7):
        for j in range(7):
            r = np.linalg.norm(OUTPUTS[i, 1:] - OUTPUTS[j, 1:])
            matern = (1 + 5**0.5 * r + 5 * r**2 / 3) * np.exp(-(5**0.5) * r)
            K[i, j] = scale["constant"] + scale["slope"] * OUTPUTS[i, 0] * OUTPUTS[j, 0] + scale["variance"] * matern
        K[i, i] += scale["noise"] + 1e-6
    return K


def test_marginal_likelihood_is_the_normal_density():
    found = marginal_loss(network().covariance(torch.from_numpy(OUTPUTS)).detach(), torch.from_numpy(Y))
    expected = -multivariate_normal(np.zeros(7), covariance()).logpdf(Y)
    np.testing.assert_allclose(float(found), expected, rtol=1e-7)


def test_its_kernel_is_that_of_the_exact_process():
    scale = {name: float(value) for name, value in network().scale().items()}
    theta = np.log([scale["constant"], scale["slope"], scale["variance"], 1.0, scale["noise"]])
    groups = [np.ones((7, 1)), OUTPUTS[:, :1], OUTPUTS[:, 1:]]
    gp = ExactGP((Kernel("linear"), Kernel("linear"), Kernel("matern"))).fit(groups, Y, theta=theta)
    inverse = np.linalg.inv(network().covariance(torch.from_numpy(OUTPUTS)).detach().numpy())
    np.testing.assert_allclose(gp.leave_one_out()[0], Y - inverse @ Y / np.diag(inverse), rtol=1e-4)


def test_gradients_are_finite_where_architectures_repeat():
    outputs = torch.from_numpy(np.repeat(OUTPUTS[:2], 3, axis=0)).requires_grad_()
    marginal_loss(network().covariance(outputs), torch.from_numpy(Y[:6])).backward()
    assert torch.isfinite(outputs.grad).all()


def test_without_a_support_the_deviation_is_the_prior_s_of_a_noisy_value():
    meta = DeepKernel(hidden=8, layers=1, features=3, steps=5).fit([task(ARCHITECTURES, [3, 1, 0, 0])])
    outputs = meta._network(graph_tensors(ARCHITECTURES[:7])).detach().double()
    expected = meta._network.covariance(outputs).diagonal().detach() - 1e-6
    mean, std = meta.answer(meta.learn(ARCHITECTURES[:0], np.zeros(0)), ARCHITECTURES[:7])
    np.testing.assert_allclose(mean, outputs[:, 0], atol=1e-5)
    np.testing.assert_allclose(std**2, expected, rtol=1e-4)


def test_fine_tuning_changes_a_copy():
    meta = DeepKernel(hidden=8, layers=1, features=2, steps=5, fine_tune=3).fit([task(ARCHITECTURES, [3, 1, 0, 0])])
    before = {name: tensor.clone() for name, tensor in meta._network.state_dict().items()}
    learned = meta.learn(ARCHITECTURES[::9], np.linspace(-1, 1, 9))
    assert all(torch.equal(tensor, before[name]) for name, tensor in meta._network.state_dict().items())
    tuned = learned.network.state_dict()
    assert any(not torch.equal(tensor, before[name]) for name, tensor in tuned.items())
