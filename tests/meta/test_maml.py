import copy

import numpy as np
import pytest
import torch

from augury.encoders.tensors import graph_tensors
from augury.meta import MAML
from augury.meta.gradient_learner import inner_loop, squared_error

from .toy import EVERYTHING, TRUTH, task

X, Y = torch.tensor([[0.5, -1.0], [1.5, 0.3]]).double(), torch.tensor([0.2, -0.4]).double()
X_QUERY, Y_QUERY = torch.tensor([[1.0, 1.0], [-0.7, 0.2], [0.1, 0.9]]).double(), torch.tensor([0.5, 0.1, 0.3]).double()


def predict(x):
    """A network of one hidden unit, one member: tanh(x w) v."""
    return lambda weights: (torch.tanh(x @ weights["w"]) * weights["v"])[None]


def outer(flat, first_order, steps=2):
    weights = {"w": flat[:2], "v": flat[2]}
    moved = inner_loop(predict(X), weights, ("w", "v"), Y, steps=steps, rate=0.3, first_order=first_order)
    return squared_error(predict(X_QUERY)(moved), Y_QUERY)


START = torch.tensor([0.4, -0.2, 0.7]).double()


def test_second_order_gradient_is_that_of_finite_differences():
    flat = START.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(outer(flat, first_order=False), [flat])
    step = 1e-6
    differences = []
    for i in range(3):
        shift = torch.zeros(3).double()
        shift[i] = step
        up, down = (outer((START + sign * shift).requires_grad_(), False).detach() for sign in (1, -1))
        differences.append(float(up - down) / (2 * step))
    np.testing.assert_allclose(gradient, differences, rtol=1e-6)


def test_first_order_gradient_is_the_outer_one_where_the_steps_lead():
    flat = START.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(outer(flat, first_order=True), [flat])
    weights = {"w": START[:2].clone().requires_grad_(), "v": START[2].clone().requires_grad_()}
    reached = inner_loop(predict(X), weights, ("w", "v"), Y, steps=2, rate=0.3, first_order=True)
    there = {name: tensor.detach().requires_grad_() for name, tensor in reached.items()}
    expected = torch.autograd.grad(squared_error(predict(X_QUERY)(there), Y_QUERY), [there["w"], there["v"]])
    np.testing.assert_allclose(gradient, torch.cat([expected[0], expected[1][None]]), rtol=1e-12)


def test_one_step_by_hand():
    # f(x) = w x, at w = 1 the loss (2 w - 1)² + (4 w - 0)² over two points has the gradient (2·1·2 + 2·4·4) / 2 = 18
    x, y = torch.tensor([2.0, 4.0]), torch.tensor([1.0, 0.0])
    weights = {"w": torch.tensor(1.0, requires_grad=True)}
    moved = inner_loop(lambda w: (w["w"] * x)[None], weights, ("w",), y, steps=1, rate=0.01, first_order=True)
    assert moved["w"].item() == pytest.approx(1 - 0.01 * 18)


@pytest.mark.parametrize("steps", [1, 3])
def test_adapting_is_gradient_descent_at_the_inner_rate(steps):
    meta = MAML(members=2, hidden=6, layers=2, inner_rate=0.03, adapt_steps=steps, steps=2).fit([task("a", TRUTH)])
    z = np.linspace(-1, 1, 9)
    learned = meta.learn(EVERYTHING[:9], z)
    network = copy.deepcopy(meta._network)
    descent = torch.optim.SGD(network.parameters(), lr=0.03)
    for _ in range(steps):
        descent.zero_grad()
        says = network(graph_tensors(EVERYTHING[:9]))[:, :, 0]
        (((says - torch.from_numpy(z.astype(np.float32))) ** 2).sum() / 9).backward()
        descent.step()
    before = dict(meta._network.named_parameters())
    for name, expected in network.named_parameters():
        torch.testing.assert_close(learned[name] - before[name], expected - before[name], rtol=1e-4, atol=1e-7)


def test_an_empty_support_moves_nothing():
    weights = {"w": torch.tensor(1.0, requires_grad=True)}
    moved = inner_loop(lambda w: w["w"][None, None], weights, ("w",), torch.zeros(0), steps=3, rate=1, first_order=True)
    assert moved["w"] is weights["w"]
