import numpy as np
import torch

from augury.meta.training import descend


def test_the_loop_finds_a_minimum():
    x = torch.zeros(2, requires_grad=True)
    descend([x], lambda: ((x - torch.tensor([1.0, -2.0])) ** 2).sum(), steps=300, learning_rate=0.1)
    np.testing.assert_allclose(x.detach(), [1.0, -2.0], atol=1e-2)


def test_a_long_gradient_is_shortened():
    seen = []
    x = torch.zeros(1, requires_grad=True)
    x.register_post_accumulate_grad_hook(lambda tensor: seen.append(tensor.grad))
    descend([x], lambda: (100 * x).sum(), steps=1, learning_rate=0.1, largest=0.5)
    assert abs(float(seen[0]) - 0.5) < 1e-4
